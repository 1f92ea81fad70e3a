import { sha256 as sha256Stream } from "@noble/hashes/sha2.js";
import { sha256, toHex } from "@/lib/keyring/bytes.ts";
import { finishUpload, startUpload, uploadPath } from "@/lib/records/api.ts";
import { sealFile } from "@/lib/records/envelope.ts";
import { LARGEST_FILE, UPLOAD_PIECE } from "@/lib/records/record.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask, refusalOf, wireHeaders } from "@/lib/wire.ts";
import { whileUnreachable } from "./patience.ts";

interface Uploaded {
  /** SHA-256 of the ciphertext: its name in the store. */
  readonly blob: string;
  /** SHA-256 of the file itself. */
  readonly sha256: string;
  /** The age identity that opens the ciphertext. */
  readonly key: string;
}

/** Up to this many bytes the browser's own SHA-256, which cannot stream, is faster than ours. */
const NATIVE = 32 * 1024 * 1024;

/** Seals a file for a key of its own and sends the ciphertext in pieces. Memory stays at about one piece, whatever the size. */
export async function upload(about: { visitId: string; file: Blob; signal: AbortSignal }): Promise<Uploaded> {
  const { visitId, file, signal } = about;
  if (file.size > LARGEST_FILE) throw new Refusal("blob.too-large");
  const plain = await hashOf(file, signal);
  const sealed = await sealFile(file);
  const { id } = await whileUnreachable(() => ask(startUpload, { visitId, size: sealed.size }, { signal }), signal);
  const hash = sha256Stream.create();
  let offset = 0;
  for await (const piece of pieces(sealed.stream, UPLOAD_PIECE)) {
    hash.update(piece);
    const end = offset + piece.length;
    while (offset < end) {
      const [at, rest] = [offset, piece.subarray(piece.length - (end - offset))];
      offset = await whileUnreachable(() => sendPiece(visitId, id, at, rest, signal), signal);
    }
  }
  const blob = toHex(hash.digest());
  await whileUnreachable(() => ask(finishUpload, { visitId, id, blob }, { signal }), signal);
  return { blob, sha256: plain, key: sealed.key };
}

/** Sends a piece and says how much has arrived in all: more than before even when an answer was lost on the way. */
async function sendPiece(
  visitId: string,
  id: string,
  offset: number,
  piece: Uint8Array,
  signal: AbortSignal,
): Promise<number> {
  let response: Response;
  try {
    response = await fetch(uploadPath(visitId, id, offset), {
      method: "POST",
      credentials: "same-origin",
      headers: { ...wireHeaders(visitId), "content-type": "application/octet-stream" },
      body: piece as Uint8Array<ArrayBuffer>,
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Refusal("server.unreachable");
  }
  if (response.ok) return offset + piece.length;
  const refusal = await refusalOf(response);
  const received = Number(refusal.evidence?.received);
  if (refusal.code === "blob.mismatch" && received > offset && received <= offset + piece.length) return received;
  throw refusal;
}

async function hashOf(file: Blob, signal: AbortSignal): Promise<string> {
  if (file.size <= NATIVE) return sha256(new Uint8Array(await file.arrayBuffer()));
  const hash = sha256Stream.create();
  for await (const chunk of pieces(file.stream(), 1024 * 1024)) {
    signal.throwIfAborted();
    hash.update(chunk);
  }
  return toHex(hash.digest());
}

/** The same bytes in pieces of `size`; the last may be shorter. */
async function* pieces(stream: ReadableStream<Uint8Array>, size: number): AsyncGenerator<Uint8Array> {
  const reader = stream.getReader();
  let piece = new Uint8Array(size);
  let filled = 0;
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      for (let from = 0; from < value.length; ) {
        const part = value.subarray(from, from + size - filled);
        piece.set(part, filled);
        filled += part.length;
        from += part.length;
        if (filled < size) continue;
        yield piece;
        piece = new Uint8Array(size);
        filled = 0;
      }
    }
    if (filled > 0) yield piece.subarray(0, filled);
  } finally {
    reader.cancel().catch(() => {});
  }
}
