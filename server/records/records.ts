import { and, asc, eq } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Principal } from "../../lib/auth/person.ts";
import { kindOf } from "../../lib/consent/grant.ts";
import type { EnvelopeView } from "../../lib/records/api.ts";
import type { AskView, RecordView } from "../../lib/records/record.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import type { Whole } from "../storage/whole.ts";
import { openAsks } from "./asks.ts";
import { openKeeping } from "./keeping.ts";
import {
  assertAllowed,
  assertBlob,
  assertInOrder,
  assertKeyStands,
  assertNext,
  assertNobodyElses,
  assertOpen,
  assertSlip,
  type New,
  nextNumber,
} from "./rules.ts";
import { askView, recordViews } from "./view.ts";

export type Records = ReturnType<typeof openRecords>;

interface RecordNews {
  recorded(visitId: string, id: string): void;
  asked(visitId: string, id: string, state: AskView["state"]): void;
}

export interface VisitsForRecords {
  mine(read: Reader, person: Principal, visitId: string): Promise<Whole>;
  lock(tx: Writer, visitId: string): Promise<void>;
}

export interface RecordOptions {
  storage: Storage;
  ledger: Ledger;
  visits: VisitsForRecords;
  news: RecordNews;
  now: () => Date;
}

export function openRecords(options: RecordOptions) {
  const { storage, ledger, visits, news, now } = options;
  const keeping = openKeeping(options);
  const { assertSigned, assertContractAgrees, insert } = keeping;

  /** Signed, allowed, tried on the contract; then kept with its line and its act in one transaction. */
  async function add(person: Principal, asked: New): Promise<RecordView> {
    const w = await visits.mine(storage.read, person, asked.visitId);
    assertOpen(w, asked.kind, now());
    assertAllowed(w, person, asked.kind);
    const id = await assertSigned(w, person, asked);
    await assertContractAgrees(w, person, asked, null);
    const view = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, asked.visitId);
      const still = await visits.mine(tx, person, asked.visitId);
      assertOpen(still, asked.kind, now());
      if (person.is === "staff") assertKeyStands(still, person);
      await assertNext(tx, still, person, asked.number);
      await assertBlob(tx, person, asked);
      await assertSlip(tx, still, asked, now());
      await assertInOrder(tx, still, person, asked);
      await assertNobodyElses(tx, id);
      const by = {
        author: actorOf(person),
        signer: person.is === "staff" ? still.key.signer : person.signer,
        byPatient: person.is === "patient",
      };
      const line = await insert(tx, still, by, { ...asked, id, approval: null });
      const [view] = await recordViews(tx, [asked.visitId], { ids: [id] });
      return finish(line, view!);
    });
    ledger.kick();
    news.recorded(asked.visitId, view.id);
    return view;
  }

  function list(person: Principal, visitId: string) {
    return storage.transact(async (tx, finish) => {
      const w = await visits.mine(tx, person, visitId);
      // What the patient shares with others is not for this visit's doctor to see.
      const records = w.consent ? await recordViews(tx, [visitId], { consent: w.consent.id }) : [];
      const rows = await tx
        .select()
        .from(tables.askRow)
        .where(eq(tables.askRow.visitId, visitId))
        .orderBy(asc(tables.askRow.askedAt));
      const next = w.consent ? await nextNumber(tx, w.consent.id, person.is === "patient") : 1;
      const line = {
        actor: actorOf(person),
        action: "record.listed",
        visitId,
        detail: { records: records.length },
      } as const;
      return finish(line, { records, asks: rows.map(askView), next });
    });
  }

  /** An envelope for one of its two people; it opens only with their key. */
  function readEnvelope(person: Principal, visitId: string, id: string) {
    return storage.transact(async (tx, finish) => {
      const w = await visits.mine(tx, person, visitId);
      const [record] = await tx
        .select()
        .from(tables.record)
        .where(and(eq(tables.record.id, id), eq(tables.record.visitId, visitId), ofConsent(w, person)));
      const [asked] = record
        ? []
        : await tx
            .select()
            .from(tables.askRow)
            .where(and(eq(tables.askRow.id, id), eq(tables.askRow.visitId, visitId)));
      const found = record ?? asked;
      if (!found) throw new Refusal("record.not-found");
      const { consentId, kind } = found;
      const entry = {
        actor: actorOf(person),
        action: "record.read",
        visitId,
        object: id,
        consent: consentId,
        detail: { kind: kindOf(kind) },
      } as const;
      return finish(entry, envelopeView(record ?? { ...asked!, author: w.key.signer }));
    });
  }

  return { add, ...openAsks(options, keeping), list, readEnvelope };
}

/** The patient's own records of whom they let read are for the patient. */
const ofConsent = (w: Whole, person: Principal) =>
  person.is === "patient" ? undefined : eq(tables.record.consentId, w.consent?.id ?? "");

/** An envelope with what its author signed. */
export function envelopeView(
  row: Pick<
    typeof tables.record.$inferSelect,
    "envelope" | "recipients" | "seal" | "author" | "commitment" | "consentId" | "kind" | "number" | "signedAt"
  >,
): z.infer<typeof EnvelopeView> {
  const { envelope, recipients, seal, author, commitment, consentId, kind, number, signedAt } = row;
  if (envelope === null) throw new Refusal("record.erased");
  const record = { consent: consentId, kind, commitment, number, signedAt };
  return { envelope, recipients, seal, author, commitment, record };
}
