import { randomHex } from "@/lib/keyring/bytes.ts";
import { type Look, readLooks } from "@/lib/records/looks.ts";
import { ask } from "@/lib/wire.ts";

/** Every look at a visit, the newest first, and what the line of this reading has. */
export async function readAllLooks(visitId: string, signal: AbortSignal): Promise<{ looks: Look[]; nonce: string }> {
  const all: Look[] = [];
  const nonce = randomHex(16).slice(2);
  for (let before: number | null | undefined; before !== null; ) {
    const { looks, older } = await ask(readLooks, { visitId, before, nonce }, { signal });
    all.push(...looks);
    before = older;
  }
  return { looks: all, nonce };
}
