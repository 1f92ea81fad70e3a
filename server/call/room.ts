import { type MemberId, MOST_GUESTS, pairOf, sideOf } from "../../lib/call/member.ts";

/** What a page says of one other member: the highest attempt it has seen with them, and whether that peer lives. */
export interface Held {
  member: MemberId;
  attempt: number;
  holding: boolean;
}

/** Someone in a call: through which socket, and which attempt's peer they hold or were told to build with whom. */
export interface Seat<S> {
  socket: S;
  /** When the permission by which they sit runs out, in milliseconds since 1970. */
  until: number;
  holds: Map<MemberId, Omit<Held, "member">>;
}

/** A seat for each member, and a number for each pair of them: the attempt both build now. It never goes down. */
export interface Room<S> {
  attempts: Map<string, number>;
  /** When a pair was last told to build anew, on the clock of `performance.now`. */
  rebuilt: Map<string, number>;
  seats: Map<MemberId, Seat<S>>;
}

/** More rebuilds than a visit of a day could need. */
const MOST_ATTEMPTS = 100_000;

/** A pair builds anew once in this many milliseconds: each of the two can ask, and both have to build. */
const REST_MS = 1_000;

export const emptyRoom = <S>(): Room<S> => ({ attempts: new Map(), rebuilt: new Map(), seats: new Map() });

export const attemptOf = <S>(room: Room<S>, one: MemberId, two: MemberId): number =>
  room.attempts.get(pairOf(one, two)) ?? 0;

/** Milliseconds until this pair may be told to build anew. */
export const restOf = <S>(room: Room<S>, one: MemberId, two: MemberId): number =>
  Math.max(0, (room.rebuilt.get(pairOf(one, two)) ?? Number.NEGATIVE_INFINITY) + REST_MS - performance.now());

/** Doctor and patient always have a seat; guests share two. Whoever comes back to their own is not one more. */
export const hasSeatFor = <S>(room: Room<S>, member: MemberId): boolean =>
  sideOf(member) !== "guest" ||
  [...room.seats.keys()].filter((other) => sideOf(other) === "guest" && other !== member).length < MOST_GUESTS;

/**
 * Takes a seat. With everyone there who does not hold the same living peer, both build the pair's next attempt. Answers
 * who was on that seat.
 */
export function sit<S>(
  room: Room<S>,
  me: MemberId,
  socket: S,
  page: readonly Held[],
  until = Number.POSITIVE_INFINITY,
): Seat<S> | undefined {
  const before = room.seats.get(me);
  // A page remembers the count across our restarts; a count nobody reaches honestly is not taken over.
  const claims = page.filter((held) => held.attempt <= MOST_ATTEMPTS);
  const mine: Seat<S> = { socket, until, holds: new Map(claims.map(({ member, ...held }) => [member, held])) };
  room.seats.set(me, mine);
  for (const [them, seat] of room.seats) {
    if (them === me) continue;
    const held = [mine.holds.get(them), seat.holds.get(me)];
    const highest = Math.max(attemptOf(room, me, them), ...held.map((one) => one?.attempt ?? 0));
    const same = held.every((one) => one?.holding && one.attempt === highest);
    build(room, me, them, same ? highest : highest + 1);
  }
  return before;
}

/** The peer of `failed` is dead. Asked twice about the same attempt, the second is told what the first caused. */
export function rebuild<S>(
  room: Room<S>,
  me: MemberId,
  them: MemberId,
  failed: number,
): { attempt: number; moved: boolean } {
  const now = attemptOf(room, me, them);
  if (failed < now) return { attempt: now, moved: false };
  build(room, me, them, now + 1);
  room.rebuilt.set(pairOf(me, them), performance.now());
  return { attempt: now + 1, moved: true };
}

function build<S>(room: Room<S>, one: MemberId, two: MemberId, attempt: number): void {
  room.attempts.set(pairOf(one, two), attempt);
  room.seats.get(one)?.holds.set(two, { attempt, holding: true });
  room.seats.get(two)?.holds.set(one, { attempt, holding: true });
}
