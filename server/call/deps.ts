import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Guest, Patient, Person, Staff } from "../../lib/auth/person.ts";
import type { MemberId, Side } from "../../lib/call/member.ts";
import type { IceServer } from "../../lib/call/protocol.ts";
import type { VisitState } from "../../lib/visits/visit.ts";

export interface Membership {
  side: Side;
  /** Who they are in the call: "clinician", "patient", or the guest's id. */
  member: MemberId;
  state: VisitState;
  clinicianId: string;
  /** The patient's consent to this visit's video lives now; for a guest, the patient's consent to this guest as well. */
  consentLive: boolean;
  /** When what they were permitted runs out, in milliseconds since 1970; 0 where nothing was. */
  until: number;
  /** The doctor has let the patient in; for the doctor, the device that the patient allowed still counts as well. */
  admitted: boolean;
}

/** What signaling needs from its neighbours; server/app.ts introduces them. */
export interface SignalingDeps {
  /** `guest` with a `visitId`: who came by that guest's link. */
  who(headers: IncomingHttpHeaders, visitId?: string, guest?: string): Promise<Person | null>;
  /** The session these headers stand for, where it is one of staff: `liveSessions` tells later whether it still lives. */
  sessionOf(headers: IncomingHttpHeaders): Promise<string | null>;
  /** Those of these sessions that have not ended. */
  liveSessions(sessions: string[]): Promise<ReadonlySet<string>>;
  /** Read from the database; null for whoever is not in the visit, and for a visit that is not there. */
  membership(person: Person, visitId: string): Promise<Membership | null>;
  /** Is this guest one of those whom the patient allows in the call now? */
  guestLives(visitId: string, guest: string): Promise<boolean>;
  onEntered(person: Person, visitId: string): unknown;
  onLeft(person: Person, visitId: string): unknown;
  /** Who connects, as far as limits go: an address, or an IPv6 network. */
  addressOf(request: IncomingMessage): string;
  /** Exactly these `Origin` headers may open a socket. */
  origins: readonly string[];
  /** For someone who sits in this visit’s call now; good for `RELAY_SECONDS`. */
  iceServers(person: Person, visitId: string): IceServer[];
  log: {
    info(about: object, what: string): void;
    warn(about: object, what: string): void;
    error(about: object, what: string): void;
  };
}

/** Whose sockets are meant: of staff the account is enough. */
export type Who = Pick<Staff, "is" | "id"> | Patient | Guest;

export const keyOf = (person: Who) =>
  person.is === "staff" ? `staff ${person.id}` : `${person.is} ${person.visitId} ${person.signer}`;

/** Remembers an answer of `membership` for at most a second, so that a burst of signals costs one read. */
export function rememberMembership(deps: Pick<SignalingDeps, "membership">, ms = 1_000) {
  const kept = new Map<string, Map<string, { until: number; answer: Membership }>>();
  const sweep = setInterval(() => {
    const now = Date.now();
    for (const [visitId, people] of kept) {
      for (const [who, entry] of people) if (entry.until <= now) people.delete(who);
      if (people.size === 0) kept.delete(visitId);
    }
  }, 30_000);
  sweep.unref();
  return {
    async read(person: Person, visitId: string): Promise<Membership | null> {
      const who = keyOf(person);
      const known = kept.get(visitId)?.get(who);
      if (known && known.until > Date.now()) return known.answer;
      const people = kept.get(visitId) ?? new Map();
      kept.set(visitId, people);
      const answer = await deps.membership(person, visitId);
      // Forgotten while it was read: what was read may be older than the news.
      if (answer && kept.get(visitId) === people) people.set(who, { until: Date.now() + ms, answer });
      if (people.size === 0 && kept.get(visitId) === people) kept.delete(visitId);
      return answer;
    },
    forget: (visitId: string) => void kept.delete(visitId),
    stop: () => clearInterval(sweep),
  };
}
