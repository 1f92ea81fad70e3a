import type { FileRoom } from "../records/api.ts";
import { LARGEST_FILE } from "../records/record.ts";
import type { Transfer } from "./transfer.ts";

/** How many files one side may offer in a call: enough for anyone, too few to fill the other's disk. */
const MOST = 100;

const sizeOf = (files: readonly Transfer[]) => files.reduce((sum, { size }) => sum + size, 0);

/** Whether one more that is offered is more than a visit has, or more under way at once than a device should be asked to hold. */
export function isTooMuch(size: number, known: readonly Transfer[]): boolean {
  const waiting = known.filter(({ direction, state }) => direction === "in" && state !== "arrived");
  return known.length >= MOST || sizeOf(waiting) + size > 2 * LARGEST_FILE;
}

/** Whether one more has room beside what was chosen before and is not kept yet. */
export function fits(size: number, known: readonly Transfer[], room: FileRoom): boolean {
  const before = known.filter(
    ({ direction, state, recording }) =>
      direction === "out" && state !== "refused" && state !== "cancelled" && recording.is !== "recorded",
  );
  return before.length < room.files && sizeOf(before) + size <= room.bytes;
}
