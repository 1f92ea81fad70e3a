import { sha256 } from "@noble/hashes/sha2.js";
import canonicalize from "canonicalize";
import type { LedgerDomain } from "../consent/typed-data.ts";
import { fromHex, toHex } from "../keyring/bytes.ts";
import type { Entry } from "./entry.ts";

/** What the first line names as its previous. */
export const GENESIS = `0x${"0".repeat(64)}`;

/** SHA-256 of the RFC 8785 form of a line without its own hash. At once: a log of a million is hashed line by line. */
export function entryHash(entry: Omit<Entry, "hash">): string {
  const { number, at, actor, action, visitId, ofVisit, object, consent, refusal, detail, salt, previous } = entry;
  const line = { number, at, actor, action, visitId, ofVisit, object, consent, refusal, detail, salt, previous };
  return toHex(sha256(new TextEncoder().encode(`assent/1/entry\n${canonicalize(line)}`)));
}

/**
 * The leaf of line `number` in the log's tree, where it has the index `number`: its hash alone, which says nothing to who
 * does not have the line, since each has a salt.
 */
export const leafOf = (hash: string): Uint8Array => fromHex(hash);

/** The leaf with index 0, which the contract made when it was born: it names chain and contract. */
export function birthLeaf({ chainId, address }: LedgerDomain): Uint8Array {
  const chain = BigInt(chainId).toString(16).padStart(64, "0");
  return Uint8Array.from([...new TextEncoder().encode("Assent audit log\n"), ...fromHex(chain), ...fromHex(address)]);
}
