import { and, asc, eq, inArray, isNull } from "drizzle-orm";
import { alias } from "drizzle-orm/pg-core";
import type { Principal } from "../../lib/auth/person.ts";
import type { Receipt } from "../../lib/ledger/receipt.ts";
import type { LedgerState } from "../../lib/wire.ts";
import * as tables from "./schema.ts";
import type { Reader } from "./storage.ts";

/** A consent, where there is one, with how far its grant and its revocation are, and what was promised of each. */
export interface ConsentThere {
  consent: typeof tables.consent.$inferSelect | null;
  granted: LedgerState;
  revoked: LedgerState | null;
  grantReceipt: Receipt | null;
  revocationReceipt: Receipt | null;
}

/** A visit with everything that hangs on it, as it stands in the database. */
export interface Whole extends ConsentThere {
  visit: typeof tables.visit.$inferSelect;
  clinician: { id: string; name: string };
  key: typeof tables.clinicianKey.$inferSelect;
  claim: typeof tables.claim.$inferSelect | null;
  /** Everyone a link was made for, in the order of the links. */
  guests: WholeGuest[];
}

/** A guest with the consent that lets them in. */
export interface WholeGuest extends ConsentThere {
  guest: typeof tables.guest.$inferSelect;
}

/** What doctor and patient are in, without those whom they asked along. */
export type Pair = Omit<Whole, "guests">;

/** Of a visit's consents the one to its doctor. */
export const isOfDoctor = and(isNull(tables.consent.guestId), isNull(tables.consent.shareId));

const revocation = alias(tables.act, "revocation");

export async function wholes(read: Reader, visitIds: readonly string[]): Promise<Map<string, Whole>> {
  if (visitIds.length === 0) return new Map();
  const pairs = await pairsOf(read, visitIds);
  const guests = await guestsOf(read, visitIds);
  return new Map(
    pairs.map((pair) => [
      pair.visit.id,
      { ...pair, guests: guests.filter(({ guest }) => guest.visitId === pair.visit.id) },
    ]),
  );
}

async function pairsOf(read: Reader, visitIds: readonly string[]): Promise<Pair[]> {
  const rows = await read
    .select({
      visit: tables.visit,
      name: tables.user.name,
      key: tables.clinicianKey,
      claim: tables.claim,
      consent: tables.consent,
      granted: tables.act.state,
      revoked: revocation.state,
      grantReceipt: tables.act.receipt,
      revocationReceipt: revocation.receipt,
    })
    .from(tables.visit)
    .innerJoin(tables.user, eq(tables.user.id, tables.visit.clinicianId))
    .innerJoin(tables.clinicianKey, eq(tables.clinicianKey.signer, tables.visit.signer))
    .leftJoin(tables.claim, eq(tables.claim.visitId, tables.visit.id))
    .leftJoin(tables.consent, and(eq(tables.consent.visitId, tables.visit.id), isOfDoctor))
    .leftJoin(tables.act, and(eq(tables.act.object, tables.consent.id), eq(tables.act.kind, "grant")))
    .leftJoin(revocation, and(eq(revocation.object, tables.consent.id), eq(revocation.kind, "revoke")))
    .where(inArray(tables.visit.id, [...visitIds]));
  return rows.map(({ name, granted, ...row }) => ({
    ...row,
    clinician: { id: row.visit.clinicianId, name },
    granted: granted ?? "saved",
  }));
}

async function guestsOf(read: Reader, visitIds: readonly string[]): Promise<WholeGuest[]> {
  const rows = await read
    .select({
      guest: tables.guest,
      consent: tables.consent,
      granted: tables.act.state,
      revoked: revocation.state,
      grantReceipt: tables.act.receipt,
      revocationReceipt: revocation.receipt,
    })
    .from(tables.guest)
    .leftJoin(tables.consent, eq(tables.consent.guestId, tables.guest.id))
    .leftJoin(tables.act, and(eq(tables.act.object, tables.consent.id), eq(tables.act.kind, "grant")))
    .leftJoin(revocation, and(eq(revocation.object, tables.consent.id), eq(revocation.kind, "revoke")))
    .where(inArray(tables.guest.visitId, [...visitIds]))
    .orderBy(asc(tables.guest.invitedAt), asc(tables.guest.id));
  return rows.map(({ granted, ...row }) => ({ ...row, granted: granted ?? "saved" }));
}

/** The consent under which another doctor may read. */
export async function consentOf(read: Reader, shareId: string): Promise<ConsentThere | null> {
  const [row] = await read
    .select({
      consent: tables.consent,
      granted: tables.act.state,
      revoked: revocation.state,
      grantReceipt: tables.act.receipt,
      revocationReceipt: revocation.receipt,
    })
    .from(tables.consent)
    .leftJoin(tables.act, and(eq(tables.act.object, tables.consent.id), eq(tables.act.kind, "grant")))
    .leftJoin(revocation, and(eq(revocation.object, tables.consent.id), eq(revocation.kind, "revoke")))
    .where(eq(tables.consent.shareId, shareId));
  return row ? { ...row, granted: row.granted ?? "saved" } : null;
}

export async function whole(read: Reader, visitId: string): Promise<Whole | null> {
  return (await wholes(read, [visitId])).get(visitId) ?? null;
}

export async function pair(read: Reader, visitId: string): Promise<Pair | null> {
  return (await pairsOf(read, [visitId]))[0] ?? null;
}

/** Permission that counts now: given, not taken back, within its window, and the visit not over. */
export function isLive(w: Pair, now: Date): boolean {
  return w.visit.state !== "over" && counts(w.consent, now);
}

/** The guest may be in the call now: the patient allowed both this guest and the visit. */
export function isGuestLive(w: Whole, g: WholeGuest, now: Date): boolean {
  return isLive(w, now) && g.guest.state === "allowed" && counts(g.consent, now);
}

/** A permission that was not taken back and is within its window. */
export function counts(row: Whole["consent"], now: Date): boolean {
  if (!row || row.revokedAt) return false;
  const seconds = now.getTime() / 1000;
  return row.consent.validFrom <= seconds && seconds <= row.consent.validUntil;
}

/** When this permission ends by itself, in milliseconds since 1970; 0 where there is none. */
export const untilOf = (row: Whole["consent"]): number => (row?.consent.validUntil ?? 0) * 1_000;

/** Whose visit it is: its doctor's, and whoever's key took its link. */
export function isOf(w: Pair, person: Principal): boolean {
  return person.is === "staff"
    ? w.visit.clinicianId === person.id
    : w.visit.id === person.visitId && w.claim?.signer === person.signer;
}
