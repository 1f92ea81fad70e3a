import * as z from "zod/mini";
import type { Keys } from "../keyring/keyring.ts";
import { VisitId } from "../visits/visit.ts";
import { endpoint, Instant } from "../wire.ts";
import { keepFor, keptFor, keptHolds, openKept, type Seen } from "./seal.ts";

/** UTF-16 units. */
export const LONGEST_NOTES = 16_000;
const Notes = z.object({ text: z.string().check(z.maxLength(LONGEST_NOTES)) });

/** An age file for the doctor who wrote them, sealed by that doctor. */
const SealedNotes = keptFor(90_000);
export type SealedNotes = z.infer<typeof SealedNotes>;

/** The doctor's own notes of a visit, or null before the first save: a read that goes on the trail. */
export const readNotes = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/notes",
  ask: z.strictObject({ visitId: VisitId }),
  answer: z.object({ notes: z.nullable(z.extend(SealedNotes, { savedAt: Instant })) }),
});

/** Replaces the notes whose `version` is one less; `notes.newer` when another page was faster. */
export const saveNotes = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/notes",
  ask: z.strictObject({ ...SealedNotes.shape, visitId: VisitId }),
  answer: z.object({ version: z.int(), savedAt: Instant }),
});

const notesOf = (visit: string) => ({ visit, type: "notes" }) as const;

export const sealNotes = (visitId: string, text: string, before: Seen | null, keys: Keys): Promise<SealedNotes> =>
  keepFor(notesOf(visitId), { text } satisfies z.infer<typeof Notes>, before, keys);

/** True when these are notes of this visit, in this version, by this signer. */
export const notesHold = (visitId: string, notes: SealedNotes, signer: string): Promise<boolean> =>
  keptHolds(notesOf(visitId), notes, signer);

/** Throws when they are another's, of another visit or version, or were changed. */
export async function openNotes(visitId: string, notes: SealedNotes, keys: Keys): Promise<string> {
  return Notes.parse(await openKept(notesOf(visitId), notes, keys)).text;
}
