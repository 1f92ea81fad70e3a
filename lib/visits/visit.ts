import * as z from "zod/mini";

export const VisitId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
export type VisitId = z.infer<typeof VisitId>;

/** `planned` until someone authorizes, `waiting` until the doctor decides, `in-call` once admitted, then `over` for good. */
export const VisitState = z.enum(["planned", "waiting", "in-call", "over"]);
export type VisitState = z.infer<typeof VisitState>;

export const VisitEnd = z.enum(["ended", "declined", "revoked", "left", "not-private"]);
export type VisitEnd = z.infer<typeof VisitEnd>;

/**
 * Why a connection is not what the two people signed.
 * `unsigned`: nothing readable came with it. `not-theirs`: not signed by their key for us, in this visit and attempt.
 * `fingerprint`: another certificate than the signed one. `changed`: other words than the signed ones. `replayed`: sent
 * before, or an answer to what was never offered. `certificate`: the connection in use has another certificate. `words`:
 * the two people read different words.
 */
export const NotPrivateWhy = z.enum([
  "unsigned",
  "not-theirs",
  "fingerprint",
  "changed",
  "replayed",
  "certificate",
  "words",
]);
export type NotPrivateWhy = z.infer<typeof NotPrivateWhy>;

/** What the doctor wrote down when planning: sealed to the doctor before it leaves the browser, the server keeps ciphertext. */
export const VisitDetails = z.object({
  patientName: z.string().check(z.maxLength(120)),
  reason: z.string().check(z.maxLength(400)),
  language: z.string().check(z.maxLength(40)),
  /** The join link's secret, so that the doctor can show the link again. */
  secret: z.string(),
});
export type VisitDetails = z.infer<typeof VisitDetails>;

/** What the patient calls themselves: sealed to the doctor by the patient's browser. */
export const PatientDetails = z.object({ name: z.string().check(z.maxLength(120)) });
export type PatientDetails = z.infer<typeof PatientDetails>;
