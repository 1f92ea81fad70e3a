import { sha256 } from "@noble/hashes/sha2.js";
import { isPicture } from "@/lib/call/files.ts";
import { toHex } from "@/lib/keyring/bytes.ts";
import { blobPath } from "@/lib/records/api.ts";
import type { FileShare } from "@/lib/records/content.ts";
import { openFile } from "@/lib/records/file.ts";
import { Refusal } from "@/lib/refusal.ts";
import { refusalOf, wireHeaders } from "@/lib/wire.ts";
import { NotWhatWasSigned } from "./open-record.ts";

/**
 * Fetches a shared file, checks that the ciphertext is the one that was recorded, and opens it. Nothing is handed out before
 * the last byte was checked. Only pictures keep their type: everything else is bytes to save, never something to run.
 */
export async function openBlob(about: {
  visitId: string;
  file: FileShare;
  /** Where its bytes are, unless with the visit itself. */
  path?: string | undefined;
  signal: AbortSignal;
  /** Told the part that has arrived, 0 to 1. */
  onProgress?: (part: number) => void;
}): Promise<Blob> {
  const { visitId, file, signal } = about;
  let response: Response;
  try {
    response = await fetch(about.path ?? blobPath(visitId, file.blob), {
      credentials: "same-origin",
      headers: wireHeaders(visitId),
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Refusal("server.unreachable");
  }
  if (!response.ok) throw await refusalOf(response);
  if (!response.body) throw new Refusal("server.broke");
  const hash = sha256.create();
  let arrived = 0;
  const watched = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, out) {
        hash.update(chunk);
        arrived += chunk.length;
        about.onProgress?.(Math.min(1, arrived / Math.max(1, file.size)));
        out.enqueue(chunk);
      },
    }),
  );
  const parts: Uint8Array<ArrayBuffer>[] = [];
  const reader = (await openFile(watched, file.key)).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    parts.push(value as Uint8Array<ArrayBuffer>);
  }
  if (toHex(hash.digest()) !== file.blob) throw new NotWhatWasSigned("these are not the bytes that were recorded");
  return new Blob(parts, { type: isPicture(file.type) ? file.type : "application/octet-stream" });
}
