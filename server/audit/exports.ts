import { and, eq } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import { BYTE_ORDER_MARK, CSV_COLUMNS, csvOf, csvRecord } from "../../lib/audit/csv.ts";
import { textOf } from "../../lib/audit/evidence.ts";
import type { ExportAsked, ExportFilter, ExportFormat, Sized } from "../../lib/audit/export.ts";
import { isOverLimit } from "../../lib/audit/export.ts";
import { auditEventOf, type Told } from "../../lib/audit/fhir.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { Refusal } from "../../lib/refusal.ts";
import { entry, trailHead, user, visit } from "../storage/schema.ts";
import type { NewEntry, Reader, Storage } from "../storage/storage.ts";
import { streamOf } from "../storage/stream.ts";
import type { EvidenceRoom } from "./evidence.ts";
import { sizeIn } from "./export-size.ts";
import { type Fixed, fixedIn, type LineOfPatient, linesIn, linesWhere, type Scope } from "./exported-lines.ts";
import type { Standing } from "./session-filter.ts";

interface Rooms {
  storage: Storage;
  evidence: Pick<EvidenceRoom, "ofSession">;
  ledger: Told["ledger"];
  clinicName: (read: Reader) => Promise<string | null>;
  /** Where people find this server. */
  address: string;
  now: () => Date;
  warn(error: unknown, what: string): void;
}

/** A file on its way. */
export interface Made {
  readonly format: ExportFormat;
  /** Lines, or sessions for evidence, before the last line of the file, which tells of it. */
  readonly items: number;
  readonly stream: ReadableStream<Uint8Array>;
}

export type Exports = ReturnType<typeof openExports>;

/** Files of the trail for elsewhere. Each is on the trail before its first byte is out. */
export function openExports(rooms: Rooms) {
  const { storage, now } = rooms;

  function size(staff: Staff, filter: ExportFilter): Promise<Sized> {
    return storage.transact(async (tx, finish) => {
      await assertKnown(tx, filter);
      const { visitId } = filter;
      const size = await sizeIn(tx, { filter, until: await standing(tx, now()) });
      const { lines, sessions } = size;
      const look = { actor: actorOf(staff), action: "audit.read", visitId, detail: { lines, sessions } } as const;
      return finish(look, size);
    });
  }

  /** Throws `export.over-limit` where it is more than one admin may take along alone. */
  async function make(staff: Staff, asked: ExportAsked): Promise<Made> {
    const id = randomHex(16).slice(2);
    const { scope, found } = await storage.transact(async (tx, finish) => {
      await assertKnown(tx, asked.filter);
      const scope = { filter: asked.filter, until: await standing(tx, now()) };
      const found = await fixedIn(tx, scope, asked.format);
      const { lines, sessions } = found;
      if (isOverLimit(asked.format, found)) throw new Refusal("export.over-limit", { lines, sessions });
      return finish(madeLine(staff, asked, found, id), { scope, found });
    });
    return fileOf(staff, asked.format, scope, found, id);
  }

  /** The file of which the line with this `object` tells. */
  function fileOf(staff: Staff, format: ExportFormat, scope: Scope, found: Fixed, id: string): Made {
    const items = format === "evidence" ? found.sessions : found.lines;
    return { format, items, stream: streamOf(bytesOf(written(staff, format, scope, found, id), rooms.warn)) };
  }

  /** The text of the file, a piece at a time. Ends with the line of the export itself, or breaks off. */
  async function* written(
    staff: Staff,
    format: ExportFormat,
    scope: Scope,
    found: Fixed,
    id: string,
  ): AsyncGenerator<string> {
    const write = await writerFor(format);
    if (format === "csv") yield BYTE_ORDER_MARK + csvRecord(CSV_COLUMNS);
    let items = 0;
    if (format === "evidence")
      for (const visitId of found.visits ?? []) {
        items++;
        yield `${await evidenceOf(staff, visitId)}\n`;
      }
    else
      for await (const lines of linesIn(storage.read, scope, found)) {
        items += lines.length;
        yield lines.map(write).join("");
      }
    const told = format === "evidence" ? found.sessions : found.lines;
    if (items !== told) throw new Error(`An export of ${told} came to ${items}.`);
    const itself = and(eq(entry.action, "export.made"), eq(entry.object, id));
    yield (await linesWhere(storage.read, itself)).map(write).join("");
  }

  async function evidenceOf(staff: Staff, visitId: string): Promise<string> {
    try {
      return textOf(await rooms.evidence.ofSession(staff, visitId));
    } catch (error) {
      if (error instanceof Refusal && error.code.startsWith("evidence."))
        return JSON.stringify({ visitId, refusal: error.code });
      throw error;
    }
  }

  async function writerFor(format: ExportFormat): Promise<(line: LineOfPatient) => string> {
    if (format === "jsonl" || format === "evidence") return ({ entry, act }) => `${JSON.stringify({ entry, act })}\n`;
    const staff = await storage.read.select({ id: user.id, name: user.name }).from(user);
    const names = new Map(staff.map(({ id, name }) => [id, name]));
    const nameOf = ({ entry: { actor } }: LineOfPatient) =>
      names.get(String((actor as { id?: unknown } | null)?.id)) ?? null;
    if (format === "csv") return (line) => csvOf(line, { patient: line.patient, name: nameOf(line) });
    const clinic = (await rooms.clinicName(storage.read)) ?? "";
    const { ledger, address } = rooms;
    return (line) =>
      `${JSON.stringify(auditEventOf(line, { ledger, address, clinic, patient: line.patient, name: nameOf(line) }))}\n`;
  }

  return { size, make, fileOf };
}

/** What the trail says of an export before it is read. */
export const madeLine = (
  staff: Staff,
  { format, filter }: ExportAsked,
  { lines, sessions, first, last, digest }: Fixed,
  id: string,
  more: { request?: string } = {},
): NewEntry => ({
  ...{ actor: actorOf(staff), action: "export.made", visitId: filter.visitId, object: id },
  detail: { format, ...codesOf(filter), lines, sessions, first: first ?? 0, last: last ?? 0, digest, ...more },
});

/** Whom and what a filter names there is: its codes stand on the trail, where nothing may that somebody made up. */
export async function assertKnown(read: Reader, { clinician, visitId }: ExportFilter): Promise<void> {
  if (clinician && (await read.$count(user, eq(user.id, clinician))) === 0) throw new Refusal("staff.not-found");
  if (visitId && (await read.$count(visit, eq(visit.id, visitId))) === 0) throw new Refusal("visit.not-found");
}

export async function standing(read: Reader, at: Date): Promise<Standing> {
  const [head] = await read.select({ number: trailHead.number }).from(trailHead);
  return { at, last: head?.number ?? 0 };
}

/** A filter as the trail keeps it: the visit has its place in the line. */
export const codesOf = ({ visitId: _, ...filter }: ExportFilter): Record<string, string> =>
  Object.fromEntries(Object.entries(filter).filter((pair): pair is [string, string] => pair[1] !== undefined));

/** What breaks it off is told to the log alone: whoever carries the stream would write it down with its values. */
async function* bytesOf(text: AsyncGenerator<string>, warn: Rooms["warn"]): AsyncGenerator<Uint8Array> {
  const encoder = new TextEncoder();
  try {
    for await (const piece of text) if (piece !== "") yield encoder.encode(piece);
  } catch (error) {
    warn(error, "an export broke off");
    throw new Error("The export broke off.");
  }
}
