import { randomBytes } from "node:crypto";
import { and, eq, ne } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Guest, Principal, Staff } from "../../lib/auth/person.ts";
import { MOST_GUESTS } from "../../lib/call/member.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { GuestEnd } from "../../lib/visits/guest.ts";
import type { claimGuestLink, GuestJoin, inviteGuest } from "../../lib/visits/guest-api.ts";
import type { NotPrivateWhy, VisitState } from "../../lib/visits/visit.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import { isGuestLive, isLive, untilOf, type Whole, type WholeGuest, whole } from "../storage/whole.ts";
import { assertProven, hashOf, SESSION_AFTER_MS, sameText, tokenIs } from "./claims.ts";
import { lock } from "./lock.ts";
import { clinicianOf, guestJoin, guestView } from "./view.ts";

/** Links for guests that a visit can ever have: each stays, and is read with every look at the visit. */
const MOST_LINKS = 20;

export type Guests = ReturnType<typeof openGuests>;

/** Called after the commit. */
export interface GuestNews {
  changed(visitId: string, clinicianId: string, state: VisitState): void;
  /** The guest is out, of the call as well, and hears no more of the visit. */
  guestGone(visitId: string, guestId: string): void;
}

interface There {
  w: Whole;
  g: WholeGuest;
}

/** A third person in a visit: asked for by one, agreed to by the other, and let in by the patient alone. */
export function openGuests(options: {
  storage: Storage;
  visits: { mine(read: Reader, person: Principal, visitId: string): Promise<Whole> };
  clinicName: (read: Reader) => Promise<string | null>;
  ledger: GuestJoin["ledger"];
  news: GuestNews;
  now: () => Date;
}) {
  const { storage, news, now } = options;

  /** The guest of a visit that is this person's, otherwise exactly what a missing one answers. */
  async function mine(read: Reader, person: Principal, visitId: string, guestId: string): Promise<There> {
    const w = await options.visits.mine(read, person, visitId);
    const g = w.guests.find(({ guest }) => guest.id === guestId);
    if (!g) throw new Refusal("visit.not-found");
    return { w, g };
  }

  async function joinOf(read: Reader, { w, g }: There): Promise<GuestJoin> {
    const clinic = (await options.clinicName(read)) ?? "";
    return guestJoin(w, g, { clinic, ledger: options.ledger, now: now() });
  }

  const tell = ({ visit }: Whole) => news.changed(visit.id, visit.clinicianId, visit.state);

  async function invite(person: Principal, asked: z.infer<typeof inviteGuest.ask>) {
    const { visitId, id, claimHash, role, details } = asked;
    const made = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const before = await options.visits.mine(tx, person, visitId);
      if (before.visit.state === "over") throw new Refusal("visit.over");
      if (!before.consent) throw new Refusal("consent.missing");
      if (!isLive(before, now())) throw new Refusal("consent.not-live");
      if (before.guests.filter(({ guest }) => guest.state !== "over").length >= MOST_GUESTS)
        throw new Refusal("guest.full", { most: MOST_GUESTS });
      if (before.guests.length >= MOST_LINKS) throw new Refusal("guest.too-many", { most: MOST_LINKS });
      // Both kinds of link name a cookie, a page and a proof by their id: none is both.
      if (await tx.$count(tables.visit, eq(tables.visit.id, id))) throw new Refusal("visit.wrong-state");
      const askedBy = person.is === "staff" ? ("clinician" as const) : ("patient" as const);
      const [row] = await tx
        .insert(tables.guest)
        .values({
          ...{ id, visitId, askedBy, role, claimHash, details, state: "invited", invitedAt: now() },
          // Who asks agrees.
          acceptedAt: askedBy === "clinician" ? now() : null,
        })
        .onConflictDoNothing()
        .returning();
      if (!row) throw new Refusal("visit.wrong-state");
      const there = await mine(tx, person, visitId, id);
      return finish(
        {
          ...{ actor: actorOf(person), action: "guest.invited", visitId, object: id },
          ...{ consent: before.consent.id, detail: { role } },
        },
        there,
      );
    });
    tell(made.w);
    return guestView(made.w, made.g, now());
  }

  /** The doctor agrees to who asks. */
  async function accept(staff: Staff, { visitId, guestId }: { visitId: string; guestId: string }) {
    const there = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const { g } = await mine(tx, staff, visitId, guestId);
      if (g.guest.state !== "asking" || g.guest.acceptedAt) throw new Refusal("guest.not-asking");
      await tx.update(tables.guest).set({ acceptedAt: now() }).where(eq(tables.guest.id, guestId));
      return finish(
        { actor: actorOf(staff), action: "guest.accepted", visitId, object: guestId },
        await mine(tx, staff, visitId, guestId),
      );
    });
    tell(there.w);
    return guestView(there.w, there.g, now());
  }

  /** Either one's no, while the guest still waits. */
  async function turnAway(person: Principal, { visitId, guestId }: { visitId: string; guestId: string }) {
    const there = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const { g } = await mine(tx, person, visitId, guestId);
      if (!isOpen(g)) throw new Refusal("guest.not-asking");
      const by = person.is === "staff" ? "clinician" : "patient";
      // The patient's no to somebody who asks is a refusal, whoever made the link.
      const own = g.guest.askedBy === by && (by === "clinician" || g.guest.state === "invited");
      const why: GuestEnd = own ? "withdrawn" : by === "clinician" ? "declined" : "refused";
      await closeGuest(tx, guestId, why, now());
      return finish(
        { actor: actorOf(person), action: "guest.turned-away", visitId, object: guestId, detail: { why } },
        await mine(tx, person, visitId, guestId),
      );
    });
    tell(there.w);
    // Last, so that their page hears that it is over.
    news.guestGone(visitId, guestId);
    return guestView(there.w, there.g, now());
  }

  /** Looks at a guest's link. It is used up by nobody who only looks. */
  function openLink(guestId: string, token: string) {
    return storage.transact(async (tx, finish) => {
      const there = await withToken(tx, guestId, token);
      assertOpen(there);
      const { w, g } = there;
      const { signer, recipient, binding } = w.claim!;
      const answer = {
        clinic: (await options.clinicName(tx)) ?? "",
        clinician: clinicianOf(w),
        patient: { signer, recipient, binding },
        plannedFor: w.visit.plannedFor?.toISOString() ?? null,
        role: g.guest.role,
        claimed: g.guest.signer !== null,
      };
      return finish(
        { actor: { is: "nobody", id: "guest link" }, action: "link.opened", visitId: w.visit.id, object: guestId },
        answer,
      );
    });
  }

  /** One key takes the link, once, and asks; the same key may come back, with the name and role it first gave. */
  async function claim(asked: z.infer<typeof claimGuestLink.ask>) {
    const { guestId, signer, role, details } = asked;
    assertProven(asked, guestId, now());
    const session = randomBytes(32).toString("base64url");
    const done = await storage.transact(async (tx, finish) => {
      const found = await withToken(tx, guestId, asked.token);
      await lock(tx, found.w.visit.id);
      const { w, g } = await withToken(tx, guestId, asked.token);
      assertOpen({ w, g });
      if (g.guest.signer && g.guest.signer !== signer) throw new Refusal("visit.claimed");
      const first = g.guest.signer === null;
      // The doctor's yes to their own link was to its role.
      const acceptedAt = role === g.guest.role ? g.guest.acceptedAt : null;
      await tx
        .update(tables.guest)
        .set({
          sessionHash: hashOf(session),
          ...(first ? ({ signer, role, details, acceptedAt, state: "asking", askedAt: now() } as const) : {}),
        })
        .where(eq(tables.guest.id, guestId));
      const there = (await find(tx, guestId))!;
      const guest: Guest = { is: "guest", visitId: w.visit.id, guestId, signer };
      const line = { actor: actorOf(guest), action: first ? "guest.asked" : "link.claimed" } as const;
      return finish(
        { ...line, visitId: w.visit.id, object: guestId, detail: { role: there.g.guest.role } },
        { there, guest, view: await joinOf(tx, there) },
      );
    });
    tell(done.there.w);
    return { view: done.view, guest: done.guest, session };
  }

  function read(person: Guest) {
    return storage.transact(async (tx, finish) => {
      const there = await ours(tx, person);
      const line = { actor: actorOf(person), action: "visit.read", visitId: person.visitId } as const;
      return finish({ ...line, object: person.guestId }, await joinOf(tx, there));
    });
  }

  async function leave(person: Guest, why?: NotPrivateWhy) {
    const { visitId, guestId } = person;
    const there = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const found = await ours(tx, person);
      if (found.g.guest.state === "over") throw new Refusal("visit.over");
      await closeGuest(tx, guestId, "left", now());
      const consent = found.g.consent?.id;
      const detail: Record<string, string> = why ? { why } : {};
      return finish({ actor: actorOf(person), action: "guest.left", visitId, object: guestId, consent, detail }, found);
    });
    news.guestGone(visitId, guestId);
    tell(there.w);
    return {};
  }

  /** Doctor's or patient's page found that what came from this guest is not what the guest signed: the guest is out, and the visit goes on. */
  async function notPrivate(person: Principal, asked: { visitId: string; guestId: string; why: NotPrivateWhy }) {
    const { visitId, guestId, why } = asked;
    const { w } = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const there = await mine(tx, person, visitId, guestId);
      const { g } = there;
      if (g.guest.state !== "allowed") throw new Refusal("consent.not-live");
      await closeGuest(tx, guestId, "not-private", now());
      const entry = { action: "guest.not-private", visitId, object: guestId, detail: { why } } as const;
      return finish({ actor: actorOf(person), ...entry, consent: g.consent?.id }, there);
    });
    news.guestGone(visitId, guestId);
    tell(w);
    return {};
  }

  async function ours(read: Reader, person: Guest): Promise<There> {
    const there = await find(read, person.guestId);
    if (there?.g.guest.signer !== person.signer) throw new Refusal("visit.not-found");
    return there;
  }

  /** The guest a link's session cookie stands for. */
  async function guestOf(guestId: string, session: string): Promise<Guest | null> {
    const [found] = await storage.read.select().from(tables.guest).where(eq(tables.guest.id, guestId));
    if (!found?.signer || !sameText(found.sessionHash ?? "", hashOf(session))) return null;
    if (found.endedAt && now().getTime() - found.endedAt.getTime() > SESSION_AFTER_MS) return null;
    return { is: "guest", visitId: found.visitId, guestId, signer: found.signer };
  }

  /** For signaling: what this guest may do in the visit's call now. Null for anyone else's visit. */
  async function membership(person: Guest, visitId: string) {
    const there = person.visitId === visitId ? await find(storage.read, person.guestId) : null;
    if (there?.g.guest.signer !== person.signer) return null;
    const { w, g } = there;
    return {
      side: "guest" as const,
      member: person.guestId,
      state: g.guest.state === "over" ? ("over" as const) : w.visit.state,
      clinicianId: w.clinician.id,
      consentLive: isGuestLive(w, g, now()),
      until: Math.min(untilOf(w.consent), untilOf(g.consent)),
      admitted: w.visit.admittedAt !== null && g.guest.state === "allowed",
    };
  }

  /** Whether this guest may be in the call now. */
  async function lives(visitId: string, guestId: string): Promise<boolean> {
    const there = await find(storage.read, guestId);
    return there?.w.visit.id === visitId && isGuestLive(there.w, there.g, now());
  }

  async function withToken(read: Reader, guestId: string, token: string): Promise<There> {
    const found = await find(read, guestId);
    const right = await tokenIs(found?.g.guest.claimHash, token);
    if (!found || !right) throw new Refusal("visit.not-found");
    return found;
  }

  return { mine, invite, accept, turnAway, openLink, claim, read, leave, notPrivate, guestOf, membership, lives };
}

async function find(read: Reader, guestId: string): Promise<There | null> {
  const [row] = await read
    .select({ visitId: tables.guest.visitId })
    .from(tables.guest)
    .where(eq(tables.guest.id, guestId));
  const w = row && (await whole(read, row.visitId));
  const g = w?.guests.find(({ guest }) => guest.id === guestId);
  return w && g ? { w, g } : null;
}

const isOpen = ({ guest }: WholeGuest) => guest.state === "invited" || guest.state === "asking";

function assertOpen({ w, g }: There): void {
  if (w.visit.state === "over" || g.guest.state === "over") throw new Refusal("visit.over");
}

/** Ends a guest's part. The name of someone who was never let in is not kept. */
export async function closeGuest(tx: Writer, guestId: string, why: GuestEnd, at: Date): Promise<void> {
  const which = eq(tables.guest.id, guestId);
  await tx
    .update(tables.guest)
    .set({ details: null })
    .where(and(which, ne(tables.guest.state, "allowed")));
  const decided = why === "refused" ? { decidedAt: at } : {};
  await tx
    .update(tables.guest)
    .set({ state: "over", end: why, endedAt: at, ...decided })
    .where(which);
}
