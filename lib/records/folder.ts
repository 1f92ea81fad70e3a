import { z } from "zod";
import { digestOf } from "../consent/typed-data.ts";
import { fromBase64, sha256 } from "../keyring/bytes.ts";
import { type Keys, signedBy } from "../keyring/keyring.ts";
import { openSealed, sealFor } from "../keyring/sealed.ts";
import { VisitId } from "../visits/visit.ts";
import { Base64, endpoint, Seconds, Signature, Signer } from "../wire.ts";

/** What a patient wants a doctor to know before anything is prescribed; shown to those they choose. */
export const Background = z.object({
  allergies: z.string().trim().max(1_000),
  medicines: z.string().trim().max(1_000),
});
export type Background = z.infer<typeof Background>;

/**
 * A patient's own list: which visits were theirs, and what they noted. Each visit has its own key, so nobody but the
 * patient can put two of them together; on a new device this list is how they are found again.
 */
export const Folder = z.object({
  visits: z.array(VisitId).max(5_000),
  background: Background,
});
export type Folder = z.infer<typeof Folder>;

/** What its owner signs an `Opening` of. */
export const FOLDER = "folder";

export const emptyFolder: Folder = { visits: [], background: { allergies: "", medicines: "" } };

/** `sealed` is an age file for the keys of the purpose `folder`, `seal` their signature over `Folder`. */
const SealedFolder = z.object({ sealed: Base64.max(300_000), seal: Signature, version: z.int().min(1).max(1_000_000) });
export type SealedFolder = z.infer<typeof SealedFolder>;

/** Null before the first save. Who asks shows that they hold the key. */
export const readFolder = endpoint({
  method: "POST",
  path: "/api/folders/open",
  ask: z.object({ signer: Signer, at: Seconds, proof: Signature }).strict(),
  answer: z.object({ folder: SealedFolder.nullable() }),
});

/** Replaces the folder whose `version` is one less; `folder.newer` when another device was faster. */
export const saveFolder = endpoint({
  method: "POST",
  path: "/api/folders",
  ask: SealedFolder.extend({ signer: Signer }).strict(),
  answer: z.object({ version: z.int() }),
});

export async function sealFolder(folder: Folder, version: number, keys: Keys): Promise<SealedFolder> {
  const sealed = await sealFor([keys.recipient], folder);
  const ciphertext = await sha256(fromBase64(sealed));
  return { sealed, seal: await keys.sign(digestOf("Folder", { ciphertext, version })), version };
}

/** True when this key sealed it, in this version. */
export async function folderHolds({ sealed, seal, version }: SealedFolder, signer: string): Promise<boolean> {
  return signedBy(signer, digestOf("Folder", { ciphertext: await sha256(fromBase64(sealed)), version }), seal);
}

/** Throws when it is another's or was changed. */
export async function openFolder(sealed: SealedFolder, keys: Keys): Promise<Folder> {
  if (!(await folderHolds(sealed, keys.signer))) throw new Error("This folder is not what was kept.");
  return Folder.parse(await openSealed(keys, sealed.sealed));
}
