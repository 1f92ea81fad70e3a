import { asc, inArray, isNotNull } from "drizzle-orm";
import type { ChainReader } from "../../lib/audit/chain.ts";
import { openCheckpoint, type TreeHead } from "../../lib/audit/checkpoint.ts";
import type { OddTime } from "../../lib/audit/clock.ts";
import { birthLeaf, leafOf } from "../../lib/audit/log.ts";
import { EMPTY_EDGE, fold, grow, leafHash, type Subtree } from "../../lib/audit/merkle.ts";
import { NotANote } from "../../lib/audit/note.ts";
import { isErased, stepActions, stepHash, textHolds } from "../../lib/audit/review.ts";
import { TILE_HEIGHT } from "../../lib/audit/tiles.ts";
import { type Checked, type Fault, walk } from "../../lib/audit/walk.ts";
import type { LedgerDomain } from "../../lib/consent/typed-data.ts";
import { restsOn } from "../storage/findings.ts";
import { checkpoint as checkpoints, entry, finding, logSubtree, reviewStep, visit } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { evidenceFor, linesAfter } from "./audit.ts";

/** What is wrong, and where: a line by its number, which is its index in the tree. */
export type Finding =
  | { readonly is: "line"; readonly line: number; readonly differs: readonly string[] }
  | { readonly is: "subtree"; readonly level: number; readonly index: number }
  /** It has another root than the lines do, or its note says something else or is not signed. */
  | { readonly is: "checkpoint"; readonly size: number; readonly why: "root" | "note" }
  /** A step of a review that is not what its line says, or that one of the two is missing of. */
  | { readonly is: "step"; readonly about: string; readonly version: number }
  | Fault;

/** What the log is held against besides itself. */
export interface Against {
  storage: Pick<Storage, "read">;
  ledger: LedgerDomain;
  /** Who signs checkpoints, as the contract knows it. */
  logKey: string;
  chain: ChainReader;
  now: () => Date;
}

export interface Listeners {
  told?: ((line: number) => void) | undefined;
  doubted?: ((line: number, odd: OddTime) => void) | undefined;
}

/**
 * Re-derives everything from what the lines say and from the chain: hashes, the log's own chain, the tree and what is kept
 * of it, every checkpoint, every anchor, every act. Changes nothing. `told` hears the number of the last line read, `doubted`
 * of lines that hold and whose time is in doubt.
 */
export async function fsck(against: Against, { told, doubted }: Listeners = {}): Promise<Finding[]> {
  const { storage, ledger, chain, now } = against;
  const changed = new Map<number, Finding>();
  const tree = await openTreeCheck(against);
  const take = ({ number, verdict, odd }: Checked) => {
    if (odd) doubted?.(number, odd);
    if (verdict.is !== "changed") return;
    changed.set(number, { is: "line", line: number, differs: verdict.differs.map(({ what }) => what) });
  };
  const { faults } = await walk({
    source: {
      lines: async (after) => {
        const page = await linesAfter(storage.read, after);
        for (const { entry } of page.lines) tree.grow(entry.hash);
        return page;
      },
      evidence: (asked) => evidenceFor(storage.read, asked, now()),
    },
    chain,
    ledger,
    signal: new AbortController().signal,
    breathe: async () => undefined,
    onChecked: (batch, { read }) => {
      batch.forEach(take);
      told?.(read);
    },
  });
  return [...changed.values(), ...faults, ...tree.findings(), ...(await wrongSteps(storage.read))];
}

/** The tree over the lines as they come, held to every subtree and checkpoint that is kept of it. */
async function openTreeCheck({ storage: { read }, ledger, logKey }: Against) {
  const signed = new Map((await read.select().from(checkpoints)).map((row) => [row.size, row]));
  const kept = await read.select().from(logSubtree).orderBy(asc(logSubtree.level), asc(logSubtree.index));
  const roots = new Map<string, string>();
  const wrong: Finding[] = [];
  let edge = EMPTY_EDGE;

  const complete = ({ height, index }: Subtree, root: string) => {
    if (height > 0 && height % TILE_HEIGHT === 0) roots.set(`${height / TILE_HEIGHT} ${index}`, root);
  };
  function add(leaf: Uint8Array): void {
    edge = grow(edge, leafHash(leaf), complete);
    const row = signed.get(edge.size);
    if (!row) return;
    signed.delete(edge.size);
    const head = { size: edge.size, root: fold(edge.roots) };
    if (row.root !== head.root) wrong.push({ is: "checkpoint", size: head.size, why: "root" });
    else if (!says(row.note, head)) wrong.push({ is: "checkpoint", size: head.size, why: "note" });
  }
  function says(note: string, head: TreeHead): boolean {
    try {
      const { size, root } = openCheckpoint(note, ledger, logKey);
      return size === head.size && root === head.root;
    } catch (error) {
      if (error instanceof NotANote) return false;
      throw error;
    }
  }

  add(birthLeaf(ledger));
  return {
    grow: (hash: string) => add(/^0x[0-9a-f]{64}$/.test(hash) ? leafOf(hash) : new Uint8Array()),
    findings(): Finding[] {
      const most = Math.max(0, ...signed.keys());
      if (most > edge.size) wrong.push({ is: "cut", lines: most - edge.size });
      for (const { level, index, root } of kept)
        if (roots.get(`${level} ${index}`) !== root) wrong.push({ is: "subtree", level, index });
      return wrong;
    },
  };
}

/** Every step of a review has its line, every such line its step, and what was written is what the line has the hash of. */
export async function wrongSteps(read: Storage["read"]): Promise<Finding[]> {
  const lines = await read
    .select({ about: entry.object, detail: entry.detail })
    .from(entry)
    .where(inArray(entry.action, Object.values(stepActions)));
  const told = new Map(lines.map(({ about, detail }) => [`${about} ${detail.version}`, { about, detail }]));
  const wrong: Finding[] = [];
  const gone = await erasedReviews(read);
  for (const step of await read.select().from(reviewStep)) {
    const { about, version } = step;
    const line = told.get(`${about} ${version}`);
    told.delete(`${about} ${version}`);
    const isGone = isErased(step) && !gone.has(about);
    if (line?.detail.step !== stepHash(step) || !textHolds(step) || isGone) wrong.push({ is: "step", about, version });
  }
  for (const { about, detail } of told.values())
    wrong.push({ is: "step", about: about ?? "", version: Number(detail.version) });
  return wrong;
}

/** What reviews were about whose visit is erased: of it, or of a finding in it. */
async function erasedReviews(read: Storage["read"]): Promise<ReadonlySet<string>> {
  const erased = await read
    .select({ visitId: visit.id, found: finding.id })
    .from(visit)
    .leftJoin(finding, restsOn(visit.id))
    .where(isNotNull(visit.erasedAt));
  return new Set(erased.flatMap(({ visitId, found }) => [visitId, ...(found === null ? [] : [found])]));
}
