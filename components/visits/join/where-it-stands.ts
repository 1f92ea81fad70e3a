import type { GuestJoin } from "@/lib/visits/guest-api.ts";

/** What a guest who waits is told: whose yes is next, and why. */
export function whereItStands(
  { state, acceptedAt, askedBy, role }: Pick<GuestJoin, "state" | "acceptedAt" | "askedBy" | "role">,
  doctor: string,
): { title: string; text: string } {
  if (state === "allowed")
    return { title: "The patient said yes", text: `You enter as soon as ${doctor} opens the visit.` };
  if (acceptedAt) {
    const agreed = askedBy === "clinician" ? `${doctor} has asked to let you join.` : `${doctor} agreed that you join.`;
    return { title: "Waiting for the patient’s yes", text: `${agreed} You enter as soon as the patient allows it.` };
  }
  // A doctor agrees to the role that their link was for, and to another one only when asked again.
  const why =
    askedBy === "clinician"
      ? `${doctor}’s link was for another role than ${role}.`
      : "The patient would like you to join.";
  return { title: `Waiting for ${doctor}’s yes`, text: `${why} First ${doctor} agrees, then the patient signs.` };
}
