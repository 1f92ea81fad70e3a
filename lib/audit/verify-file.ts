import type { AskChain } from "../ledger/read.ts";
import type { LedgerOfFile } from "../ledger/submission.ts";
import { Certificate, checkCertificate } from "../records/erasure.ts";
import { verifyCertificate } from "../records/verify-certificate.ts";
import { certificateTitles, isNoAnswer, tell } from "../strings/evidence.ts";
import { attempt } from "./difference.ts";
import { LARGEST_EVIDENCE } from "./evidence.ts";
import { keyText, type NoteKey, readKeyText } from "./note.ts";
import { type Verified, verifyAtNode, verifyEvidence, verifyWitnesses } from "./verify-evidence.ts";

// What checks a file comes in one piece, which pages and workers share.
export { readWitnessKey } from "./note.ts";

/** One check as a person reads it. `holds` is null where it could not be told. */
export interface Line {
  readonly name: string;
  readonly holds: boolean | null;
  readonly title: string;
  readonly details: readonly string[];
}

/** What a file that was given to be checked is, and what came of it. */
export interface Checked {
  readonly is: "visit" | "certificate";
  readonly lines: readonly Line[];
  /** Null where it could not be read. */
  readonly about: {
    ledger: LedgerOfFile;
    clinic: string;
    clinician: string | null;
    at: string;
    lines: number;
    /** The block that says how everything stands, and when it was made; null where the file has none. */
    asOf: { block: number; at: Date } | null;
  } | null;
  /** The blocks that a visit's evidence rests on. */
  readonly blocks: Verified["blocks"];
  /** Witnesses that the file names and nobody asked for: whoever knows one of them has its key from somewhere else. */
  readonly unasked: readonly string[];
}

/** A node of this ledger; null where none is to be asked. */
export type NodeFor = (ledger: LedgerOfFile) => AskChain | null;

/** Checks an evidence file or an erasure certificate, whatever was given, with the witnesses that are known. Throws at nothing. */
export async function verifyFile(text: string, nodeFor: NodeFor, known: readonly NoteKey[] = []): Promise<Checked> {
  const certificate = certificateIn(text);
  return certificate ? ofCertificate(certificate, nodeFor(certificate.ledger)) : ofVisit(text, nodeFor, known);
}

async function ofVisit(text: string, nodeFor: NodeFor, known: readonly NoteKey[]): Promise<Checked> {
  const verified = await verifyEvidence(text);
  const { evidence, blocks, checks } = verified;
  const rpc = evidence && nodeFor(evidence.ledger);
  const all = [...checks];
  if (evidence && known.length > 0) all.push(verifyWitnesses(verified, known));
  if (rpc) all.push(await verifyAtNode(verified, rpc));
  const lines = all.map((check): Line => {
    return { name: check.name, holds: check.faults.some(isNoAnswer) ? null : check.holds, ...tell(check, verified) };
  });
  if (!evidence) return { is: "visit", lines, about: null, blocks, unasked: [] };
  const asked = new Set(known.map(keyText));
  const unasked = evidence.log.witnesses.filter((key) => !asked.has(key)).map(nameIn);
  const { ledger, visit, consents } = evidence;
  const at = evidence.lines.find(({ entry }) => entry.action === "consent.granted")?.entry.at;
  const about = { ledger, ...visit, at: at ?? new Date(consents[0]!.consent.validFrom * 1000).toISOString() };
  const last = blocks.at(-1);
  const asOf = last ? { block: last.number, at: new Date(last.at * 1000) } : null;
  return { is: "visit", lines, about: { ...about, lines: evidence.lines.length, asOf }, blocks, unasked };
}

/** The name of a witness, or what stands in its place. */
const nameIn = (key: string): string => attempt(() => readKeyText(key).name) ?? key;

function certificateIn(text: string): Certificate | null {
  if (text.length > LARGEST_EVIDENCE) return null;
  const parsed = attempt(() => Certificate.safeParse(JSON.parse(text)));
  return parsed?.success ? parsed.data : null;
}

/** Whose key the practice's is, only the ledger knows: without it two of the four checks are open. */
async function ofCertificate(certificate: Certificate, rpc: AskChain | null): Promise<Checked> {
  const { ledger, clinic, erasedAt: at, erased, kept } = certificate;
  const asked = rpc && (await verifyCertificate(certificate, rpc).catch(() => null));
  const alone = (await checkCertificate(certificate, "")).map(({ what, holds }) => ({
    what,
    holds: what === "signature" ? null : holds,
  }));
  const found = asked ?? [...alone, { what: "ledger" as const, holds: null }];
  return {
    is: "certificate",
    lines: found.map(({ what, holds }) => ({
      name: what,
      holds,
      title: certificateTitles[what][holds === false ? 1 : 0],
      details: holds === null ? ["Only a node of the ledger can say this, and none was asked or answered."] : [],
    })),
    about: { ledger, clinic, clinician: null, at, lines: erased.records.length + kept.length, asOf: null },
    blocks: [],
    unasked: [],
  };
}
