import { finishUpload, startUpload, uploadPath } from "@/lib/records/api.ts";
import type { SealedFile } from "@/lib/records/file.ts";
import { UPLOAD_PIECE } from "@/lib/records/record.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask, refusalOf, wireHeaders } from "@/lib/wire.ts";
import { whileUnreachable } from "./patience.ts";

interface Upload {
  visitId: string;
  sealed: SealedFile;
  /** The ciphertext. */
  bytes: Blob;
  /** The upload that another page began. */
  begun: string | null;
  /** Told as soon as there is one: with its id the next page goes on. */
  onBegun: (id: string) => Promise<void>;
  signal: AbortSignal;
}

/** Sends ciphertext in pieces, from where the server has it, until it is stored. One piece is in memory at a time. */
export async function upload(about: Upload): Promise<void> {
  const { visitId, sealed, bytes, signal } = about;
  const patiently = <T>(work: () => Promise<T>) => whileUnreachable(work, signal);
  const send = (id: string, piece: Piece) => patiently(() => sendPiece(visitId, id, piece, signal));
  const finish = (id: string) => patiently(() => ask(finishUpload, { visitId, id, blob: sealed.blob }, { signal }));
  let id = about.begun;
  let offset = 0;
  try {
    if (id) offset = await send(id, { offset: sealed.size, bytes: new Blob([]) });
  } catch (fault) {
    if (!isGone(fault)) throw fault;
    // It is stored already, or nobody came back for it in time.
    const stored = await finish(id!).then(() => true, unlessGone(false));
    if (stored) return;
    id = null;
  }
  if (!id) {
    id = (await patiently(() => ask(startUpload, { visitId, size: sealed.size }, { signal }))).id;
    await about.onBegun(id);
  }
  while (offset < sealed.size) offset = await send(id, { offset, bytes: bytes.slice(offset, offset + UPLOAD_PIECE) });
  await finish(id);
}

const isGone = (fault: unknown): boolean => fault instanceof Refusal && fault.code === "blob.not-found";
const unlessGone =
  <T>(instead: T) =>
  (fault: unknown): T => {
    if (isGone(fault)) return instead;
    throw fault;
  };

interface Piece {
  readonly offset: number;
  readonly bytes: Blob;
}

/** Sends a piece and says how much has arrived in all: what is there already when it begins elsewhere. */
async function sendPiece(visitId: string, id: string, piece: Piece, signal: AbortSignal): Promise<number> {
  let response: Response;
  try {
    response = await fetch(uploadPath(visitId, id, piece.offset), {
      method: "POST",
      credentials: "same-origin",
      headers: { ...wireHeaders(visitId), "content-type": "application/octet-stream" },
      body: piece.bytes,
      signal,
    });
  } catch (cause) {
    if (signal.aborted) throw cause;
    throw new Refusal("server.unreachable");
  }
  if (response.ok) return piece.offset + piece.bytes.size;
  const refusal = await refusalOf(response);
  if (refusal.code !== "blob.mismatch" || refusal.evidence?.received === undefined) throw refusal;
  return Number(refusal.evidence.received);
}
