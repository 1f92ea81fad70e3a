import * as z from "zod/mini";
import type { Keys } from "../keyring/keyring.ts";
import { VisitId } from "../visits/visit.ts";
import { endpoint, Seconds, Signature, Signer } from "../wire.ts";
import { Background } from "./background.ts";
import { keepFor, keptFor, keptHolds, openKept, type Seen } from "./seal.ts";

/**
 * A patient's own list: which visits were theirs, and what they noted. Each visit has its own key, so nobody but the
 * patient can put two of them together; on a new device this list is how they are found again.
 */
export const Folder = z.object({
  visits: z.array(VisitId).check(z.maxLength(5_000)),
  background: Background,
});
export type Folder = z.infer<typeof Folder>;

/** What its owner signs an `Opening` of. */
export const FOLDER = "folder";

export const emptyFolder: Folder = { visits: [], background: { allergies: "", medicines: "" } };

/** For the keys of the purpose `folder`, and sealed by them. */
const SealedFolder = keptFor(300_000);
export type SealedFolder = z.infer<typeof SealedFolder>;

/** Null before the first save. Who asks shows that they hold the key. */
export const readFolder = endpoint({
  method: "POST",
  path: "/api/folders/open",
  ask: z.strictObject({ signer: Signer, at: Seconds, proof: Signature }),
  answer: z.object({ folder: z.nullable(SealedFolder) }),
});

/** Replaces the folder whose `version` is one less; `folder.newer` when another device was faster. */
export const saveFolder = endpoint({
  method: "POST",
  path: "/api/folders",
  ask: z.strictObject({ ...SealedFolder.shape, signer: Signer }),
  answer: z.object({ version: z.int() }),
});

const what = { visit: "", type: "folder" } as const;

export const sealFolder = (folder: Folder, before: Seen | null, keys: Keys): Promise<SealedFolder> =>
  keepFor(what, folder, before, keys);

/** True when this key sealed it, in this version. */
export const folderHolds = (folder: SealedFolder, signer: string): Promise<boolean> => keptHolds(what, folder, signer);

/** Throws when it is another's or was changed. */
export async function openFolder(sealed: SealedFolder, keys: Keys): Promise<Folder> {
  return Folder.parse(await openKept(what, sealed, keys));
}
