import { and, eq, lt, ne } from "drizzle-orm";
import type { Permission } from "../../lib/call/permission.ts";
import { permissionsOf } from "../../lib/call/signers.ts";
import type { ConsentView } from "../../lib/consent/grant.ts";
import type { JoinView, VisitView } from "../../lib/visits/api.ts";
import type { GuestJoin, GuestView } from "../../lib/visits/guest-api.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import * as tables from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";
import { type ConsentThere, isGuestLive, isLive, type Whole, type WholeGuest } from "../storage/whole.ts";

export const consentView = (w: Whole, now: Date): ConsentView | null => consentToldOf(w, isLive(w, now));

/** A consent with what is known of its acts. */
export function consentToldOf(of: ConsentThere, live: boolean): ConsentView | null {
  const { consent } = of;
  if (!consent) return null;
  return {
    id: consent.id,
    consent: consent.consent,
    signature: consent.signature,
    state: consent.revokedAt ? "revoked" : live ? "live" : "ended",
    ledger: of.granted,
    grantedAt: consent.grantedAt.toISOString(),
    revokedAt: consent.revokedAt?.toISOString() ?? null,
    revocation: of.revoked,
    receipt: of.grantReceipt,
    revocationReceipt: of.revocationReceipt,
  };
}

const iso = (date: Date | null) => date?.toISOString() ?? null;

const stepsOf = ({ guest }: WholeGuest) => ({
  state: guest.state,
  end: guest.end,
  role: guest.role,
  askedBy: guest.askedBy,
  askedAt: iso(guest.askedAt),
  acceptedAt: iso(guest.acceptedAt),
  decidedAt: iso(guest.decidedAt),
  endedAt: iso(guest.endedAt),
});

export function guestView(w: Whole, g: WholeGuest, now: Date): GuestView {
  const { id, invitedAt, signer, details } = g.guest;
  const consent = consentToldOf(g, isGuestLive(w, g, now));
  return { id, ...stepsOf(g), invitedAt: invitedAt.toISOString(), signer, details, consent };
}

/** For the guest, once the link is theirs. */
export function guestJoin(
  w: Whole,
  g: WholeGuest,
  about: { clinic: string; ledger: GuestJoin["ledger"]; now: Date },
): GuestJoin {
  const { signer, recipient, binding } = w.claim!;
  return {
    id: g.guest.id,
    visitId: w.visit.id,
    signer: g.guest.signer!,
    ...stepsOf(g),
    // What becomes of the visit is not for a guest who is out.
    visit: g.guest.state === "over" ? "over" : w.visit.state,
    clinic: about.clinic,
    clinician: clinicianOf(w),
    patient: { signer, recipient, binding },
    ledger: about.ledger,
    consent: consentToldOf(g, isGuestLive(w, g, about.now)),
    permissions: isGuestLive(w, g, about.now) ? permissionsIn(w, about.now) : [],
  };
}

/** Of everyone who may be in the call now. */
const permissionsIn = (w: Whole, now: Date): Permission[] =>
  permissionsOf({
    consent: consentView(w, now),
    guests: w.guests.map((g) => ({ id: g.guest.id, consent: consentToldOf(g, isGuestLive(w, g, now)) })),
  });

export const clinicianOf = ({ clinician, key }: Whole) => ({
  id: clinician.id,
  name: clinician.name,
  key: { signer: key.signer, recipient: key.recipient, binding: key.binding },
});

function common(w: Whole) {
  const { visit } = w;
  return {
    id: visit.id,
    state: visit.state,
    end: visit.end,
    erasedAt: iso(visit.erasedAt),
    plannedFor: iso(visit.plannedFor),
    waitingSince: iso(visit.waitingSince),
    admittedAt: iso(visit.admittedAt),
    startedAt: iso(visit.startedAt),
    endedAt: iso(visit.endedAt),
    clinician: clinicianOf(w),
  };
}

export function visitView(w: Whole, now: Date): VisitView {
  return {
    ...common(w),
    heldOn: { device: w.key.device, enrolled: w.key.removedAt === null },
    details: w.visit.details,
    createdAt: w.visit.createdAt.toISOString(),
    openedAt: iso(w.visit.openedAt),
    patient: w.claim && {
      signer: w.claim.signer,
      recipient: w.claim.recipient,
      binding: w.claim.binding,
      pseudonym: pseudonymOf(w.claim.signer),
      details: w.claim.details,
    },
    consent: consentView(w, now),
    guests: w.guests.map((g) => guestView(w, g, now)),
  };
}

export function joinView(
  w: Whole,
  about: {
    clinic: { name: string; phone: string | null };
    ledger: JoinView["ledger"];
    ahead: number;
    wait: number | null;
    mail: JoinView["mail"];
    now: Date;
  },
): JoinView {
  return {
    ...common(w),
    clinic: about.clinic.name,
    phone: about.clinic.phone,
    ledger: about.ledger,
    ahead: about.ahead,
    wait: about.wait,
    mail: about.mail,
    consent: consentView(w, about.now),
    pseudonym: w.claim && pseudonymOf(w.claim.signer),
    guests: w.guests.map((g) => guestView(w, g, about.now)),
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
