import { choiceFor, kindOf, kinds } from "../consent/grant.ts";
import { consentId, digestOf } from "../consent/typed-data.ts";
import { sha256 } from "../keyring/bytes.ts";
import { signedBy } from "../keyring/signature.ts";
import { type AskChain, readLogKey } from "../ledger/read.ts";
import { commitmentOf } from "../records/commitment.ts";
import type { Content } from "../records/content.ts";
import { visitTopic } from "../visits/link.ts";
import { attempt } from "./difference.ts";
import { Evidence, LARGEST_EVIDENCE, sealedIn, textOf } from "./evidence.ts";
import {
  type BlockThere,
  type Fault,
  ledgerFaults,
  missingFaults,
  recordIdOf,
  type Standing,
  standingIn,
  type Tell,
} from "./evidence-ledger.ts";
import { logFaults } from "./evidence-log.ts";
import { cosignedAt, type NoteKey, readNote } from "./note.ts";

/** What is checked of a file, in the order in which it is told. */
const checkNames = ["form", "seal", "consent", "covers", "doctor", "content", "ledger", "complete", "log"] as const;
export type CheckName = (typeof checkNames)[number] | "witness" | "node";

export interface Check {
  readonly name: CheckName;
  readonly holds: boolean;
  /** Empty where it holds. */
  readonly faults: readonly Fault[];
  /** Of `witness` alone: when each of them cosigned, in Unix seconds. */
  readonly cosigned?: readonly { readonly name: string; readonly at: number }[];
}

export interface Verified {
  /** Null where the file is none: then `form` is the only check. */
  readonly evidence: Evidence | null;
  readonly checks: readonly Check[];
  /** The blocks that everything rests on, by number: what any node of the chain can confirm. */
  readonly blocks: readonly BlockThere[];
  /** When the doctor's key was enrolled, in Unix seconds; null where it is no more, or was not found out. */
  readonly enrolledSince: number | null;
}

/** Half of a surrogate pair, of which RFC 8785 has no form: the only one that is written as `\ud…` in what is canonical otherwise. */
const HALF_A_PAIR = /(?<!\\)(?:\\\\)*\\ud/;

/** Holds an evidence file to everything it claims, with nothing but the file. Throws at nothing. */
export async function verifyEvidence(text: string): Promise<Verified> {
  const evidence = readEvidence(text);
  if ("why" in evidence) {
    const faults = [evidence];
    return { evidence: null, checks: [{ name: "form", holds: false, faults }], blocks: [], enrolledSince: null };
  }
  const faults = new Map<CheckName, Fault[]>(checkNames.map((name) => [name, []]));
  const under =
    (name: CheckName): Tell =>
    (at, why) =>
      faults.get(name)!.push({ at, why });
  // A line that was cut out of an export, or saved by an editor, ends as lines do.
  const line = text.endsWith("\n") ? text.slice(0, -1) : text;
  if (attempt(() => textOf(evidence)) !== line || HALF_A_PAIR.test(line)) under("form")("", "not-canonical");
  const standing = standingIn(evidence, under("ledger"));
  const work: Record<Exclude<CheckName, "form" | "witness" | "node">, (tell: Tell) => void | Promise<void>> = {
    seal: (tell) => sealFaults(evidence, tell),
    consent: (tell) => consentFaults(evidence, tell),
    covers: (tell) => coverFaults(evidence, tell),
    doctor: (tell) => doctorFaults(standing, tell),
    content: (tell) => contentFaults(evidence, tell),
    ledger: (tell) => ledgerFaults(evidence, standing, tell),
    complete: (tell) => missingFaults(evidence, standing, tell),
    log: (tell) => logFaults(evidence, tell),
  };
  for (const [name, check] of Object.entries(work) as [CheckName, (tell: Tell) => void | Promise<void>][]) {
    const tell = under(name);
    // What no schema could rule out is a fault like any other.
    await Promise.resolve()
      .then(() => check(tell))
      .catch(() => tell("", "shape"));
  }
  const blocks = [...standing.blocks.values()].sort((a, b) => a.number - b.number);
  return {
    evidence,
    checks: checkNames.map((name) => ({ name, holds: faults.get(name)!.length === 0, faults: faults.get(name)! })),
    blocks,
    enrolledSince: standing.doctor?.activeFrom || null,
  };
}

/**
 * Whether each witness that the verifier knows cosigned the log's checkpoint. Whom a file names, its practice chose: that a
 * log was shown to nobody otherwise, only a key from somewhere else can say.
 */
export function verifyWitnesses({ evidence }: Verified, known: readonly NoteKey[]): Check {
  const note = attempt(() => readNote(evidence!.log.checkpoint));
  const asked = known.map((key) => ({ name: key.name, at: note && cosignedAt(note, key) }));
  const faults = asked.flatMap(({ name, at }): Fault[] =>
    at === null ? [{ at: `known.${name}`, why: "not-cosigned" }] : [],
  );
  const cosigned = asked.flatMap(({ name, at }) => (at === null ? [] : [{ name, at }]));
  return { name: "witness", holds: faults.length === 0, faults, cosigned };
}

/** Asks a node for what a file alone cannot know: that these blocks are the chain's, and whose key the log's is. */
export async function verifyAtNode({ evidence, blocks }: Verified, rpc: AskChain): Promise<Check> {
  const faults: Fault[] = [];
  const tell: Tell = (at, why) => faults.push({ at, why });
  const { ledger, logKey } = evidence!;
  try {
    if (BigInt(String(await rpc("eth_chainId", []))) !== BigInt(ledger.chainId)) tell("ledger.chainId", "node-chain");
    else {
      for (const { number, hash } of blocks) {
        const block = (await rpc("eth_getBlockByNumber", [`0x${number.toString(16)}`, false])) as {
          hash?: unknown;
        } | null;
        const at = evidence!.blocks.findIndex((one) => one.hash === hash);
        if (block?.hash !== hash) tell(`blocks.${at}`, "node-block");
      }
      if ((await readLogKey(rpc, ledger)) !== logKey) tell("logKey", "node-key");
    }
  } catch {
    tell("", "node-away");
  }
  return { name: "node", holds: faults.length === 0, faults };
}

function readEvidence(text: string): Evidence | Fault {
  if (text.length > LARGEST_EVIDENCE) return { at: "", why: "too-long" };
  const json = attempt(() => ({ is: JSON.parse(text) as unknown }));
  if (!json) return { at: "", why: "not-json" };
  const parsed = attempt(() => Evidence.safeParse(json.is));
  if (parsed?.success) return parsed.data;
  return { at: parsed?.error.issues[0]?.path.join(".") ?? "", why: "shape" };
}

async function sealFaults(evidence: Evidence, tell: Tell): Promise<void> {
  const digest = digestOf("Evidence", { content: await sealedIn(evidence) }, evidence.ledger);
  if (!signedBy(evidence.logKey, digest, evidence.seal)) tell("seal", "not-sealed");
}

/** Each permission: its text, its visit, the patient's signature under it and under its end. */
async function consentFaults({ consents, ledger, visit }: Evidence, tell: Tell): Promise<void> {
  const topic = await visitTopic(visit.id);
  for (const [i, { consent, text, signature, revocation }] of consents.entries()) {
    const id = consentId(consent);
    if (consents.findIndex((one) => consentId(one.consent) === id) !== i) tell(`consents.${i}`, "twice");
    if (consent.visit !== topic) tell(`consents.${i}.consent.visit`, "visit");
    if ((await sha256(new TextEncoder().encode(text))) !== consent.terms) tell(`consents.${i}.text`, "text");
    if (!signedBy(consent.patient, digestOf("Consent", { ...consent }, ledger), signature))
      tell(`consents.${i}.signature`, "signature");
    if (revocation !== null && !signedBy(consent.patient, digestOf("Revocation", { consent: id }, ledger), revocation))
      tell(`consents.${i}.revocation`, "revocation");
  }
}

/** Each record: by a party to its permission, within its time, of a kind that it allows or that was approved. */
function coverFaults({ consents, records, ledger }: Evidence, tell: Tell): void {
  const byId = new Map(consents.map(({ consent }) => [consentId(consent), consent]));
  for (const [i, record] of records.entries()) {
    const consent = byId.get(record.consent);
    if (!consent) {
      tell(`records.${i}.consent`, "unknown-permission");
      continue;
    }
    const { consent: id, kind, commitment, number, signedAt, byPatient } = record;
    const digest = digestOf("Record", { consent: id, kind, commitment, number, signedAt }, ledger);
    if (!signedBy(byPatient ? consent.patient : consent.grantee, digest, record.signature))
      tell(`records.${i}`, "author");
    if (signedAt < consent.validFrom || signedAt > consent.validUntil) tell(`records.${i}.signedAt`, "outside-window");
    const name = attempt(() => kindOf(kind));
    const choice = name && choiceFor(consent.scopes, name);
    const isDoctors = kind === kinds.prescription || kind === kinds["prescription-cancelled"];
    if (!choice || choice === "deny" || (byPatient && isDoctors)) tell(`records.${i}.kind`, "not-allowed");
    const needed = choice === "ask" && !byPatient;
    const approval = digestOf("Approval", { record: recordIdOf(record) }, ledger);
    if (record.approval === null ? needed : !signedBy(consent.patient, approval, record.approval))
      tell(`records.${i}.approval`, "not-approved");
  }
}

/** The contract counts how often a key was enrolled or removed, and takes a start or a prescription of none but enrolled ones. */
function doctorFaults({ doctor }: Standing, tell: Tell): void {
  if (!doctor) tell("state.doctor", "state");
  else if (doctor.epoch === 0) tell("state.doctor", "not-enrolled");
}

/** What is opened is what was recorded. */
async function contentFaults({ opened, records, visit }: Evidence, tell: Tell): Promise<void> {
  const byId = new Map(records.map((record) => [recordIdOf(record), record]));
  const seen = new Set<string>();
  for (const [i, { record: id, content, salt }] of opened.entries()) {
    const record = byId.get(id);
    if (seen.has(id)) tell(`opened.${i}`, "twice");
    seen.add(id);
    if (!record) tell(`opened.${i}.record`, "unknown-record");
    else if (
      kinds[content.kind] !== record.kind ||
      (await commitmentOf({ visit: visit.id, content: content as Content, salt })) !== record.commitment
    )
      tell(`opened.${i}.content`, "content");
  }
}
