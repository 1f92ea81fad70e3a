import * as z from "zod/mini";
import { Consent } from "../consent/grant.ts";
import { Signature } from "../wire.ts";
import { MemberId } from "./member.ts";

// Apart from who checks it: a page knows what it is told before anything of cryptography is there.

/** A permission as the ledger knows it, and for whom of the call it was given: the doctor or a guest. */
export const Permission = z.object({ member: MemberId, consent: Consent, signature: Signature });
export type Permission = z.infer<typeof Permission>;
