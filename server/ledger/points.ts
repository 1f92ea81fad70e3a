/**
 * Moments between which a process can die, in the order an act meets them; tests stop here.
 * The outbox: `storing` (signed, not stored) · `stored` · `sent` (the node took them) · `received` (receipts read, acts
 * not moved) · `moved`. The embedded chain, between `stored` and `sent`: `journaling` (a block not in the journal yet) ·
 * `journaled` · `mined` · `hashed`; and beside it `snapshotting` (the file is written, not in its place) · `snapshotted`.
 */
export type Point =
  | "storing"
  | "stored"
  | "journaling"
  | "journaled"
  | "mined"
  | "hashed"
  | "sent"
  | "received"
  | "moved"
  | "snapshotting"
  | "snapshotted";
export type AtPoint = (point: Point) => void | Promise<void>;
