import * as z from "zod/mini";
import type { Keys } from "../keyring/keyring.ts";
import { VisitId } from "../visits/visit.ts";
import { Empty, endpoint, Instant } from "../wire.ts";
import { type Kept, keepFor, keptFor, keptHolds, openKept, type Seen } from "./seal.ts";

/** What a patient wants a doctor to know before anything is prescribed. It is theirs, and shown to those they choose. */
export const Background = z.object({
  allergies: z.string().check(z.trim(), z.maxLength(1_000)),
  medicines: z.string().check(z.trim(), z.maxLength(1_000)),
});
export type Background = z.infer<typeof Background>;

/** An age file for the visit's doctor, sealed by its patient. */
const SealedBackground = keptFor(24_000);
type SealedBackground = Kept;

const OfVisit = z.strictObject({ visitId: VisitId });
const path = "/api/visits/:visitId/background";

/** Null where the patient showed nothing: a read that goes on the trail. */
export const readBackground = endpoint({
  method: "GET",
  path,
  ask: OfVisit,
  answer: z.object({ background: z.nullable(z.extend(SealedBackground, { sharedAt: Instant })) }),
});

/** In place of what was shown before; `record.number-taken` when another device was faster. */
export const shareBackground = endpoint({
  method: "POST",
  path,
  ask: z.strictObject({ ...SealedBackground.shape, visitId: VisitId }),
  answer: z.object({ sharedAt: Instant }),
});

/** From now on it is read no more. What the doctor read is read. */
export const withdrawBackground = endpoint({
  method: "POST",
  path: `${path}/withdraw`,
  ask: OfVisit,
  answer: Empty,
});

const ofVisit = (visit: string) => ({ visit, type: "background" }) as const;

export const sealBackground = (
  visitId: string,
  background: Background,
  about: { doctor: string; before: Seen | null; keys: Keys },
): Promise<SealedBackground> =>
  keepFor(ofVisit(visitId), Background.parse(background), about.before, about.keys, about.doctor);

/** True when this signer shows it, in this visit and version. */
export const backgroundHolds = (visitId: string, kept: SealedBackground, signer: string): Promise<boolean> =>
  keptHolds(ofVisit(visitId), kept, signer);

/** Throws when it is not the patient's, of another visit, or was changed. */
export async function openBackground(
  visitId: string,
  kept: SealedBackground,
  patient: string,
  keys: Keys,
): Promise<Background> {
  return Background.parse(await openKept(ofVisit(visitId), kept, keys, patient));
}
