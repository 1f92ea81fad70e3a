import { statfsSync } from "node:fs";
import type { Action } from "../../lib/audit/entry.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { NewEntry } from "./storage.ts";

/** The disk a folder is on, in bytes: all of it, and what may still be written. */
export interface Space {
  total: number;
  free: number;
}

export function spaceOf(folder: string): Space {
  const { bsize, blocks, bavail } = statfsSync(folder);
  return { total: blocks * bsize, free: bavail * bsize };
}

/**
 * What must stay free, in bytes. The embedded database does not survive a log it cannot lengthen, by 16 MB at a time, so
 * it is never let that far; and what matters most goes on longest.
 */
export const RESERVE = {
  /** New files stop here. */
  files: 128 * 2 ** 20,
  /** New visits, permissions and records stop here, and the outbox waits. */
  changes: 64 * 2 ** 20,
  /** Looking, refusing and closing access stop here. */
  always: 32 * 2 ** 20,
};

/** Throws `Refusal("storage.full")` where writing this many bytes would leave less than the reserve. */
export function assertRoom(folder: string, reserve: keyof typeof RESERVE, bytes = 0): void {
  if (spaceOf(folder).free - bytes < RESERVE[reserve]) throw new Refusal("storage.full");
}

const always = new Set<Action>([
  ...(["staff.signed-in", "staff.signed-out", "link.opened", "visit.opened"] as const),
  ...([
    "visit.listed",
    "visit.read",
    "record.listed",
    "record.read",
    "file.read",
    "audit.read",
    "audit.follow-began",
    "audit.follow-ended",
  ] as const),
  ...([
    "guest.revoked",
    "guest.left",
    "guest.turned-away",
    "guest.not-private",
    "notice.withdrawn",
    "notes.read",
    "looks.read",
    "evidence.made",
    "export.made",
    "export.refused",
    "export.withdrawn",
    "folder.read",
    "locker.opened",
    "background.read",
    "background.withdrawn",
    "prescription.shown",
    "prescription.dispensed",
    "prescription.cancelled",
    "locker.dropped",
  ] as const),
  ...(["share.revoked", "share.listed", "shared.listed", "shared.read", "erasure.read", "erasure.listed"] as const),
  ...(["store.lost", "store.back", "store.damaged", "store.repaired"] as const),
  ...(["staff.removed", "staff.confirmed", "invitation.withdrawn"] as const),
  ...(["consent.revoked", "key.removed", "visit.ended", "visit.declined", "call.left", "call.not-private"] as const),
]);

/** How far down the disk a change with these lines may still be made. */
export function reserveFor(entries: readonly NewEntry[]): keyof typeof RESERVE {
  return entries.every(({ action, refusal }) => refusal !== undefined || always.has(action)) ? "always" : "changes";
}
