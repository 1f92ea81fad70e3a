import type { Side } from "../../lib/call/member.ts";

/** Someone in a call: through which socket, and which attempt's peer they hold or were told to build. */
export interface Member<S> {
  socket: S;
  person: string;
  holds: number;
}

/** Two seats and a number. The number is the attempt both build now; it never goes down. */
export interface Room<S> {
  attempt: number;
  seats: { [side in Side]?: Member<S> };
}

/** More rebuilds than a visit of a day could need. */
const MOST_ATTEMPTS = 100_000;

export const other = (side: Side): Side => (side === "clinician" ? "patient" : "clinician");

/** Takes a seat. When both are there and do not hold the same living peer, both build the next attempt. Answers who was on that seat. */
export function sit<S>(
  room: Room<S>,
  side: Side,
  member: { socket: S; person: string },
  page: { attempt: number; holding: boolean },
): Member<S> | undefined {
  const before = room.seats[side];
  // A page remembers the count across our restarts; a count nobody reaches honestly is not taken over.
  const claimed = page.attempt <= MOST_ATTEMPTS ? page.attempt : 0;
  room.attempt = Math.max(room.attempt, claimed);
  const me: Member<S> = { ...member, holds: page.holding ? claimed : -1 };
  room.seats[side] = me;
  const them = room.seats[other(side)];
  if (them && (me.holds !== room.attempt || them.holds !== room.attempt)) {
    room.attempt += 1;
    me.holds = room.attempt;
    them.holds = room.attempt;
  }
  return before;
}

/** The peer of `failed` is dead. Asked twice about the same attempt, the second is told what the first caused. */
export function rebuild<S>(room: Room<S>, failed: number): { attempt: number; moved: boolean } {
  if (failed < room.attempt) return { attempt: room.attempt, moved: false };
  room.attempt = failed + 1;
  for (const member of Object.values(room.seats)) member.holds = room.attempt;
  return { attempt: room.attempt, moved: true };
}
