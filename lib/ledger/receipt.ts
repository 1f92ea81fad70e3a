import * as z from "zod/mini";
import { Bytes32, Seconds, Signature } from "../wire.ts";

/**
 * The server's signed promise that an act is on the ledger by its deadline, like the timestamp of a certificate log and its
 * merge delay. `act` is the act's EIP-712 struct hash, `number` its place in the outbox; times are Unix seconds. `promise.ts`
 * says whether it holds.
 */
export const Receipt = z.strictObject({
  act: Bytes32,
  number: z.int().check(z.gte(1)),
  savedAt: Seconds,
  deadline: Seconds,
  signature: Signature,
});
export type Receipt = z.infer<typeof Receipt>;

/** In an answer. What is no receipt is none: the act is kept all the same, and the browser that sent it warns. */
export const ReceiptOrNone = z.pipe(
  z.optional(z.custom<Receipt | null>()),
  z.transform((said) => Receipt.safeParse(said).data ?? null),
);
