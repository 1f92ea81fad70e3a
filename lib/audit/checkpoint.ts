import { digestOf, type LedgerDomain } from "../consent/typed-data.ts";
import { fromHex, toBase64, toHex } from "../keyring/bytes.ts";
import { signedBy } from "../keyring/signature.ts";
import { bytesOf, NotANote, type Note, type NoteKey, OWN_KIND, readNote, signatureBy } from "./note.ts";

/** What the log was at one size: the RFC 9162 root over its first `size` leaves. */
export interface TreeHead {
  readonly size: number;
  /** `0x…`, lower case. */
  readonly root: string;
}

/** The name of an install's log, by the ledger that it is anchored on: the first line of its checkpoints. */
export const originOf = ({ chainId, address }: LedgerDomain): string => `assent/${chainId}/${address}`;

/** The text of a checkpoint, as c2sp.org/tlog-checkpoint has it. */
export function checkpointText(origin: string, { size, root }: TreeHead): string {
  return `${origin}\n${size}\n${toBase64(fromHex(root))}\n`;
}

/** Reads a checkpoint of this log, whoever signed it. Throws `NotANote` where it is another's, or none. */
export function readCheckpoint(text: string, origin: string): TreeHead {
  const [first, size, root, rest] = text.split("\n");
  if (first !== origin) throw new NotANote("The checkpoint is of another log.");
  if (!/^(0|[1-9]\d{0,15})$/.test(size ?? "") || !Number.isSafeInteger(Number(size)))
    throw new NotANote("The checkpoint’s size is no size.");
  const bytes = bytesOf(root ?? "");
  if (bytes?.length !== 32) throw new NotANote("The checkpoint’s root is no SHA-256.");
  if (rest !== "" || text.split("\n").length !== 4)
    throw new NotANote("The checkpoint is more or less than three lines.");
  return { size: Number(size), root: toHex(bytes) };
}

/** The key that the contract knows as its log's, as a note's. What it signs is `Checkpoint`, so that anybody can anchor it. */
export function ledgerKey(ledger: LedgerDomain, logKey: string): NoteKey {
  return {
    name: originOf(ledger),
    kind: OWN_KIND,
    key: Uint8Array.from([...new TextEncoder().encode("EIP-712"), ...fromHex(logKey)]),
  };
}

/** What the contract's log key signs of a checkpoint. */
export const headDigest = ({ size, root }: TreeHead, ledger: LedgerDomain) =>
  digestOf("Checkpoint", { size, root }, ledger);

/** A checkpoint that the log signed: what it says, and what says it. */
export interface Checkpoint extends TreeHead {
  readonly note: Note;
}

/** Reads a checkpoint and holds it to the key that the contract knows. Throws `NotANote` with the reason. */
export function openCheckpoint(note: string, ledger: LedgerDomain, logKey: string): Checkpoint {
  const read = readNote(note);
  const head = readCheckpoint(read.text, originOf(ledger));
  const signature = signatureBy(read, ledgerKey(ledger, logKey));
  if (!signature || !signedBy(logKey, headDigest(head, ledger), toHex(signature)))
    throw new NotANote("The checkpoint is not signed by the log.");
  return { ...head, note: read };
}
