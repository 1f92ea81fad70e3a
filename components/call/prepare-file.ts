import { bring } from "@/components/ui/bring.ts";
import { type FileRoom, readFileRoom } from "@/lib/records/api.ts";
import { ask } from "@/lib/wire.ts";

/**
 * What is done to a file before anything of it goes out: place and device leave it, and it is found out whether the visit
 * has room for it. Where the server can't be asked the file goes on its way, and is refused later if it must be.
 */
export async function prepareFile(
  visitId: string,
  file: File,
  signal: AbortSignal,
): Promise<{ file: File; room: FileRoom | undefined }> {
  const [{ plainFile }, room] = await Promise.all([
    bring(() => import("@/lib/records/plain-file.browser.ts"), signal),
    ask(readFileRoom, { visitId }, { signal }).catch(() => undefined),
  ]);
  return { file: await plainFile(file), room };
}
