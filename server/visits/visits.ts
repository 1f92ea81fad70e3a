import { and, desc, eq, lt, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient, Person, Principal, Staff } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { createVisit } from "../../lib/visits/api.ts";
import type { NotPrivateWhy, VisitEnd, VisitState } from "../../lib/visits/visit.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { isOf, isOfDoctor, type Pair, pair, type Whole, whole, wholes } from "../storage/whole.ts";
import { closeVisit } from "./closing.ts";
import { openLinks } from "./links.ts";
import { lock } from "./lock.ts";
import { waitOf } from "./queue.ts";
import { aheadOf, joinView, visitView } from "./view.ts";

/** A link lives a month past its date, or past its making. */
const LINK_DAYS = 30;
const PAGE = 50;

export type Visits = ReturnType<typeof openVisits>;

/** Called after the commit. */
export interface VisitNews {
  changed(visitId: string, clinicianId: string, state: VisitState): void;
  /** Once a visit: the doctor has let the patient in. */
  admitted(visitId: string): void;
}

export function openVisits(options: {
  storage: Storage;
  clinicOf: (read: Reader) => Promise<{ name: string; phone: string | null } | null>;
  ledger: { label: string; chainId: string; address: string; local: boolean };
  /** The clinic's mail leaves this server. */
  mailSends: boolean;
  news: VisitNews;
  now: () => Date;
}) {
  const { storage, news, now } = options;

  async function joinViewOf(read: Reader, w: Whole) {
    const clinic = (await options.clinicOf(read)) ?? { name: "", phone: null };
    const ahead = await aheadOf(read, w);
    const wait = await waitOf(read, w, ahead, now());
    const asked = (await read.$count(tables.notice, eq(tables.notice.visitId, w.visit.id))) > 0;
    const mail = { asked, sends: options.mailSends };
    return joinView(w, { clinic, ledger: options.ledger, ahead, wait, mail, now: now() });
  }

  /** The visit when it is this person's, otherwise exactly what a missing one answers. */
  async function mine(read: Reader, person: Principal, visitId: string): Promise<Whole> {
    const found = await whole(read, visitId);
    if (!found || !isOf(found, person)) throw new Refusal("visit.not-found");
    return found;
  }

  /** For signaling, which asks at every message and shows nothing of what it reads. */
  async function find(person: Principal, visitId: string): Promise<Pair | null> {
    const found = await pair(storage.read, visitId);
    return found && isOf(found, person) ? found : null;
  }

  async function create(staff: Staff, asked: z.infer<typeof createVisit.ask>) {
    assertOwn(staff, asked.signer);
    const plannedFor = asked.plannedFor ? new Date(asked.plannedFor) : null;
    const made = await storage.transact(async (tx, finish) => {
      // The id of a guest's link is not a visit's as well.
      if (await tx.$count(tables.guest, eq(tables.guest.id, asked.id))) throw new Refusal("visit.wrong-state");
      const at = now();
      const linkExpiresAt = new Date(Math.max(at.getTime(), plannedFor?.getTime() ?? 0) + LINK_DAYS * 86_400_000);
      const [row] = await tx
        .insert(tables.visit)
        .values({
          id: asked.id,
          clinicianId: staff.id,
          signer: asked.signer,
          claimHash: asked.claimHash,
          details: asked.details,
          plannedFor,
          state: "planned",
          createdAt: at,
          linkExpiresAt,
        })
        .onConflictDoNothing()
        .returning();
      if (!row) throw new Refusal("visit.wrong-state");
      const w = await mine(tx, staff, asked.id);
      return finish({ actor: actorOf(staff), action: "visit.created", visitId: asked.id }, visitView(w, now()));
    });
    news.changed(made.id, staff.id, "planned");
    return made;
  }

  /** The patient's permission names a device's key: until there is one, the doctor may take another device. */
  async function hold(staff: Staff, visitId: string, signer: string) {
    assertOwn(staff, signer);
    const moved = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const before = await mine(tx, staff, visitId);
      if (before.visit.state === "over") throw new Refusal("visit.over");
      if (before.visit.state !== "planned" || before.consent) throw new Refusal("visit.wrong-state");
      await tx.update(tables.visit).set({ signer }).where(eq(tables.visit.id, visitId));
      const w = await mine(tx, staff, visitId);
      return finish({ actor: actorOf(staff), action: "visit.moved", visitId, object: signer }, visitView(w, now()));
    });
    news.changed(visitId, staff.id, "planned");
    return moved;
  }

  function list(staff: Staff, before: string | undefined) {
    return storage.transact(async (tx, finish) => {
      const rows = await tx
        .select({ id: tables.visit.id, createdAt: tables.visit.createdAt })
        .from(tables.visit)
        .where(
          and(
            eq(tables.visit.clinicianId, staff.id),
            before ? lt(tables.visit.createdAt, new Date(before)) : undefined,
          ),
        )
        .orderBy(desc(tables.visit.createdAt))
        .limit(PAGE + 1);
      const page = rows.slice(0, PAGE);
      const found = await wholes(
        tx,
        page.map((row) => row.id),
      );
      const visits = page.map((row) => visitView(found.get(row.id)!, now()));
      const older = rows.length > PAGE ? (page.at(-1)?.createdAt.toISOString() ?? null) : null;
      return finish(
        { actor: actorOf(staff), action: "visit.listed", detail: { visits: visits.length } },
        { visits, older },
      );
    });
  }

  function read(staff: Staff, visitId: string) {
    return storage.transact(async (tx, finish) => {
      const w = await mine(tx, staff, visitId);
      return finish({ actor: actorOf(staff), action: "visit.read", visitId }, visitView(w, now()));
    });
  }

  function readAsPatient(patient: Patient, visitId: string) {
    return storage.transact(async (tx, finish) => {
      const w = await mine(tx, patient, visitId);
      return finish({ actor: actorOf(patient), action: "visit.read", visitId }, await joinViewOf(tx, w));
    });
  }

  /** The doctor's yes or no to who waits. */
  async function decide(staff: Staff, visitId: string, yes: boolean) {
    const moved = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const before = await mine(tx, staff, visitId);
      // Admitted twice, by a double click or from another tab, is admitted.
      if (yes && before.visit.state === "in-call")
        return finish(
          { actor: actorOf(staff), action: "visit.read", visitId },
          { view: visitView(before, now()), admitted: false },
        );
      if (before.visit.state !== "waiting") throw new Refusal("visit.wrong-state");
      const at = now();
      const admitted = { state: "in-call", admittedAt: at } as const;
      if (yes) await tx.update(tables.visit).set(admitted).where(eq(tables.visit.id, visitId));
      else await closeVisit(tx, visitId, "declined", at);
      const w = await mine(tx, staff, visitId);
      const action = yes ? "visit.admitted" : "visit.declined";
      return finish(
        { actor: actorOf(staff), action, visitId, consent: w.consent?.id },
        { view: visitView(w, now()), admitted: yes },
      );
    });
    news.changed(visitId, staff.id, moved.view.state);
    if (moved.admitted) news.admitted(visitId);
    return moved.view;
  }

  /** Over for both. Ending what is over already changes nothing. */
  async function end(person: Principal, visitId: string) {
    const w = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const before = await mine(tx, person, visitId);
      if (before.visit.state === "over") throw new Refusal("visit.over");
      const why: VisitEnd = person.is === "staff" ? "ended" : "left";
      await closeVisit(tx, visitId, why, now());
      return finish(
        { actor: actorOf(person), action: "visit.ended", visitId, consent: before.consent?.id, detail: { why } },
        before,
      );
    });
    news.changed(visitId, w.visit.clinicianId, "over");
    return {};
  }

  /** A page found that somebody else is in the call than its people signed for: it is over for both, and the trail says why. */
  async function notPrivate(person: Principal, visitId: string, why: NotPrivateWhy) {
    const w = await storage.transact(async (tx, finish) => {
      await lock(tx, visitId);
      const before = await mine(tx, person, visitId);
      if (before.visit.state === "over") throw new Refusal("visit.over");
      if (before.visit.state !== "in-call") throw new Refusal("visit.wrong-state");
      await closeVisit(tx, visitId, "not-private", now());
      const entry = { action: "call.not-private", visitId, consent: before.consent?.id, detail: { why } } as const;
      return finish({ actor: actorOf(person), ...entry }, before);
    });
    news.changed(visitId, w.visit.clinicianId, "over");
    return {};
  }

  /** Someone came into the call. Once doctor and patient have been, the session has started. */
  async function entered(person: Person, visitId: string) {
    await storage.transact(async (tx, finish) => {
      const [under] = await tx
        .select({ startedAt: tables.visit.startedAt, consent: tables.consent.id })
        .from(tables.visit)
        .leftJoin(
          tables.consent,
          and(
            eq(tables.consent.visitId, tables.visit.id),
            person.is === "guest" ? eq(tables.consent.guestId, person.guestId) : isOfDoctor,
          ),
        )
        .where(eq(tables.visit.id, visitId))
        .for("update", { of: tables.visit });
      const other = person.is === "staff" ? "patient" : "staff";
      const [met] = await tx
        .select({ number: tables.entry.number })
        .from(tables.entry)
        .where(
          and(
            eq(tables.entry.visitId, visitId),
            eq(tables.entry.action, "call.entered"),
            sql`${tables.entry.actor}->>'is' = ${other}`,
          ),
        )
        .limit(1);
      if (met && person.is !== "guest" && !under?.startedAt)
        await tx.update(tables.visit).set({ startedAt: now() }).where(eq(tables.visit.id, visitId));
      if (person.is === "patient") await tx.delete(tables.notice).where(eq(tables.notice.visitId, visitId));
      const consent = under?.consent ?? undefined;
      return finish({ actor: actorOf(person), action: "call.entered", visitId, consent }, null);
    });
  }

  async function left(person: Person, visitId: string) {
    await storage.transact((_, finish) => finish({ actor: actorOf(person), action: "call.left", visitId }, null));
  }

  return {
    create,
    hold,
    list,
    read,
    readAsPatient,
    admit: (s: Staff, id: string) => decide(s, id, true),
    decline: (s: Staff, id: string) => decide(s, id, false),
    end,
    notPrivate,
    entered,
    left,
    ...openLinks({ ...options, mine, joinViewOf }),
    mine,
    find,
  };
}

function assertOwn(staff: Staff, signer: string): void {
  if (!staff.keys.some((own) => own.signer === signer)) throw new Refusal("key.not-enrolled");
}
