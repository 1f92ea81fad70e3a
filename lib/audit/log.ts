import canonicalize from "canonicalize";
import { sha256 } from "../keyring/bytes.ts";
import type { Entry } from "./entry.ts";

/** What the first line names as its previous. */
export const GENESIS = `0x${"0".repeat(64)}`;

/** SHA-256 of the RFC 8785 form of a line without its own hash. */
export function entryHash(entry: Omit<Entry, "hash">): Promise<string> {
  const { number, at, actor, action, visitId, object, consent, refusal, detail, previous } = entry;
  const canonical = canonicalize({ number, at, actor, action, visitId, object, consent, refusal, detail, previous });
  return sha256(new TextEncoder().encode(`assent/1/entry\n${canonical}`));
}
