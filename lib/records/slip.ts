import * as z from "zod/mini";
import { Consent } from "../consent/grant.ts";
import { fromBase64Url, fromHex, sha256, toBase64Url, toHex } from "../keyring/bytes.ts";
import { ageKeys, hkdf, type Keys } from "../keyring/keyring.ts";
import { openSealed, sealFor } from "../keyring/sealed.ts";
import { LedgerOfFile } from "../ledger/submission.ts";
import { VisitId } from "../visits/visit.ts";
import { Base64, Bytes32, endpoint, Instant, Signature } from "../wire.ts";
import { EnvelopeView } from "./api.ts";
import { Cancellation } from "./cancellation.ts";
import { goodUntil, type Prescription, timesOf } from "./prescription.ts";
import { type NewSlip, SlipState } from "./record.ts";

/**
 * The right to a prescription on paper. Its secret (`Prescription.slip`) is in the QR code, behind the `#` of an address, so no
 * server sees it. From it come what opens the envelope and a token; the server knows the token's hash.
 */
export interface Slip extends Pick<Keys, "recipient" | "open"> {
  readonly token: string;
}

export async function slipOf(secret: string): Promise<Slip> {
  const bytes = fromBase64Url(secret);
  const [token, age] = await Promise.all([
    hkdf(bytes, "assent/1/slip/token", 32),
    hkdf(bytes, "assent/1/slip/age", 32),
  ]);
  return { token: toHex(token), ...(await ageKeys(age)) };
}

/** What the server keeps of a token. */
export const tokenHashOf = (token: string): Promise<string> => sha256(fromHex(token));

/** What goes with the record of a prescription, and whom besides the two people its envelope is sealed to. */
export async function slipFor(prescription: Prescription): Promise<{ slip: NewSlip; recipient: string }> {
  const { token, recipient } = await slipOf(prescription.slip);
  const until = Math.floor(goodUntil(prescription).getTime() / 1000);
  const slip = { tokenHash: await tokenHashOf(token), until, times: timesOf(prescription) };
  return { slip, recipient };
}

/** What the QR code says: `/verify#<record>.<secret>`, both in 43 characters. */
export const slipLinkOf = (origin: string, record: string, secret: string): string =>
  `${origin}/verify#${toBase64Url(fromHex(record))}.${secret}`;

/** The record and the secret of a fragment or of a whole link; null for any other. */
export function slipIn(text: string): { record: string; secret: string } | null {
  const [, record, secret] = /(?:^|#)([\w-]{43})\.([\w-]{43})$/.exec(text) ?? [];
  if (!record || !secret) return null;
  try {
    fromBase64Url(secret);
    return { record: toHex(fromBase64Url(record)), secret };
  } catch {
    return null; // 43 characters that are no 32 bytes
  }
}

/** What people read to each other to know that they hold the same paper: `7KQ4-M2VD`, of the record's id. */
export const slipNumber = (record: string): string => {
  const letters = Array.from(fromHex(record).subarray(0, 8), (byte) => "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[byte % 32]);
  return `${letters.slice(0, 4).join("")}-${letters.slice(4).join("")}`;
};

/** Who gave it out, as they call themselves. */
const DispenseNote = z.strictObject({
  record: Bytes32,
  pharmacy: z.string().check(z.trim(), z.minLength(1), z.maxLength(120)),
  person: z.string().check(z.trim(), z.maxLength(120)),
});
export type DispenseNote = z.infer<typeof DispenseNote>;

export const sealNote = (note: DispenseNote, recipients: readonly string[]): Promise<string> =>
  sealFor(recipients, DispenseNote.parse(note));

/** Throws where it is of another prescription or was changed. */
export async function openNote(note: string, record: string, keys: Pick<Keys, "open">): Promise<DispenseNote> {
  const opened = DispenseNote.parse(await openSealed(keys, note));
  if (opened.record !== record) throw new Error("This note belongs to another prescription.");
  return opened;
}

export const SlipView = z.object({
  visitId: VisitId,
  clinic: z.string(),
  phone: z.nullable(z.string()),
  ledger: LedgerOfFile,
  envelope: z.extend(EnvelopeView, { signature: Signature, approval: z.nullable(Signature) }),
  /** Under which it was prescribed. */
  consent: Consent,
  state: SlipState,
  cancellation: z.nullable(Cancellation),
});
export type SlipView = z.infer<typeof SlipView>;

/** Shows a prescription to whoever holds its paper. A wrong token is told what an unknown record is. */
export const readSlip = endpoint({
  method: "POST",
  path: "/api/slips/:record/open",
  ask: z.strictObject({ record: Bytes32, token: Bytes32 }),
  answer: SlipView,
});

/**
 * Each time once: `nth` is which time of those that are prescribed it is, and whoever comes second for the same, or after the
 * last, hears `prescription.dispensed`. So a page that asks twice uses up no refill.
 */
export const dispense = endpoint({
  method: "POST",
  path: "/api/slips/:record/dispense",
  ask: z.strictObject({
    record: Bytes32,
    token: Bytes32,
    nth: z.int().check(z.gte(1)),
    note: Base64.check(z.maxLength(6_000)),
  }),
  answer: z.object({ at: Instant }),
});
