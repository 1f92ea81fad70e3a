import { eq } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { notesHold, readNotes, type SealedNotes, saveNotes } from "../../lib/records/notes.ts";
import { comesAfter } from "../../lib/records/seal.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import type { VisitsForRecords } from "./records.ts";

const NOTES_LARGEST = 128 * 1024;

interface Rooms {
  storage: Storage;
  visits: VisitsForRecords;
  now: () => Date;
}

/** What a doctor writes for themselves beside the picture: sealed to them, kept with the visit, seen by nobody else. */
export function answerNotes(door: Door, { storage, visits, now }: Rooms): void {
  const read = (staff: Staff, visitId: string) =>
    storage.transact<z.input<typeof readNotes.answer>>(async (tx, finish) => {
      const w = await visits.mine(tx, staff, visitId);
      const [row] = await tx.select().from(tables.notes).where(eq(tables.notes.visitId, visitId));
      const entry = { actor: actorOf(staff), action: "notes.read", visitId, consent: w.consent?.id } as const;
      if (!row) return finish(entry, { notes: null });
      const { visitId: _, savedAt, ...kept } = row;
      return finish(
        { ...entry, detail: { version: kept.version } },
        { notes: { ...kept, savedAt: savedAt.toISOString() } },
      );
    });

  const save = async (staff: Staff, visitId: string, notes: SealedNotes) => {
    if (!staff.person) throw new Refusal("key.not-enrolled");
    // Nobody else's business: sealed by the person, whichever device they write on.
    const own = staff.keys.some(({ recipient }) => recipient === notes.recipient);
    if (!own || !(await notesHold(visitId, notes, staff.person))) throw new Refusal("signature.wrong");
    const { version } = notes;
    return storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const w = await visits.mine(tx, staff, visitId);
      if (w.visit.erasedAt) throw new Refusal("record.erased");
      const [before] = await tx.select().from(tables.notes).where(eq(tables.notes.visitId, visitId));
      if (!(await comesAfter(notes, before ?? null))) throw new Refusal("notes.newer");
      const row = { visitId, ...notes, savedAt: now() };
      await tx.insert(tables.notes).values(row).onConflictDoUpdate({ target: tables.notes.visitId, set: row });
      return finish(
        { actor: actorOf(staff), action: "notes.saved", visitId, consent: w.consent?.id, detail: { version } },
        { version, savedAt: row.savedAt.toISOString() },
      );
    });
  };

  door.on(readNotes, "clinician", ({ visitId }, staff) => read(staff, visitId));
  door.on(saveNotes, "clinician", ({ visitId, ...notes }, staff) => save(staff, visitId, notes), {
    largest: NOTES_LARGEST,
  });
}
