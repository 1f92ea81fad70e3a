import type { LedgerDomain } from "../consent/typed-data.ts";
import { foldHead } from "../ledger/read.ts";
import type { Line, StoredEntry } from "./api.ts";
import type { ChainReader } from "./chain.ts";
import type { TreeHead } from "./checkpoint.ts";
import { type OddTime, oddTime } from "./clock.ts";
import { type Difference, type Evidence, text } from "./difference.ts";
import { birthLeaf, GENESIS, leafOf } from "./log.ts";
import { EMPTY_EDGE, fold, grow, leafHash } from "./merkle.ts";
import { emptiedIn, openGoes } from "./retained.ts";
import { sessionGoes } from "./session-goes.ts";
import { evidenceFor, type Source } from "./source.ts";
import { actFor, ownerIn, seenOf, type Verdict, verifyLine } from "./verify.ts";

/** A checked line. One may be told again when the end of the walk shows more than its own place did. */
export interface Checked {
  readonly number: number;
  readonly visitId: string | null;
  readonly action: string;
  readonly verdict: Verdict;
  /** Its time is in doubt, and nothing else. */
  readonly odd: OddTime | null;
}

/** What the log was at one size, and who says so. */
export interface KnownHead extends TreeHead {
  readonly by: "ledger" | "checkpoint";
}

/** What is wrong with no line in particular. */
export type Fault =
  | { readonly is: "unsigned" }
  | { readonly is: "rewritten"; readonly by: KnownHead["by"]; readonly lines: number }
  | { readonly is: "cut"; readonly lines: number }
  /** Lines are emptied, and no line tells of it. */
  | { readonly is: "emptied"; readonly lines: number }
  | { readonly is: "untold"; readonly act: string; readonly transaction: string; readonly block: number };

/** A line as this browser saw it hold before: what a log that was made anew does not repeat. */
export interface Mark {
  readonly number: number;
  readonly hash: string;
}

interface WalkOptions {
  source: Source;
  chain: ChainReader;
  ledger: LedgerDomain;
  /**
   * One session: its first and last line. The lines between are read for the log's own chain, and only its own are told.
   * `goes` are the lines that tell of the goes in which some of its own were emptied.
   */
  session?: { visitId: string; first: number; last: number; goes: readonly number[] } | undefined;
  mark?: Mark | null | undefined;
  /** What the log signed last, or that it is not signed; what the ledger anchored of it is read there. */
  checkpoint?: TreeHead | "unsigned" | null | undefined;
  signal: AbortSignal;
  /** Lets others work; called every few milliseconds. */
  breathe(): Promise<void>;
  /** How much of the ledger is read, 0 to 1. */
  onLedger?(part: number): void;
  onChecked(batch: Checked[], seen: { read: number; last: number }): void;
}

export interface Outcome {
  faults: Fault[];
  /** The last line, for next time; null when something did not hold. */
  mark: Mark | null;
}

interface Step {
  line: Line;
  verdict: Verdict;
  /** Its hash is the hash of what it says. */
  whole: boolean;
  /** It follows the line before by number. */
  follows: boolean;
  /** The file its record shares. */
  blob: string | null;
  odd: OddTime | null;
}

/** Reads the log from its first line to its last and holds every line to its neighbours and to the ledger. */
export async function walk(options: WalkOptions): Promise<Outcome> {
  const { source, chain, ledger, session, mark, signal, breathe } = options;
  /** Two lines further than is told: they have sealed the last one. */
  const end = session ? session.last + 2 : Number.POSITIVE_INFINITY;
  const ours = ({ entry }: Line) =>
    !session || (entry.visitId === session.visitId && entry.number >= session.first && entry.number <= session.last);
  await chain.readOn({ signal, told: options.onLedger });
  /** What is on the ledger up to here was on the trail before the first line is read. */
  const before = chain.upTo;

  const owners = new Map<string, string>();
  const files = new Set<string>();
  const goes = openGoes();
  const told = new Set<string>();
  /** The line that gave a consent, to answer for what was left out under it. */
  const grants = new Map<string, Checked>();
  const gaps: Checked[] = [];
  /** Those of a session that are emptied: the lines of their goes come after it. */
  const hollow = new Map<number, { entry: StoredEntry; checked: Checked }>();
  /** How many lines of each visit there were. */
  const visits = new Map<string, number>();
  /** The tree over the lines as they are, held to everybody who knows what it was. */
  const heads = session ? [] : headsKnown();
  let edge = grow(EMPTY_EDGE, leafHash(birthLeaf(ledger)));
  const rewritten: Fault[] = [];
  const window: Step[] = [];
  let batch: Checked[] = [];
  /** Changed lines so far. */
  const red: Line[] = [];
  let clean = true;

  /** The line that told of a record's file may itself be among the changed ones: then that one is to blame. */
  const doubted = ({ line, blob }: Step) =>
    red.some(
      ({ entry }) => entry.visitId === line.entry.visitId || entry.object === blob || entry.action === "file.stored",
    );

  function settle(): void {
    const [step, next, after] = window as [Step, Step?, Step?];
    window.shift();
    const { entry } = step.line;
    if (!ours(step.line)) return;
    const differs = step.verdict.is === "changed" ? [...step.verdict.differs] : [];
    // The next line sealed this one's hash. Where that line is itself another than the one after it sealed, it is the changed one.
    const torn = (a: Step, b: Step | undefined) =>
      b?.follows === true && a.whole && b.whole && b.line.entry.previous !== a.line.entry.hash;
    if (step.blob !== null && !files.has(`${entry.visitId} ${step.blob}`) && !doubted(step))
      differs.push({ what: "file", sealed: null, now: step.blob });
    const { visitId, ofVisit } = entry;
    const expected = visitId === null ? null : (visits.get(visitId) ?? 0) + 1;
    if (visitId !== null) visits.set(visitId, ofVisit ?? 0);
    // Where a line of the log is missing or another, that is said, and not once more for each visit it may have been of.
    if (ofVisit !== expected && red.length === 0 && differs.length === 0)
      differs.push({ what: "of-visit", sealed: text(expected), now: text(ofVisit) });
    if (torn(step, next) && !torn(next!, after))
      differs.push({ what: "hash", sealed: next!.line.entry.previous, now: entry.hash });
    const verdict: Verdict = differs.length > 0 ? { is: "changed", differs } : step.verdict;
    if (verdict.is === "changed") {
      clean = false;
      red.push(step.line);
    }
    const { number, action } = entry;
    const checked = { number, visitId, action, verdict, odd: step.odd };
    if (differs.some(({ what }) => what === "gap")) gaps.push(checked);
    if (session && emptiedIn(entry)) hollow.set(number, { entry, checked });
    if (actFor(entry) === "grant" && entry.object) grants.set(entry.object, checked);
    batch.push(checked);
  }

  async function take(line: Line, previous: Line | null, evidence: Evidence): Promise<void> {
    const { entry, act } = line;
    const verdict = await verifyLine(line, evidence, chain, ledger);
    const differs = verdict.is === "changed" ? [...verdict.differs] : [];
    const whole = !differs.some(({ what }) => what === "hash");
    const expected = previous ? previous.entry.number + 1 : Math.max(1, (session?.first ?? 0) - 1);
    const follows = entry.number === expected && previous !== null;
    if (entry.number !== expected) differs.push({ what: "gap", sealed: String(expected), now: String(entry.number) });
    if (!previous && entry.number === 1 && entry.previous !== GENESIS)
      differs.push({ what: "hash", sealed: GENESIS, now: entry.previous });
    if (mark?.number === entry.number && mark.hash !== entry.hash)
      differs.push({ what: "seen", sealed: mark.hash, now: entry.hash });

    const owner = ownerIn(entry);
    if (entry.action === "key.enrolled" && verdict.is === "holds" && entry.object && owner)
      owners.set(entry.object, owner);
    if (entry.action === "file.stored") files.add(`${entry.visitId} ${entry.object}`);
    if (!session) differs.push(...goes.take(entry));
    const kind = actFor(entry);
    const blob = kind === "record" ? (evidence.record(entry.object ?? "")?.blob ?? null) : null;
    if (kind) told.add(`${kind} ${entry.object}`);
    if (act) told.add(`${act.kind} ${act.object}`);
    const odd = oddTime(entry, previous?.entry ?? null, seenOf(kind, entry, act, chain));
    const now: Verdict = differs.length > 0 ? { is: "changed", differs } : verdict;
    window.push({ line, verdict: now, whole, follows, blob, odd });
    if (window.length > 2) settle();
  }

  let previous: Line | null = null;
  let after = session ? session.first - 2 : Number.MIN_SAFE_INTEGER;
  let last: number | null = null;
  let more = true;
  let rested = performance.now();
  while (more) {
    signal.throwIfAborted();
    const page = await source.lines(after);
    last ??= session ? session.last : page.last;
    const lines = page.lines.filter(({ entry }) => entry.number <= end);
    const onLedger = (line: Line) => ours(line) && (line.act?.block ?? -1) > chain.upTo;
    if (lines.some(onLedger)) await chain.readOn({ signal });
    const evidence = await evidenceFor(lines.filter(ours), source, owners);
    for (const line of lines) {
      await take(line, previous, evidence);
      if (heads.length > 0) growBy(line);
      previous = line;
      after = line.entry.number;
      if (performance.now() - rested < 12) continue;
      await breathe();
      signal.throwIfAborted();
      rested = performance.now();
    }
    more = page.more && lines.length > 0 && after < end;
    options.onChecked(batch, { read: after, last });
    batch = [];
  }
  while (window.length > 0) settle();

  const faults: Fault[] = options.checkpoint === "unsigned" ? [{ is: "unsigned" }, ...rewritten] : [...rewritten];
  const reached: number = previous?.entry.number ?? 0;
  const known = Math.max(last ?? 0, mark?.number ?? 0, ...heads.map(({ size }) => size - 1));
  if (reached < known) faults.push({ is: "cut", lines: known - reached });
  if (goes.untold() > 0) faults.push({ is: "emptied", lines: goes.untold() });
  await goesHold();
  await untold();
  await headsHold();
  options.onChecked(batch, { read: reached, last: Math.max(reached, last ?? 0) });
  const holds = clean && faults.length === 0;
  return { faults, mark: holds && previous && !session ? { number: reached, hash: previous.entry.hash } : null };

  function headsKnown(): KnownHead[] {
    const anchored = chain.anchors().map((head): KnownHead => ({ ...head, by: "ledger" }));
    const { checkpoint } = options;
    return checkpoint && checkpoint !== "unsigned" ? [...anchored, { ...checkpoint, by: "checkpoint" }] : anchored;
  }

  function growBy({ entry }: Line): void {
    edge = grow(edge, /^0x[0-9a-f]{64}$/.test(entry.hash) ? leafHash(leafOf(entry.hash)) : GENESIS);
    for (const head of heads)
      if (head.size === edge.size && head.root !== fold(edge.roots) && rewritten.length === 0)
        rewritten.push({ is: "rewritten", by: head.by, lines: head.size - 1 });
  }

  /** What `goes` says of the whole log, for the emptied lines of one session. */
  async function goesHold(): Promise<void> {
    if (!session || hollow.size === 0) return;
    const found = await sessionGoes(session.goes, source, signal);
    for (const [number, { checked }] of hollow) for (const one of found.differs.get(number) ?? []) blame(checked, one);
    const lines = [...hollow.values()].filter(({ entry }) => !found.tells(entry)).length;
    if (lines > 0) faults.push({ is: "emptied", lines });
  }

  /** Acts that the ledger knows and no line tells of: blamed on the gap they were cut from, or on the permission they were made under. */
  async function untold(): Promise<void> {
    for (const { is, object, seen } of chain.all()) {
      if (seen.block > before || told.has(`${is} ${object}`)) continue;
      const consent = is === "record" ? (chain.recorded(object)?.consent ?? "") : object;
      const line = gaps[0] ?? grants.get(consent);
      if (line) blame(line, { what: "omitted", sealed: `${is} ${seen.block}`, now: null });
      else if (!session) faults.push({ is: "untold", act: is, transaction: seen.transaction, block: seen.block });
    }
  }

  /** What the contract keeps of each consent is what its records fold to, so the node told us of every one. */
  async function headsHold(): Promise<void> {
    let open = [...grants.keys()].filter((consent) => chain.granted(consent));
    // Records may arrive while we ask: what differs is read again before it is said.
    for (let tries = 0; open.length > 0 && tries < 3; tries++) {
      signal.throwIfAborted();
      const heads = await chain.heads(open);
      await chain.readOn({ signal });
      open = open.filter((consent) => {
        const head = heads.get(consent);
        return head?.head !== foldHead(consent, chain.recordsOf(consent));
      });
    }
    for (const consent of open) {
      blame(grants.get(consent)!, { what: "head", sealed: null, now: String(chain.recordsOf(consent).length) });
    }
  }

  function blame(line: Checked, difference: Difference): void {
    clean = false;
    const differs = line.verdict.is === "changed" ? line.verdict.differs : [];
    const changed: Checked = { ...line, verdict: { is: "changed", differs: [...differs, difference] } };
    for (const [id, checked] of grants) if (checked.number === line.number) grants.set(id, changed);
    gaps.forEach((checked, at) => {
      if (checked.number === line.number) gaps[at] = changed;
    });
    batch = [...batch.filter((checked) => checked.number !== line.number), changed];
  }
}
