import {
  addRecord,
  answerAsk,
  askApproval,
  finishUpload,
  listRecords,
  readEnvelope,
  readFileRoom,
  startUpload,
  withdrawAsk,
} from "../../lib/records/api.ts";
import { UPLOAD_PIECE } from "../../lib/records/record.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door, Http } from "../http.ts";
import type { Files } from "./files.ts";
import type { Records } from "./records.ts";

/** An envelope of 90,000 base64 characters and what is around it. */
const ENVELOPE_LARGEST = 128 * 1024;

export function answerRecords(door: Door, { records, files }: { records: Records; files: Files }): void {
  const refused = { refused: "record.refused", largest: ENVELOPE_LARGEST } as const;
  door.on(addRecord, "member", (asked, person) => records.add(person, asked), refused);
  door.on(askApproval, "clinician", (asked, staff) => records.ask(staff, asked), refused);
  door.on(
    answerAsk,
    "patient",
    (asked, patient) => records.answer(patient, asked.visitId, asked.id, asked.approval),
    refused,
  );
  door.on(withdrawAsk, "clinician", (asked, staff) => records.withdraw(staff, asked.visitId, asked.id));
  door.on(listRecords, "member", (asked, person) => records.list(person, asked.visitId));
  door.on(readEnvelope, "member", (asked, person) => records.readEnvelope(person, asked.visitId, asked.id), {
    refused: "record.refused",
  });

  door.on(readFileRoom, "member", (asked, person) => files.room(person, asked.visitId));
  door.on(startUpload, "member", (asked, person) => files.start(person, asked.visitId, asked.size), {
    refused: "record.refused",
  });
  door.raw(
    "POST",
    "/api/visits/:visitId/uploads/:id",
    "member",
    async (http, person) => {
      const offset = Number(http.req.query("offset"));
      if (!Number.isSafeInteger(offset) || offset < 0) throw new Refusal("request.malformed");
      if (Number(http.req.header("content-length") ?? 0) > UPLOAD_PIECE) throw new Refusal("request.too-large");
      const piece = { offset, bytes: noMoreThan(UPLOAD_PIECE, http.req.raw.body) };
      return http.json(await files.append(person, http.req.param("visitId")!, http.req.param("id")!, piece));
    },
    "counted",
  );
  door.on(finishUpload, "member", (asked, person) => files.finish(person, asked.visitId, asked.id, asked.blob), {
    refused: "record.refused",
  });
  door.raw("GET", "/api/visits/:visitId/blobs/:blob", "member", (http, person) =>
    answerBlob(http, (blob) => files.read(person, http.req.param("visitId")!, blob)),
  );
}

/** A file's ciphertext, for a page to open: never something to show. */
export async function answerBlob(
  http: Http,
  read: (blob: string) => Promise<{ size: number; stream: ReadableStream<Uint8Array> }>,
): Promise<Response> {
  const blob = http.req.param("blob")!;
  if (!/^0x[0-9a-f]{64}$/.test(blob)) throw new Refusal("blob.not-found");
  const { size, stream } = await read(blob);
  return http.body(stream, 200, {
    "content-type": "application/octet-stream",
    "content-length": String(size),
    "content-disposition": "attachment",
    "content-security-policy": "sandbox",
  });
}

/** A body as it comes; one that says nothing of its length, or lies, ends in a refusal all the same. */
async function* noMoreThan(largest: number, body: ReadableStream<Uint8Array> | null): AsyncGenerator<Uint8Array> {
  let received = 0;
  for await (const chunk of body ?? []) {
    received += chunk.length;
    if (received > largest) throw new Refusal("request.too-large");
    yield chunk;
  }
}
