import type { Verification } from "./verification.ts";

/** What the last check found of lines, newest first; null where it is not asked for, or nothing was checked. */
export function foundLines(verification: Verification | null, holds: string): number[] | null {
  if (!verification || (holds !== "fails" && holds !== "waiting")) return null;
  const lines = holds === "fails" ? verification.changed : verification.waiting;
  return [...lines.keys()].sort((a, b) => b - a);
}

/** The same of sessions: those of which at least one line is so. */
export function foundSessions(verification: Verification | null, holds: string): string[] | null {
  if (!verification || (holds !== "fails" && holds !== "waiting")) return null;
  const of = holds === "fails" ? "changed" : "pending";
  return [...verification.visits].filter(([, tally]) => tally[of] > 0).map(([visitId]) => visitId);
}
