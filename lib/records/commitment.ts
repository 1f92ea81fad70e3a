import canonicalize from "canonicalize";
import { fromHex, sha256 } from "../keyring/bytes.ts";
import { keccak256 } from "../keyring/keccak.ts";
import type { Sealed } from "./content.ts";

/**
 * `keccak256(salt ‖ SHA-256("assent/1/" + kind + "\n" + RFC 8785 of {content, visit}))`. The salt is 32 random bytes that
 * live only inside the encrypted envelope: without it nobody can try out contents, and destroying it erases.
 */
export async function commitmentOf(sealed: Pick<Sealed, "visit" | "content" | "salt">): Promise<string> {
  const canonical = canonicalize({ content: sealed.content, visit: sealed.visit });
  const inner = await sha256(new TextEncoder().encode(`assent/1/${sealed.content.kind}\n${canonical}`));
  const bytes = new Uint8Array(64);
  bytes.set(fromHex(sealed.salt), 0);
  bytes.set(fromHex(inner), 32);
  return keccak256(bytes);
}
