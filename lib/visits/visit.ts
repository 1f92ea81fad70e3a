import { z } from "zod";

export const VisitId = z.string().regex(/^[0-9a-f]{32}$/);
export type VisitId = z.infer<typeof VisitId>;

/** `planned` until someone authorizes, `waiting` until the doctor decides, `in-call` once admitted, then `over` for good. */
export const VisitState = z.enum(["planned", "waiting", "in-call", "over"]);
export type VisitState = z.infer<typeof VisitState>;

export const VisitEnd = z.enum(["ended", "declined", "revoked", "left"]);
export type VisitEnd = z.infer<typeof VisitEnd>;

/** What the doctor wrote down when planning: sealed to the doctor before it leaves the browser, the server keeps ciphertext. */
export const VisitDetails = z.object({
  patientName: z.string().max(120),
  reason: z.string().max(400),
  language: z.string().max(40),
  /** The join link's secret, so that the doctor can show the link again. */
  secret: z.string(),
});
export type VisitDetails = z.infer<typeof VisitDetails>;

/** What the patient calls themselves: sealed to the doctor by the patient's browser. */
export const PatientDetails = z.object({ name: z.string().max(120) });
export type PatientDetails = z.infer<typeof PatientDetails>;
