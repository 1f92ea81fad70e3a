import { fromBase64, fromHex, toBase64, toHex } from "../keyring/bytes.ts";
import { bytesOf, NotANote } from "./note.ts";

/** What is put to a witness (c2sp.org/tlog-witness): a checkpoint, and the proof that it begins with the last it cosigned. */
export interface Submission {
  /** Leaves under the checkpoint that the witness cosigned last; 0 where it has none. */
  readonly old: number;
  /** RFC 9162, as `0x…`. */
  readonly proof: readonly string[];
  /** The signed note. */
  readonly checkpoint: string;
}

/** The longest proof a witness takes. */
const LONGEST_PROOF = 63;

export function submissionText({ old, proof, checkpoint }: Submission): string {
  return `old ${old}\n${proof.map((hash) => `${toBase64(fromHex(hash))}\n`).join("")}\n${checkpoint}`;
}

/** Throws `NotANote` for what is none. */
export function readSubmission(text: string): Submission {
  const end = text.indexOf("\n\n");
  const [first = "", ...proof] = end < 0 ? [] : text.slice(0, end).split("\n");
  const old = /^old (0|[1-9]\d{0,15})$/.exec(first)?.[1];
  if (old === undefined || !Number.isSafeInteger(Number(old)))
    throw new NotANote("It does not begin with an old size.");
  if (proof.length > LONGEST_PROOF) throw new NotANote("The proof is too long.");
  if (proof.some((line) => bytesOf(line)?.length !== 32)) throw new NotANote("The proof holds what is no SHA-256.");
  return { old: Number(old), proof: proof.map((line) => toHex(fromBase64(line))), checkpoint: text.slice(end + 2) };
}
