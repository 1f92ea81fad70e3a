import { and, eq, lt, ne } from "drizzle-orm";
import type { ConsentView } from "../../lib/consent/grant.ts";
import type { JoinView, VisitView } from "../../lib/visits/api.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import * as tables from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";
import { isLive, type Whole } from "../storage/whole.ts";

export function consentView(w: Whole, now: Date): ConsentView | null {
  const { consent } = w;
  if (!consent) return null;
  return {
    id: consent.id,
    consent: consent.consent,
    signature: consent.signature,
    state: consent.revokedAt ? "revoked" : isLive(w, now) ? "live" : "ended",
    ledger: w.granted,
    grantedAt: consent.grantedAt.toISOString(),
    revokedAt: consent.revokedAt?.toISOString() ?? null,
    revocation: w.revoked,
    receipt: w.grantReceipt,
    revocationReceipt: w.revocationReceipt,
  };
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

function common(w: Whole) {
  const { visit, key } = w;
  return {
    id: visit.id,
    state: visit.state,
    end: visit.end,
    plannedFor: iso(visit.plannedFor),
    waitingSince: iso(visit.waitingSince),
    admittedAt: iso(visit.admittedAt),
    startedAt: iso(visit.startedAt),
    endedAt: iso(visit.endedAt),
    clinician: { name: w.clinician.name, key: { signer: key.signer, recipient: key.recipient, binding: key.binding } },
  };
}

export function visitView(w: Whole, now: Date): VisitView {
  return {
    ...common(w),
    details: w.visit.details,
    createdAt: w.visit.createdAt.toISOString(),
    openedAt: iso(w.visit.openedAt),
    patient: w.claim && {
      signer: w.claim.signer,
      recipient: w.claim.recipient,
      pseudonym: pseudonymOf(w.claim.signer),
      details: w.claim.details,
    },
    consent: consentView(w, now),
  };
}

export function joinView(
  w: Whole,
  about: { clinic: string; ledger: JoinView["ledger"]; ahead: number; now: Date },
): JoinView {
  return {
    ...common(w),
    clinic: about.clinic,
    ledger: about.ledger,
    ahead: about.ahead,
    consent: consentView(w, about.now),
    pseudonym: w.claim && pseudonymOf(w.claim.signer),
  };
}

/** How many wait for the same doctor, and came before. */
export async function aheadOf(read: Reader, w: Whole): Promise<number> {
  if (w.visit.state !== "waiting" || !w.visit.waitingSince) return 0;
  return read.$count(
    tables.visit,
    and(
      eq(tables.visit.clinicianId, w.visit.clinicianId),
      eq(tables.visit.state, "waiting"),
      lt(tables.visit.waitingSince, w.visit.waitingSince),
      ne(tables.visit.id, w.visit.id),
    ),
  );
}
