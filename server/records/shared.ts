import { and, count, desc, eq } from "drizzle-orm";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Staff } from "../../lib/auth/person.ts";
import { kindOf } from "../../lib/consent/grant.ts";
import { listSharedWithMe, readShared, readSharedRecord } from "../../lib/records/share.ts";
import { Refusal } from "../../lib/refusal.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import type { Door } from "../http.ts";
import type { Blobs } from "../storage/blobs.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { counts, type Pair, pair } from "../storage/whole.ts";
import { answerBlob } from "./answer.ts";
import { envelopeView } from "./records.ts";
import { recordViews } from "./view.ts";

interface Rooms {
  storage: Storage;
  blobs: Pick<Blobs, "read">;
  now: () => Date;
}

interface There {
  w: Pair;
  consent: typeof tables.consent.$inferSelect;
}

/**
 * What patients let another doctor read: ciphertext, handed out while the permission lives and not a moment longer. Each read
 * is on the trail of the patient's visit, and so is each that was refused.
 */
export function answerShared(door: Door, { storage, blobs, now }: Rooms): void {
  const refused = { refused: "share.refused" } as const;

  /** Somebody else's share answers as one that isn't there. */
  async function toMe(read: Reader, staff: Staff, visitId: string, shareId: string): Promise<There> {
    const [found] = await read
      .select({ consent: tables.consent })
      .from(tables.share)
      .innerJoin(tables.consent, eq(tables.consent.shareId, tables.share.id))
      .where(
        and(eq(tables.share.id, shareId), eq(tables.share.visitId, visitId), eq(tables.share.clinicianId, staff.id)),
      );
    const w = found && (await pair(read, visitId));
    if (!w) throw new Refusal("visit.not-found");
    if (!counts(found.consent, now())) throw new Refusal("share.over");
    return { w, consent: found.consent };
  }

  /** A record of this share, with its envelope for the doctor who asks. */
  async function recordOf(read: Reader, shareId: string, recordId: string) {
    const [found] = await read
      .select()
      .from(tables.sharedRecord)
      .innerJoin(tables.record, eq(tables.record.id, tables.sharedRecord.recordId))
      .where(and(eq(tables.sharedRecord.shareId, shareId), eq(tables.sharedRecord.recordId, recordId)));
    if (!found) throw new Refusal("record.not-found");
    return found;
  }

  const list = (staff: Staff) =>
    storage.transact(async (tx, finish) => {
      const rows = await tx
        .select({ share: tables.share, consent: tables.consent, clinician: tables.user.name, records: count() })
        .from(tables.share)
        .innerJoin(tables.consent, eq(tables.consent.shareId, tables.share.id))
        .innerJoin(tables.sharedRecord, eq(tables.sharedRecord.shareId, tables.share.id))
        .innerJoin(tables.visit, eq(tables.visit.id, tables.share.visitId))
        .innerJoin(tables.user, eq(tables.user.id, tables.visit.clinicianId))
        .where(eq(tables.share.clinicianId, staff.id))
        .groupBy(tables.share.id, tables.consent.id, tables.user.name)
        .orderBy(desc(tables.share.sharedAt));
      const shares = rows.map(({ share, consent, clinician, records }) => ({
        ...{ id: share.id, visitId: share.visitId, clinician, records, sharedAt: share.sharedAt.toISOString() },
        ...{ pseudonym: pseudonymOf(consent.consent.patient), validUntil: consent.consent.validUntil },
        state: consent.revokedAt
          ? ("revoked" as const)
          : counts(consent, now())
            ? ("live" as const)
            : ("ended" as const),
      }));
      return finish({ actor: actorOf(staff), action: "shared.listed", detail: { shares: shares.length } }, { shares });
    });

  const open = (staff: Staff, visitId: string, shareId: string) =>
    storage.transact(async (tx, finish) => {
      const { w, consent } = await toMe(tx, staff, visitId, shareId);
      const [grant] = await tx.select().from(tables.record).where(eq(tables.record.consentId, consent.id));
      const rows = await tx.select().from(tables.sharedRecord).where(eq(tables.sharedRecord.shareId, shareId));
      const ids = rows.map(({ recordId }) => recordId);
      const answer = {
        consent: { id: consent.id, consent: consent.consent, signature: consent.signature },
        clinician: { name: w.clinician.name, signer: w.key.signer },
        grant: envelopeView(grant!),
        records: await recordViews(tx, [visitId], { ids }),
      };
      const entry = { actor: actorOf(staff), action: "shared.read", visitId, consent: consent.id } as const;
      return finish({ ...entry, object: shareId, detail: { records: ids.length } }, answer);
    });

  const read = (staff: Staff, visitId: string, shareId: string, id: string) =>
    storage.transact(async (tx, finish) => {
      const { consent } = await toMe(tx, staff, visitId, shareId);
      const { record, shared_record } = await recordOf(tx, shareId, id);
      const { envelope, recipient, seal } = shared_record;
      const entry = { actor: actorOf(staff), action: "record.read", visitId, object: id, consent: consent.id } as const;
      return finish(
        { ...entry, detail: { kind: kindOf(record.kind) } },
        envelopeView({ ...record, envelope, recipients: [recipient], seal }),
      );
    });

  /** A file's key is in its record's envelope: whoever may have that may have the bytes, for as long. */
  const readBlob = async (staff: Staff, visitId: string, shareId: string, hash: string) => {
    const found = await storage.transact(async (tx, finish) => {
      const { consent } = await toMe(tx, staff, visitId, shareId);
      const [row] = await tx
        .select({ blob: tables.blob })
        .from(tables.sharedRecord)
        .innerJoin(tables.record, eq(tables.record.id, tables.sharedRecord.recordId))
        .innerJoin(
          tables.blob,
          and(eq(tables.blob.hash, tables.record.blob), eq(tables.blob.visitId, tables.record.visitId)),
        )
        .where(and(eq(tables.sharedRecord.shareId, shareId), eq(tables.record.blob, hash)));
      if (!row) throw new Refusal("blob.not-found");
      const entry = { actor: actorOf(staff), action: "file.read", visitId, object: hash, consent: consent.id } as const;
      return finish(entry, row.blob);
    });
    return blobs.read(found);
  };

  door.on(listSharedWithMe, "clinician", (_, staff) => list(staff));
  door.on(readShared, "clinician", ({ visitId, shareId }, staff) => open(staff, visitId, shareId), refused);
  door.on(
    readSharedRecord,
    "clinician",
    ({ visitId, shareId, id }, staff) => read(staff, visitId, shareId, id),
    refused,
  );
  door.raw("GET", "/api/visits/:visitId/shared/:shareId/blobs/:blob", "clinician", (http, staff) =>
    answerBlob(http, (blob) => readBlob(staff, http.req.param("visitId")!, http.req.param("shareId")!, blob)),
  );
}
