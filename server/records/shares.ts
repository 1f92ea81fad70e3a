import { and, asc, desc, eq, inArray, ne } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient } from "../../lib/auth/person.ts";
import { type Consent, kindOf, kinds } from "../../lib/consent/grant.ts";
import { SHARE_SCOPES, shareTermsText } from "../../lib/consent/share-terms.ts";
import { termsHash } from "../../lib/consent/terms.ts";
import { consentId, digestOf } from "../../lib/consent/typed-data.ts";
import { signedBy } from "../../lib/keyring/signature.ts";
import { envelopeOf } from "../../lib/records/envelope.ts";
import { ciphertextOf, sealHolds } from "../../lib/records/seal.ts";
import {
  type Colleague,
  LONGEST_SHARE,
  listColleagues,
  listShares,
  type Resealed,
  revokeShare,
  type ShareView,
  shareRecords,
} from "../../lib/records/share.ts";
import { Refusal } from "../../lib/refusal.ts";
import { visitTopic } from "../../lib/visits/link.ts";
import { assertBegins } from "../consent/consents.ts";
import { takeBack } from "../consent/revocation.ts";
import type { Door } from "../http.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { isEnrolled } from "../storage/enrolled.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { consentOf, counts, type Whole } from "../storage/whole.ts";
import { consentToldOf } from "../visits/view.ts";
import { openKeeping } from "./keeping.ts";
import type { VisitsForRecords } from "./records.ts";

/** Forty envelopes and what is around them. */
const SHARE_LARGEST = 4 * 1024 * 1024;
/** What may be shared; the start and end of a session say nothing another doctor needs. */
const SHAREABLE: readonly number[] = [kinds.prescription, kinds["prescription-cancelled"], kinds["file-share"]];

interface Rooms {
  storage: Storage;
  ledger: Ledger;
  visits: VisitsForRecords;
  clinicName: (read: Reader) => Promise<string | null>;
  now: () => Date;
}

type Key = typeof tables.clinicianKey.$inferSelect;

/** Records for another doctor, by the patient's signature: given, listed and taken back. What that doctor gets is in `shared.ts`. */
export function answerShares(door: Door, rooms: Rooms): void {
  const { storage, ledger, visits, now } = rooms;
  const { assertSigned, insert } = openKeeping(rooms);
  const refused = { refused: "share.refused" } as const;

  /** Doctors with a key that is in force, but the visit's own. */
  async function colleaguesOf(read: Reader, w: Whole): Promise<Colleague[]> {
    const rows = await read
      .select({ name: tables.user.name, key: tables.clinicianKey })
      .from(tables.clinicianKey)
      .innerJoin(tables.user, eq(tables.user.id, tables.clinicianKey.userId))
      .where(and(isEnrolled, ne(tables.user.id, w.clinician.id)))
      .orderBy(asc(tables.user.name), asc(tables.user.id), desc(tables.clinicianKey.enrolledAt));
    // Whoever has several devices reads with the same key in each: the newest stands for all.
    const each = rows.filter(({ key }, at) => rows[at - 1]?.key.userId !== key.userId);
    return each.map(({ name, key: { userId: id, signer, recipient, binding } }) => ({
      ...{ id, name, key: { signer, recipient, binding } },
    }));
  }

  async function readerOf(read: Reader, w: Whole, signer: string): Promise<{ name: string; key: Key }> {
    const [found] = await read
      .select({ name: tables.user.name, key: tables.clinicianKey })
      .from(tables.clinicianKey)
      .innerJoin(tables.user, eq(tables.user.id, tables.clinicianKey.userId))
      .where(and(eq(tables.clinicianKey.signer, signer), isEnrolled));
    if (!found || found.key.userId === w.clinician.id) throw new Refusal("consent.mismatch");
    return found;
  }

  /** What was signed is what the page shows, word for word, and no more than a reader may. */
  async function assertAsShown(w: Whole, reader: string, consent: Consent, records: number): Promise<void> {
    assertBegins(consent, now());
    const seconds = Math.floor(now().getTime() / 1000);
    const text = shareTermsText({
      clinic: (await rooms.clinicName(storage.read)) ?? "",
      reader,
      clinician: w.clinician.name,
      records,
      validUntil: consent.validUntil,
      version: 1,
    });
    const asShown =
      consent.patient === w.claim?.signer &&
      consent.visit === (await visitTopic(w.visit.id)) &&
      consent.scopes === SHARE_SCOPES &&
      consent.validUntil > seconds &&
      consent.validUntil <= seconds + LONGEST_SHARE &&
      consent.terms === (await termsHash(text));
    if (!asShown) throw new Refusal("consent.mismatch");
  }

  async function share(patient: Patient, asked: z.infer<typeof shareRecords.ask>): Promise<ShareView> {
    const { visitId, consent, signature, grant, records } = asked;
    const before = await visits.mine(storage.read, patient, visitId);
    const reader = await readerOf(storage.read, before, consent.grantee);
    await assertAsShown(before, reader.name, consent, records.length);
    if (!signedBy(patient.signer, digestOf("Consent", consent, ledger.about), signature))
      throw new Refusal("signature.wrong");
    const id = consentId(consent);
    const sharedAt = now();
    const row = {
      ...{ id, visitId, guestId: null, shareId: asked.id, consent, signature },
      ...{ grantedAt: sharedAt, revokedAt: null, revocation: null },
    };
    /** The visit under the permission for its reader: what the patient says of it is a record like any other. */
    const under = (w: Whole): Whole => ({ ...w, consent: row, key: reader.key });
    if (grant.kind !== "access-granted" || grant.number !== 1 || grant.blob !== null)
      throw new Refusal("record.mismatch");
    const grantId = await assertSigned(under(before), patient, { ...grant, visitId });
    const no = await ledger.simulate({ is: "grant", consent, signature });
    if (no) throw new Refusal("ledger.refused", { reason: no });

    const view = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const w = await visits.mine(tx, patient, visitId);
      await readerOf(tx, w, consent.grantee);
      await assertTheirs(tx, w, patient, reader.key, records);
      const [made] = await tx
        .insert(tables.share)
        .values({ id: asked.id, visitId, clinicianId: reader.key.userId, sharedAt })
        .onConflictDoNothing()
        .returning();
      if (!made) throw new Refusal("consent.exists");
      await tx.insert(tables.consent).values(row);
      const { id: actId } = await ledger.queue(tx, { call: { is: "grant", consent, signature }, visitId, object: id });
      const by = { author: actorOf(patient), signer: patient.signer, byPatient: true };
      const recorded = await insert(tx, under(w), by, { ...grant, id: grantId, approval: null });
      await tx.insert(tables.sharedRecord).values(
        records.map(({ id: record, ...sealed }) => ({
          ...{ shareId: asked.id, recordId: record, recipient: reader.key.recipient, ...sealed },
        })),
      );
      const granted = {
        ...{ actor: actorOf(patient), action: "share.granted" as const, visitId, object: id, consent: id, actId },
        detail: { reader: reader.key.userId, records: records.length },
      };
      return finish([granted, recorded], (await viewsOf(tx, visitId, asked.id))[0]!);
    });
    ledger.kick();
    return view;
  }

  /** Each is a record of this visit, and sealed by its patient for exactly this reader over what its author committed to. */
  async function assertTheirs(tx: Reader, w: Whole, patient: Patient, key: Key, asked: readonly Resealed[]) {
    const found = await tx
      .select()
      .from(tables.record)
      .where(
        and(
          eq(tables.record.visitId, w.visit.id),
          inArray(
            tables.record.id,
            asked.map(({ id }) => id),
          ),
        ),
      );
    if (new Set(asked.map(({ id }) => id)).size !== asked.length) throw new Refusal("record.mismatch");
    for (const { id, envelope, seal } of asked) {
      const record = found.find((one) => one.id === id);
      if (!record || !SHAREABLE.includes(record.kind)) throw new Refusal("record.not-found");
      if (record.envelope === null) throw new Refusal("record.erased");
      const ciphertext = await ciphertextOf(envelope);
      const { commitment, kind } = record;
      const about = { visit: w.visit.id, kind: kindOf(kind), ciphertext, recipients: [key.recipient], commitment };
      if (!sealHolds(envelopeOf(about), patient.signer, seal)) throw new Refusal("record.mismatch");
    }
  }

  async function viewsOf(read: Reader, visitId: string, shareId?: string): Promise<ShareView[]> {
    const shares = await read
      .select({ share: tables.share, reader: tables.user.name })
      .from(tables.share)
      .innerJoin(tables.user, eq(tables.user.id, tables.share.clinicianId))
      .where(and(eq(tables.share.visitId, visitId), shareId ? eq(tables.share.id, shareId) : undefined))
      .orderBy(asc(tables.share.sharedAt));
    const views: ShareView[] = [];
    for (const { share: one, reader } of shares) {
      const told = (await consentOf(read, one.id))!;
      const rows = await read
        .select({ id: tables.sharedRecord.recordId })
        .from(tables.sharedRecord)
        .where(eq(tables.sharedRecord.shareId, one.id));
      const records = rows.map(({ id }) => id);
      const consent = consentToldOf(told, counts(told.consent, now()))!;
      views.push({ id: one.id, visitId, reader, records, consent });
    }
    return views;
  }

  const list = (patient: Patient, visitId: string) =>
    storage.transact(async (tx, finish) => {
      await visits.mine(tx, patient, visitId);
      const shares = await viewsOf(tx, visitId);
      const entry = { actor: actorOf(patient), action: "share.listed", visitId } as const;
      return finish({ ...entry, detail: { shares: shares.length } }, { shares });
    });

  /** Nothing more is handed out from this moment on; then the ledger hears of it. */
  async function revoke(patient: Patient, { visitId, shareId, signature }: z.infer<typeof revokeShare.ask>) {
    const receipt = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      await visits.mine(tx, patient, visitId);
      const [consent = null] = await tx
        .select()
        .from(tables.consent)
        .where(and(eq(tables.consent.shareId, shareId), eq(tables.consent.visitId, visitId)));
      const { receipt, about } = await takeBack(tx, ledger, { patient, visitId, consent, signature, at: now() });
      return finish({ actor: actorOf(patient), action: "share.revoked", ...about }, receipt);
    });
    ledger.kick();
    return { receipt };
  }

  door.on(listColleagues, "patient", ({ visitId }, patient) =>
    storage.transact(async (tx, finish) => {
      const colleagues = await colleaguesOf(tx, await visits.mine(tx, patient, visitId));
      return finish({ actor: actorOf(patient), action: "colleagues.listed", visitId }, { colleagues });
    }),
  );
  door.on(shareRecords, "patient", (asked, patient) => share(patient, asked), { ...refused, largest: SHARE_LARGEST });
  door.on(listShares, "patient", ({ visitId }, patient) => list(patient, visitId));
  door.on(revokeShare, "patient", (asked, patient) => revoke(patient, asked), refused);
}
