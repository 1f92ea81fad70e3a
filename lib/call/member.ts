import * as z from "zod/mini";

/** As what someone takes part in a call. */
export const Side = z.enum(["clinician", "patient", "guest"]);
export type Side = z.infer<typeof Side>;

/** A guest of a visit: the id of the link they came by. */
export const GuestId = z.string().check(z.regex(/^[0-9a-f]{32}$/));
export type GuestId = z.infer<typeof GuestId>;

/** Who someone is among the members of one call. There is one doctor and one patient; guests have an id each. */
export const MemberId = z.union([z.enum(["clinician", "patient"]), GuestId]);
export type MemberId = z.infer<typeof MemberId>;

/** Doctor, patient and two guests: a mesh of more is more than a phone's line carries. */
export const MOST_GUESTS = 2;

export const sideOf = (member: MemberId): Side => (member === "clinician" || member === "patient" ? member : "guest");

const rank = (member: MemberId) => Side.options.indexOf(sideOf(member));

/** Whether `me` makes the offer to `them`: the doctor to everyone, the patient to guests, of two guests the one with the lower id. Both pages answer alike. */
export const offers = (me: MemberId, them: MemberId): boolean =>
  rank(me) === rank(them) ? me < them : rank(me) < rank(them);

/** One name for a pair of members, whoever of the two asks. */
export const pairOf = (one: MemberId, two: MemberId): string => [one, two].sort().join(" ");
