import * as z from "zod/mini";
import { Bytes32 } from "../wire.ts";

/** Peer to peer. The doctor commits, the patient answers with a nonce, the doctor opens; then the patient says what was heard. */
export const SafetyMessage = z.discriminatedUnion("is", [
  /** The patient opened the check. */
  z.object({ is: z.literal("safety:wanted") }),
  z.object({ is: z.literal("safety:committed"), commitment: Bytes32 }),
  z.object({ is: z.literal("safety:answered"), nonce: Bytes32 }),
  z.object({ is: z.literal("safety:opened"), nonce: Bytes32 }),
  z.object({ is: z.literal("safety:compared"), match: z.boolean() }),
  z.object({ is: z.literal("safety:closed") }),
]);
export type SafetyMessage = z.infer<typeof SafetyMessage>;
