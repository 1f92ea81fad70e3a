import { and, asc, desc, eq, gte, ilike, inArray, lt, type SQL } from "drizzle-orm";
import type { PgColumn } from "drizzle-orm/pg-core";
import { actorOf } from "../../lib/audit/actor.ts";
import { EVENTS_PAGE } from "../../lib/audit/events.ts";
import type { Found } from "../../lib/audit/search.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { patientCodeIn } from "../../lib/visits/pseudonym.ts";
import { act, consent, entry, record, user, visit } from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { visitsWith } from "./events.ts";

/** Of each meaning at most. */
const MOST = 5;
/** Fewer digits than this of an id say too little. */
const SHORTEST = 4;

export const openSearch =
  ({ storage }: { storage: Storage }) =>
  (staff: Staff, text: string): Promise<{ found: Found[] }> =>
    storage.transact(async (tx, finish) => {
      const found = [
        ...(await byNumber(tx, text)),
        ...(await byCode(tx, text)),
        ...(await byVisit(tx, text)),
        ...(await byId(tx, text)),
        ...(await byName(tx, text)),
      ];
      return finish({ actor: actorOf(staff), action: "audit.read", detail: { found: found.length } }, { found });
    });

async function byNumber(read: Reader, text: string): Promise<Found[]> {
  if (!/^#?\d[\d., ]{0,14}$/.test(text)) return [];
  const number = Number(text.replace(/\D/g, ""));
  const [line] = await read.select({ visitId: entry.visitId }).from(entry).where(eq(entry.number, number));
  return line ? [{ is: "line", number, visitId: line.visitId }] : [];
}

async function byCode(read: Reader, text: string): Promise<Found[]> {
  const code = patientCodeIn(text);
  if (code === null) return [];
  return (await visitsWith(read, code)).slice(0, MOST).map((visitId) => ({ is: "patient", code, visitId }));
}

async function byVisit(read: Reader, text: string): Promise<Found[]> {
  const id = /^(?:0x)?([0-9a-f]{8,32})$/.exec(text.toLowerCase())?.[1];
  if (!id) return [];
  const rows = await read
    .select({ id: visit.id, at: visit.happenedAt, clinician: user.name })
    .from(visit)
    .innerJoin(user, eq(user.id, visit.clinicianId))
    .where(begins(visit.id, id))
    .orderBy(asc(visit.id))
    .limit(MOST);
  return rows.map(({ id, at, clinician }) => ({ is: "visit", visitId: id, at: at.toISOString(), clinician }));
}

/** `0x8c41…e02b`, as the console writes it, its beginning alone, or all of it. */
async function byId(read: Reader, text: string): Promise<Found[]> {
  const [, from = "", to = ""] = /^(?:0x)?([0-9a-f]{1,64})(?:(?:…|\.{2,3})([0-9a-f]{1,64}))?$/i.exec(text) ?? [];
  if (from.length < SHORTEST) return [];
  const prefix = `0x${from.toLowerCase()}`;
  const fits = (id: string | null) => id?.endsWith(to.toLowerCase()) === true;
  const at = (column: PgColumn) => ({ where: begins(column, prefix), most: to ? 200 : MOST });

  const records = await read
    .select({ id: record.id, visitId: record.visitId })
    .from(record)
    .where(at(record.id).where)
    .orderBy(asc(record.id))
    .limit(at(record.id).most);
  const consents = await read
    .select({ id: consent.id, visitId: consent.visitId })
    .from(consent)
    .where(at(consent.id).where)
    .orderBy(asc(consent.id))
    .limit(at(consent.id).most);
  const transactions = await read
    .selectDistinct({ hash: act.transaction })
    .from(act)
    .where(at(act.transaction).where)
    .orderBy(asc(act.transaction))
    .limit(at(act.transaction).most);
  const found: Found[] = [
    ...records.filter(({ id }) => fits(id)).map((row) => ({ is: "record" as const, ...row })),
    ...consents.filter(({ id }) => fits(id)).map((row) => ({ is: "permission" as const, ...row })),
  ];
  for (const { hash } of transactions.filter(({ hash }) => fits(hash)).slice(0, MOST)) {
    found.push({ is: "transaction", hash: hash!, numbers: await linesIn(read, hash!) });
  }
  return found;
}

async function linesIn(read: Reader, transaction: string): Promise<number[]> {
  const acts = read.select({ id: act.id }).from(act).where(eq(act.transaction, transaction));
  const rows = await read
    .select({ number: entry.number })
    .from(entry)
    .where(inArray(entry.actId, acts))
    .orderBy(desc(entry.number))
    .limit(EVENTS_PAGE);
  return rows.map(({ number }) => number);
}

async function byName(read: Reader, text: string): Promise<Found[]> {
  if (!/\p{L}{2}/u.test(text) || /^0x/i.test(text)) return [];
  const pattern = `%${text.replace(/[\\%_]/g, "\\$&")}%`;
  const rows = await read
    .select({ id: user.id, name: user.name })
    .from(user)
    .where(ilike(user.name, pattern))
    .orderBy(asc(user.name))
    .limit(MOST);
  return rows.map((row) => ({ is: "staff", ...row }));
}

/** By index: what begins with these digits is from them on to before what comes after the last digit there is. */
const begins = (column: PgColumn, digits: string): SQL | undefined =>
  and(gte(column, digits), lt(column, `${digits}g`));
