import * as z from "zod/mini";
import { Instant } from "../wire.ts";

/** One place that files are kept in, in figures. */
export const StoreFigures = z.object({
  /** `file:/folder` or `s3:https://host/bucket`. */
  name: z.string(),
  /** `full` can be read and not written to; `foreign` belongs to another installation, or was never ours. */
  state: z.enum(["up", "full", "away", "foreign"]),
  since: Instant,
  files: z.int(),
  bytes: z.number(),
  /** Files that should be there and are not, or not whole: to be copied from another store. */
  owed: z.int(),
  /** Since the beginning: copies found gone, found changed, and put right. */
  missing: z.int(),
  damaged: z.int(),
  repaired: z.int(),
  /** Files that were not read since they came, and since when all others were read and compared. */
  unread: z.int(),
  checkedSince: z.nullable(Instant),
});
export type StoreFigures = z.infer<typeof StoreFigures>;

/** All of them. `lost` files are whole in no store that we know of. */
export const StoresFigures = z.object({ stores: z.array(StoreFigures), lost: z.int() });
export type StoresFigures = z.infer<typeof StoresFigures>;

/** For whoever asks after our health: how the stores are, not where. */
export function withoutPlaces({ stores, lost }: StoresFigures) {
  return { stores: stores.map(({ name, ...figures }) => ({ is: name.slice(0, name.indexOf(":")), ...figures })), lost };
}

/**
 * How many of so many stores must have a file before it counts as kept: more than half. With two, the one that is left goes
 * on alone, and what it keeps is as safe as in one folder until the other is back.
 */
export const enoughOf = (stores: number) => (stores === 2 ? 1 : Math.floor(stores / 2) + 1);
