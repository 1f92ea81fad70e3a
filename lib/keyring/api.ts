import * as z from "zod/mini";
import { Bytes32, Empty, endpoint } from "../wire.ts";

/**
 * A locker holds what a passkey opens, so that the passkey brings a keyring to a new device. Its id comes from the passkey's
 * own secret, as the key to its content does: who knows the one has the other, and the server keeps only the id's hash.
 */
const Sealed = z.string().check(z.regex(/^0x[0-9a-f]{40,256}$/));

/** Kept once and never changed: the same again is nothing new, another content is refused. */
export const keepLocker = endpoint({
  method: "POST",
  path: "/api/lockers",
  ask: z.strictObject({ id: Bytes32, sealed: Sealed }),
  answer: Empty,
});

/** `locker.not-found` where there is none. */
export const openLocker = endpoint({
  method: "POST",
  path: "/api/lockers/open",
  ask: z.strictObject({ id: Bytes32 }),
  answer: z.object({ sealed: Sealed }),
});

/** Gone for good; to throw away what is not there is no fault. */
export const dropLocker = endpoint({
  method: "POST",
  path: "/api/lockers/drop",
  ask: z.strictObject({ id: Bytes32 }),
  answer: Empty,
});
