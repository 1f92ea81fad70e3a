import { and, asc, count, desc, eq, gt, inArray, sql } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type {
  ConsentEvidence,
  Line,
  listSessions,
  RecordEvidence,
  SessionRow,
  tellVerified,
} from "../../lib/audit/api.ts";
import { Actor } from "../../lib/audit/entry.ts";
import { emptiedIn } from "../../lib/audit/retained.ts";
import type { Role, Staff } from "../../lib/auth/person.ts";
import { Consent } from "../../lib/consent/grant.ts";
import { Refusal } from "../../lib/refusal.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import type { LedgerState } from "../../lib/wire.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { isOfDoctor } from "../storage/whole.ts";
import { sessionPage } from "./session-page.ts";

/** Lines at once: whoever verifies the whole log may ask 600 questions a minute, two for each of these pages. */
const LINES = 2_000;

/** Least advanced first: what a session's records come to is the first of these that one of them has. */
const ADVANCE: readonly LedgerState[] = ["parked", "saved", "sent", "ledger", "final"];

type Filter = z.infer<typeof listSessions.ask>;
export type Audit = ReturnType<typeof openAudit>;

/** What an admin may see of everything: who, when, what kind, under which consent. Each look is itself on the trail. */
export function openAudit({ storage, now }: { storage: Storage; now: () => Date }) {
  function sessions(staff: Staff, filter: Filter) {
    return storage.transact(async (tx, finish) => {
      // However old the database's statistics are: it may take fifty visits for a great part of the log, and read all of it.
      await tx.execute(sql`SET LOCAL enable_seqscan = off`);
      const { ids, older } = await sessionPage(tx, filter);
      const { visit } = tables;
      const shown = await visitsBy(tx).where(inArray(visit.id, ids)).orderBy(desc(visit.happenedAt), desc(visit.id));
      const answer = {
        sessions: await rowsOf(tx, shown),
        older,
        clinicians: await clinicians(tx),
      };
      return finish(
        { actor: actorOf(staff), action: "audit.read", detail: { sessions: answer.sessions.length } },
        answer,
      );
    });
  }

  function session(staff: Staff, visitId: string) {
    return storage.transact(async (tx, finish) => {
      const [found] = await visitsBy(tx).where(eq(tables.visit.id, visitId));
      if (!found) throw new Refusal("visit.not-found");
      const [row] = await rowsOf(tx, [found]);
      const lines = await linesOf(tx).where(eq(tables.entry.visitId, visitId)).orderBy(asc(tables.entry.number));
      const answer = {
        session: row!,
        lines: lines.map(lineOf),
        consents: await consentsOf(tx, eq(tables.consent.visitId, visitId), now()),
        records: await recordsOf(tx, eq(tables.record.visitId, visitId)),
        goes: await goesOf(tx, lines.map(lineOf)),
        people: await peopleIn(tx, lines.map(lineOf)),
        waitingSince: found.visit.waitingSince?.toISOString() ?? null,
        admittedAt: found.visit.admittedAt?.toISOString() ?? null,
      };
      const read = { actor: actorOf(staff), action: "audit.read", visitId, detail: { lines: lines.length } } as const;
      return finish(read, answer);
    });
  }

  function lines(staff: Staff, after: number) {
    return storage.transact(async (tx, finish) => {
      const answer = await linesAfter(tx, after);
      const detail = { after, lines: answer.lines.length };
      return finish({ actor: actorOf(staff), action: "audit.read", detail }, answer);
    });
  }

  function evidence(staff: Staff, asked: Named) {
    return storage.transact(async (tx, finish) => {
      const answer = await evidenceFor(tx, asked, now());
      const detail = { consents: answer.consents.length, records: answer.records.length };
      return finish({ actor: actorOf(staff), action: "audit.read", detail }, answer);
    });
  }

  function verified(staff: Staff, { visitId, lines, failed, first }: z.infer<typeof tellVerified.ask>) {
    const detail = { lines, failed, ...(first === undefined ? {} : { first }) };
    return storage.transact((_, finish) =>
      finish({ actor: actorOf(staff), action: "audit.verified", visitId, detail }, {}),
    );
  }

  async function rowsOf(read: Reader, found: Found[]): Promise<SessionRow[]> {
    const ids = found.map(({ visit }) => visit.id);
    if (ids.length === 0) return [];
    const entries = await read
      .select({
        visitId: tables.entry.visitId,
        lines: count(),
        refused: sql<boolean>`bool_or(${tables.entry.action} = 'consent.refused')`,
      })
      .from(tables.entry)
      .where(inArray(tables.entry.visitId, ids))
      .groupBy(tables.entry.visitId);
    const acts = await read
      .selectDistinct({ visitId: tables.act.visitId, state: tables.act.state })
      .from(tables.act)
      .where(inArray(tables.act.visitId, ids));
    return found.map(({ visit, name, signer, consent }) => {
      const counted = entries.find((row) => row.visitId === visit.id);
      const states = acts.filter((act) => act.visitId === visit.id).map((act) => act.state);
      return {
        visitId: visit.id,
        at: visit.happenedAt.toISOString(),
        clinician: { id: visit.clinicianId, name },
        pseudonym: signer === null ? null : pseudonymOf(signer),
        state: visit.state,
        end: visit.end,
        startedAt: visit.startedAt?.toISOString() ?? null,
        endedAt: visit.endedAt?.toISOString() ?? null,
        consent: consent ? stateOf(consent, visit.state, now()) : counted?.refused ? "refused" : "none",
        lines: counted?.lines ?? 0,
        ledger: ADVANCE.find((state) => states.includes(state)) ?? null,
      };
    });
  }

  return { sessions, session, lines, evidence, verified };
}

async function consentsOf(read: Reader, which: ReturnType<typeof eq>, now: Date): Promise<ConsentEvidence[]> {
  const rows = await read
    .select({ consent: tables.consent, visitState: tables.visit.state, guestState: tables.guest.state })
    .from(tables.consent)
    .innerJoin(tables.visit, eq(tables.visit.id, tables.consent.visitId))
    .leftJoin(tables.guest, eq(tables.guest.id, tables.consent.guestId))
    .where(which)
    .orderBy(asc(tables.consent.grantedAt));
  return rows.map(({ consent: c, visitState, guestState }) => ({
    id: c.id,
    visitId: c.visitId,
    guest: c.guestId,
    share: c.shareId,
    consent: c.consent,
    signature: c.signature,
    state: stateOf(c, c.shareId ? null : guestState === "over" ? guestState : visitState, now),
    grantedAt: c.grantedAt.toISOString(),
    revokedAt: c.revokedAt?.toISOString() ?? null,
    revocation: c.revocation,
  }));
}

function stateOf(
  row: Pick<typeof tables.consent.$inferSelect, "consent" | "revokedAt">,
  visitState: string | null,
  now: Date,
) {
  if (row.revokedAt) return "revoked";
  const consent = Consent.safeParse(row.consent).data;
  const seconds = now.getTime() / 1000;
  const within = consent && consent.validFrom <= seconds && seconds <= consent.validUntil;
  return within && visitState !== "over" ? "live" : "ended";
}

/** Consents and records by their ids. */
interface Named {
  consents: string[];
  records: string[];
}

/** Lines in the order of their numbers, with what each queued. */
export async function linesAfter(read: Reader, after: number): Promise<{ lines: Line[]; more: boolean; last: number }> {
  const found = await linesOf(read)
    .where(gt(tables.entry.number, after))
    .orderBy(asc(tables.entry.number))
    .limit(LINES + 1);
  const [head] = await read.select({ number: tables.trailHead.number }).from(tables.trailHead);
  return { lines: found.slice(0, LINES).map(lineOf), more: found.length > LINES, last: head?.number ?? 0 };
}

export async function evidenceFor(read: Reader, asked: Named, now: Date) {
  return {
    consents: await consentsOf(read, inArray(tables.consent.id, asked.consents), now),
    records: await recordsOf(read, inArray(tables.record.id, asked.records)),
  };
}

type Found = Awaited<ReturnType<typeof visitsBy>>[number];

function visitsBy(read: Reader) {
  const { visit, user, claim, consent } = tables;
  return read
    .select({ visit, name: user.name, signer: claim.signer, consent })
    .from(visit)
    .innerJoin(user, eq(user.id, visit.clinicianId))
    .leftJoin(claim, eq(claim.visitId, visit.id))
    .leftJoin(consent, and(eq(consent.visitId, visit.id), isOfDoctor));
}

export function linesOf(read: Reader) {
  return read
    .select({ entry: tables.entry, act: tables.act })
    .from(tables.entry)
    .leftJoin(tables.act, eq(tables.act.id, tables.entry.actId));
}

export function lineOf(row: {
  entry: typeof tables.entry.$inferSelect;
  act: typeof tables.act.$inferSelect | null;
}): Line {
  const { actId: _, ...entry } = row.entry;
  if (!row.act) return { entry, act: null };
  const { id, kind, object, state, reason, transaction, block, blockHash } = row.act;
  return { entry, act: { id, kind, object, state, reason, transaction, block, blockHash } };
}

async function goesOf(read: Reader, lines: Line[]): Promise<number[]> {
  const batches = new Set(lines.flatMap(({ entry }) => emptiedIn(entry)?.batch ?? []));
  if (batches.size === 0) return [];
  const { entry } = tables;
  const rows = await read
    .select({ number: entry.number })
    .from(entry)
    .where(and(eq(entry.action, "trail.retained"), inArray(entry.object, [...batches])))
    .orderBy(asc(entry.number));
  return rows.map(({ number }) => number);
}

async function peopleIn(read: Reader, lines: Line[]): Promise<{ id: string; name: string }[]> {
  const ids = new Set(lines.flatMap(({ entry }) => Actor.safeParse(entry.actor).data?.id ?? []));
  return read
    .select({ id: tables.user.id, name: tables.user.name })
    .from(tables.user)
    .where(inArray(tables.user.id, [...ids]));
}

async function recordsOf(read: Reader, which: ReturnType<typeof eq>): Promise<RecordEvidence[]> {
  const rows = await read
    .select()
    .from(tables.record)
    .where(which)
    .orderBy(asc(tables.record.createdAt), asc(tables.record.number));
  return rows.map(({ consentId, createdAt: _, envelope: _e, recipients: _r, seal: _s, ...told }) => ({
    ...told,
    consent: consentId,
  }));
}

async function clinicians(read: Reader): Promise<{ id: string; name: string; roles: Role[] }[]> {
  const rows = await read
    .select({ id: tables.user.id, name: tables.user.name, roles: tables.user.roles })
    .from(tables.user)
    .orderBy(asc(tables.user.name));
  return rows
    .map((row) => ({ ...row, roles: row.roles.split(",").filter((role) => role !== "") as Role[] }))
    .filter((row) => row.roles.includes("clinician"));
}
