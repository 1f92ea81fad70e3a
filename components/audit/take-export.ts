import { type ExportFormat, exportName, ITEMS_HEADER } from "@/lib/audit/export.ts";
import { Refusal } from "@/lib/refusal.ts";
import { refusalOf, wireHeaders } from "@/lib/wire.ts";

interface TakenExport {
  readonly name: string;
  readonly items: number;
  readonly file: Blob;
}

/** Bytes that are handed to the browser's own store of files at once: a long export is not held in memory. */
const PUT_AWAY = 8 * 2 ** 20;
const LINE_FEED = 10;

/**
 * Fetches an export to its last line. Throws a `Refusal`, `server.unreachable` where it broke off or came to another number
 * of lines than was told: then there is no file. `told` hears how much there is so far.
 */
export async function takeExport(
  format: ExportFormat,
  path: string,
  body: object,
  { signal, told }: { signal: AbortSignal; told: (items: number, of: number) => void },
): Promise<TakenExport> {
  const unreachable = (cause: unknown) => {
    if (signal.aborted) throw cause;
    return new Refusal("server.unreachable");
  };
  const response = await fetch(path, {
    method: "POST",
    credentials: "same-origin",
    signal,
    headers: { ...wireHeaders(), "content-type": "application/json" },
    body: JSON.stringify(body),
  }).catch((cause: unknown) => {
    throw unreachable(cause);
  });
  if (!response.ok) throw await refusalOf(response);
  const items = Number(response.headers.get(ITEMS_HEADER));
  /** A table has a head, and every export its own line at the end. */
  const beside = format === "csv" ? 2 : 1;
  let put = new Blob();
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  let lines = 0;
  const reader = response.body!.getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (const byte of value) if (byte === LINE_FEED) lines++;
      told(Math.max(0, Math.min(items, lines - beside + 1)), items);
      parts.push(value);
      bytes += value.length;
      if (bytes < PUT_AWAY) continue;
      put = new Blob([put, ...parts]);
      parts = [];
      bytes = 0;
    }
  } catch (cause) {
    throw unreachable(cause);
  }
  if (lines !== items + beside) throw new Refusal("server.unreachable");
  return { name: exportName(format, new Date()), items, file: new Blob([put, ...parts]) };
}
