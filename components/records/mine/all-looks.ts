import { type Look, readLooks } from "@/lib/records/looks.ts";
import { ask } from "@/lib/wire.ts";

/** Every look at a visit, the newest first. */
export async function readAllLooks(visitId: string, signal: AbortSignal): Promise<Look[]> {
  const all: Look[] = [];
  for (let before: number | null | undefined; before !== null; ) {
    const { looks, older } = await ask(readLooks, { visitId, before }, { signal });
    all.push(...looks);
    before = older;
  }
  return all;
}
