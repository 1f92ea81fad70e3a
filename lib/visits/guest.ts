import * as z from "zod/mini";

export const GuestRole = z.enum(["interpreter", "relative", "student"]);
export type GuestRole = z.infer<typeof GuestRole>;

/** `invited` until the link is taken, `asking` until the doctor and then the patient decided, then `allowed`; `over` for good. */
export const GuestState = z.enum(["invited", "asking", "allowed", "over"]);
export type GuestState = z.infer<typeof GuestState>;

/** `refused` by the patient, `declined` by the doctor, `withdrawn` before anyone came, `not-private` by either one's page, `visit` when the visit itself ended. */
export const GuestEnd = z.enum(["refused", "declined", "withdrawn", "revoked", "left", "not-private", "visit"]);
export type GuestEnd = z.infer<typeof GuestEnd>;
