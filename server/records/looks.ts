import { and, desc, eq, lt } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import { Actor } from "../../lib/audit/entry.ts";
import type { Patient } from "../../lib/auth/person.ts";
import { Kind } from "../../lib/consent/grant.ts";
import { type Look, type Looker, readLooks } from "../../lib/records/looks.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { VisitsForRecords } from "./records.ts";

const LOOKS = 200;

/** The trail of a visit, for its patient: the same lines that the admin sees. That it was read is one more. */
export function answerLooks(door: Door, { storage, visits }: { storage: Storage; visits: VisitsForRecords }): void {
  const read = (patient: Patient, visitId: string, before: number | undefined) =>
    storage.transact(async (tx, finish) => {
      const w = await visits.mine(tx, patient, visitId);
      const { entry } = tables;
      const here = and(eq(entry.visitId, visitId), before ? lt(entry.number, before) : undefined);
      const rows = await tx.select().from(entry).where(here).orderBy(desc(entry.number)).limit(LOOKS);
      const looks = rows.map((row) => lookOf(row, whoOf(row.actor, patient, w.clinician.id)));
      const older = rows.length === LOOKS ? rows[LOOKS - 1]!.number : null;
      return finish({ actor: actorOf(patient), action: "looks.read", visitId }, { looks, older });
    });

  door.on(readLooks, "patient", ({ visitId, before }, patient) => read(patient, visitId, before));
}

function whoOf(written: unknown, patient: Patient, doctor: string): Looker {
  const actor = Actor.parse(written);
  if (actor.is === "staff") return actor.id === doctor ? "doctor" : "staff";
  // Another patient's key in this visit is a stranger who tried.
  if (actor.is === "patient") return actor.id === pseudonymOf(patient.signer) ? "you" : "anyone";
  return actor.is === "nobody" ? "anyone" : actor.is;
}

function lookOf(row: typeof tables.entry.$inferSelect, who: Looker): Look {
  const { number, at, action, object, consent, refusal, detail } = row;
  return { number, at, who, action, object, consent, refusal, kind: Kind.safeParse(detail.kind).data ?? null };
}
