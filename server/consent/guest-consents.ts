import { eq } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient } from "../../lib/auth/person.ts";
import { scopesOf } from "../../lib/consent/grant.ts";
import { guestChoices, guestTermsText } from "../../lib/consent/guest-terms.ts";
import { termsHash } from "../../lib/consent/terms.ts";
import { consentId, digestOf } from "../../lib/consent/typed-data.ts";
import { signedBy } from "../../lib/keyring/signature.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { allowGuest, revokeGuest } from "../../lib/visits/guest-api.ts";
import { visitTopic } from "../../lib/visits/link.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import { isLive, type Whole, type WholeGuest } from "../storage/whole.ts";
import type { GuestNews } from "../visits/guests.ts";
import { assertBegins } from "./consents.ts";
import { takeBack } from "./revocation.ts";

export type GuestConsents = ReturnType<typeof openGuestConsents>;

interface There {
  w: Whole;
  g: WholeGuest;
}

/** What guests' consents need of visits, handed in. */
interface VisitsForGuestConsents {
  mine(read: Reader, patient: Patient, visitId: string, guestId: string): Promise<There>;
  lock(tx: Writer, visitId: string): Promise<void>;
  close(tx: Writer, guestId: string, why: "revoked", at: Date): Promise<void>;
  view(w: Whole, g: WholeGuest, now: Date): { consent: import("../../lib/consent/grant.ts").ConsentView | null };
}

/** Nobody is in the call but by the patient's signature: here is the one for a third person. */
export function openGuestConsents(options: {
  storage: Storage;
  ledger: Ledger;
  visits: VisitsForGuestConsents;
  clinicName: (read: Reader) => Promise<string | null>;
  news: GuestNews;
  now: () => Date;
}) {
  const { storage, ledger, visits, news, now } = options;

  async function allow(patient: Patient, asked: z.infer<typeof allowGuest.ask>) {
    const { visitId, guestId, consent, signature } = asked;
    const before = await visits.mine(storage.read, patient, visitId, guestId);
    assertAllowable(before);
    await assertAsShown(before, consent);
    if (!signedBy(patient.signer, digestOf("Consent", consent, ledger.about), signature))
      throw new Refusal("signature.wrong");
    const no = await ledger.simulate({ is: "grant", consent, signature });
    if (no) throw new Refusal("ledger.refused", { reason: no });
    const id = consentId(consent);
    const allowed = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const there = await visits.mine(tx, patient, visitId, guestId);
      assertAllowable(there);
      const at = now();
      await tx.insert(tables.consent).values({ id, visitId, guestId, consent, signature, grantedAt: at });
      await tx.update(tables.guest).set({ state: "allowed", decidedAt: at }).where(eq(tables.guest.id, guestId));
      const { id: actId } = await ledger.queue(tx, { call: { is: "grant", consent, signature }, visitId, object: id });
      const entry = {
        actor: actorOf(patient),
        action: "guest.allowed",
        visitId,
        object: id,
        consent: id,
        actId,
        detail: { ...guestChoices, role: there.g.guest.role, guest: pseudonymOf(consent.grantee) },
      } as const;
      return finish(entry, await visits.mine(tx, patient, visitId, guestId));
    });
    ledger.kick();
    tell(allowed.w);
    return visits.view(allowed.w, allowed.g, now()).consent!;
  }

  /** The guest is out of the call before the chain hears of it. The visit goes on. */
  async function revoke(patient: Patient, asked: z.infer<typeof revokeGuest.ask>) {
    const { visitId, guestId, signature } = asked;
    const closed = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const { w, g } = await visits.mine(tx, patient, visitId, guestId);
      const at = now();
      const { receipt, about } = await takeBack(tx, ledger, { patient, visitId, consent: g.consent, signature, at });
      if (g.guest.state !== "over") await visits.close(tx, guestId, "revoked", at);
      return finish({ actor: actorOf(patient), action: "guest.revoked", ...about }, { w, receipt });
    });
    ledger.kick();
    news.guestGone(visitId, guestId);
    tell(closed.w);
    return { receipt: closed.receipt };
  }

  const tell = ({ visit }: Whole) => news.changed(visit.id, visit.clinicianId, visit.state);

  function assertAllowable({ w, g }: There): void {
    if (w.visit.state === "over") throw new Refusal("visit.over");
    if (!isLive(w, now())) throw new Refusal("consent.not-live");
    if (g.consent) throw new Refusal("consent.exists");
    // The doctor's yes comes first: by asking, or to the patient's asking.
    if (g.guest.state !== "asking" || !g.guest.acceptedAt) throw new Refusal("guest.not-asking");
  }

  /** What was signed is what the card for this guest shows, word for word, and no more than a guest may. */
  async function assertAsShown({ w, g }: There, consent: z.infer<typeof allowGuest.ask>["consent"]): Promise<void> {
    const { validUntil } = w.consent!.consent;
    const text = guestTermsText({
      clinic: (await options.clinicName(storage.read)) ?? "",
      clinician: w.clinician.name,
      role: g.guest.role,
      validUntil,
      version: 1,
    });
    assertBegins(consent, now());
    const asShown =
      consent.patient === w.claim?.signer &&
      consent.grantee === g.guest.signer &&
      consent.visit === (await visitTopic(w.visit.id)) &&
      consent.scopes === scopesOf(guestChoices) &&
      consent.validUntil === validUntil &&
      consent.terms === (await termsHash(text));
    if (!asShown) throw new Refusal("consent.mismatch");
  }

  return { allow, revoke };
}
