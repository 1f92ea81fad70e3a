import { sha256 } from "@noble/hashes/sha2.js";
import { createSHA256 } from "hash-wasm";
import { toHex } from "../keyring/bytes.ts";

/**
 * SHA-256 of what comes piece by piece, which the browser's own cannot do. For workers: they may compile WebAssembly, which
 * hashes four times as fast there as JavaScript. Where a person's browser allows none, JavaScript does.
 */
export async function newHash(): Promise<{ update(bytes: Uint8Array): void; digest(): string }> {
  const fast = await createSHA256().catch(() => null);
  if (fast) return { update: (bytes) => void fast.update(bytes), digest: () => `0x${fast.digest("hex")}` };
  const hash = sha256.create();
  return { update: (bytes) => void hash.update(bytes), digest: () => toHex(hash.digest()) };
}
