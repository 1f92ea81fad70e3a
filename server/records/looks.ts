import { and, desc, eq, lt } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import { Actor } from "../../lib/audit/entry.ts";
import type { Patient } from "../../lib/auth/person.ts";
import { Kind } from "../../lib/consent/grant.ts";
import { type Look, type Looker, readLooks } from "../../lib/records/looks.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import type { VisitsForRecords } from "./records.ts";

const LOOKS = 200;

/** The trail of a visit, for its patient: the same lines that the admin sees. That it was read is one more. */
export function answerLooks(door: Door, { storage, visits }: { storage: Storage; visits: VisitsForRecords }): void {
  const read = (patient: Patient, { visitId, before, nonce }: z.infer<typeof readLooks.ask>) =>
    storage.transact(async (tx, finish) => {
      const w = await visits.mine(tx, patient, visitId);
      const { entry } = tables;
      const here = and(eq(entry.visitId, visitId), before ? lt(entry.number, before) : undefined);
      const rows = await tx.select().from(entry).where(here).orderBy(desc(entry.number)).limit(LOOKS);
      const readers = await readersOf(tx, visitId);
      const looks = rows.map((row) => lookOf(row, whoOf(row.actor, patient, w.clinician.id, readers)));
      const older = rows.length === LOOKS ? rows[LOOKS - 1]!.number : null;
      const detail: Record<string, string> = nonce === undefined ? {} : { nonce };
      return finish({ actor: actorOf(patient), action: "looks.read", visitId, detail }, { looks, older });
    });

  door.on(readLooks, "patient", (asked, patient) => read(patient, asked));
}

/** Everyone this visit's patient ever let read, by their ids. */
async function readersOf(read: Reader, visitId: string): Promise<ReadonlyMap<string, string>> {
  const rows = await read
    .select({ id: tables.user.id, name: tables.user.name })
    .from(tables.share)
    .innerJoin(tables.user, eq(tables.user.id, tables.share.clinicianId))
    .where(eq(tables.share.visitId, visitId));
  return new Map(rows.map(({ id, name }) => [id, name]));
}

type Who = Pick<Look, "who" | "name">;

function whoOf(written: unknown, patient: Patient, doctor: string, readers: ReadonlyMap<string, string>): Who {
  const actor = Actor.parse(written);
  const nameless = (who: Looker): Who => ({ who, name: null });
  if (actor.is === "staff") {
    const name = readers.get(actor.id);
    if (actor.id !== doctor && name !== undefined) return { who: "reader", name };
    return nameless(actor.id === doctor ? "doctor" : "staff");
  }
  // Another patient's key in this visit is a stranger who tried.
  if (actor.is === "patient") return nameless(actor.id === pseudonymOf(patient.signer) ? "you" : "anyone");
  return nameless(actor.is === "nobody" ? "anyone" : actor.is);
}

function lookOf(row: typeof tables.entry.$inferSelect, who: Who): Look {
  const { number, at, action, object, consent, refusal, detail } = row;
  return { number, at, ...who, action, object, consent, refusal, kind: Kind.safeParse(detail.kind).data ?? null };
}
