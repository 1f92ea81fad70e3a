import { z } from "zod";
import { digestOf } from "../consent/typed-data.ts";
import { fromBase64, sha256 } from "../keyring/bytes.ts";
import { type Keys, signedBy } from "../keyring/keyring.ts";
import { openSealed, sealFor } from "../keyring/sealed.ts";
import { VisitId } from "../visits/visit.ts";
import { Base64, endpoint, Instant, Signature } from "../wire.ts";

/** UTF-16 units. */
export const LONGEST_NOTES = 16_000;
const Notes = z.object({ text: z.string().max(LONGEST_NOTES) });

/** `sealed` is an age file for the doctor who wrote it, `seal` the doctor's signature over `Notes`. */
const SealedNotes = z.object({ sealed: Base64.max(90_000), seal: Signature, version: z.int().min(1).max(1_000_000) });
export type SealedNotes = z.infer<typeof SealedNotes>;

/** The doctor's own notes of a visit, or null before the first save: a read that goes on the trail. */
export const readNotes = endpoint({
  method: "GET",
  path: "/api/visits/:visitId/notes",
  ask: z.object({ visitId: VisitId }).strict(),
  answer: z.object({ notes: SealedNotes.extend({ savedAt: Instant }).nullable() }),
});

/** Replaces the notes whose `version` is one less; `notes.newer` when another page was faster. */
export const saveNotes = endpoint({
  method: "POST",
  path: "/api/visits/:visitId/notes",
  ask: SealedNotes.extend({ visitId: VisitId }).strict(),
  answer: z.object({ version: z.int(), savedAt: Instant }),
});

const ciphertextOf = (sealed: string): Promise<string> => sha256(fromBase64(sealed));

export async function sealNotes(about: {
  visitId: string;
  text: string;
  version: number;
  keys: Keys;
}): Promise<SealedNotes> {
  const { visitId, text, version, keys } = about;
  const sealed = await sealFor([keys.recipient], { text } satisfies z.infer<typeof Notes>);
  const ciphertext = await ciphertextOf(sealed);
  return { sealed, seal: await keys.sign(digestOf("Notes", { visit: visitId, ciphertext, version })), version };
}

/** True when these are notes of this visit, in this version, by this signer. */
export async function notesHold(visitId: string, notes: SealedNotes, signer: string): Promise<boolean> {
  const ciphertext = await ciphertextOf(notes.sealed);
  return signedBy(signer, digestOf("Notes", { visit: visitId, ciphertext, version: notes.version }), notes.seal);
}

/** Throws when they are another's, of another visit or version, or were changed. */
export async function openNotes(visitId: string, notes: SealedNotes, keys: Keys): Promise<string> {
  if (!(await notesHold(visitId, notes, keys.signer))) throw new Error("These notes are not what was written.");
  return Notes.parse(await openSealed(keys, notes.sealed)).text;
}
