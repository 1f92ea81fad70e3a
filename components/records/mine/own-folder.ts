import type { Keys } from "@/lib/keyring/keyring.ts";
import { signOpening } from "@/lib/keyring/opening.ts";
import { PATIENT } from "@/lib/keyring/owners.ts";
import { keysHere } from "@/lib/keyring/ring.browser.ts";
import {
  emptyFolder,
  FOLDER,
  type Folder,
  openFolder,
  readFolder,
  saveFolder,
  sealFolder,
} from "@/lib/records/folder.ts";
import { assertNotRolledBack, type Seen, seenOf } from "@/lib/records/seal.ts";
import { forgetSeen, rememberSeen, seenHere } from "@/lib/records/seen.browser.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask } from "@/lib/wire.ts";
import { knownVisits, rememberVisit } from "./known-visits.ts";

const TRIES = 4;

/** Null where this browser has no keyring. Rejects when it is locked. */
const folderKeys = (): Promise<Keys | null> => keysHere(PATIENT, "folder");

const whatOf = ({ signer }: Keys) => `${FOLDER}/${signer}`;

/** Rejects with `RolledBack` when the server gave an older one than was seen here. */
async function read(keys: Keys): Promise<{ folder: Folder; seen: Seen | null }> {
  const { folder } = await ask(readFolder, await signOpening(FOLDER, keys, new Date()));
  if (!folder) return { folder: emptyFolder, seen: null };
  const opened = await openFolder(folder, keys);
  const seen = await assertNotRolledBack(folder, seenHere(whatOf(keys)));
  rememberSeen(whatOf(keys), seen);
  return { folder: opened, seen };
}

/** Reads, changes and saves; again when another device was faster. Saves nothing when nothing changed. */
async function change(keys: Keys, how: (folder: Folder) => Folder): Promise<Folder> {
  for (let tries = 1; ; tries += 1) {
    const { folder, seen } = await read(keys);
    const changed = how(folder);
    if (changed === folder) return folder;
    try {
      const sealed = await sealFolder(changed, seen, keys);
      await ask(saveFolder, { signer: keys.signer, ...sealed });
      rememberSeen(whatOf(keys), await seenOf(sealed));
      return changed;
    } catch (fault) {
      if (!(fault instanceof Refusal && fault.code === "folder.newer") || tries >= TRIES) throw fault;
    }
  }
}

const withVisits =
  (ids: readonly string[]) =>
  (folder: Folder): Folder => {
    const more = ids.filter((id) => !folder.visits.includes(id));
    return more.length === 0 ? folder : { ...folder, visits: [...folder.visits, ...more] };
  };

/** The patient's folder with the visits that this browser knows in it, and this browser's list with those of the folder. */
export async function syncFolder(): Promise<Folder | null> {
  const keys = await folderKeys();
  if (!keys) return null;
  const folder = await change(keys, withVisits(knownVisits()));
  for (const id of folder.visits) rememberVisit(id);
  return folder;
}

/** The patient says that the older one which came is to be used. */
export async function takeOlderFolder(): Promise<void> {
  const keys = await folderKeys();
  if (keys) forgetSeen(whatOf(keys));
}

/** What the patient noted for their doctors. */
export async function saveBackground(background: Folder["background"]): Promise<Folder | null> {
  const keys = await folderKeys();
  return keys && change(keys, (folder) => ({ ...folder, background }));
}
