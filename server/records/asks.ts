import { and, eq } from "drizzle-orm";
import type * as z from "zod/mini";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient, Staff } from "../../lib/auth/person.ts";
import { choiceFor, kindOf, kinds } from "../../lib/consent/grant.ts";
import { digestOf } from "../../lib/consent/typed-data.ts";
import { signedBy } from "../../lib/keyring/signature.ts";
import type { answerAsk } from "../../lib/records/api.ts";
import type { AskView } from "../../lib/records/record.ts";
import { Refusal } from "../../lib/refusal.ts";
import * as tables from "../storage/schema.ts";
import type { Reader } from "../storage/storage.ts";
import { type Keeping, keepSlip } from "./keeping.ts";
import type { RecordOptions } from "./records.ts";
import {
  assertAllowed,
  assertBlob,
  assertInOrder,
  assertKeyStands,
  assertNext,
  assertOpen,
  assertSlip,
  type New,
} from "./rules.ts";
import { askView, recordViews } from "./view.ts";

type Answered = z.infer<typeof answerAsk.answer>;

/** The doctor's questions to the patient: a record that becomes one by the patient's approval. */
export function openAsks(options: RecordOptions, { assertSigned, assertContractAgrees, insert }: Keeping) {
  const { storage, ledger, visits, news, now } = options;

  /** The doctor's question. It holds the doctor's next number until the answer. */
  async function ask(staff: Staff, asked: New): Promise<AskView> {
    const w = await visits.mine(storage.read, staff, asked.visitId);
    assertOpen(w, asked.kind, now());
    if (choiceFor(w.consent!.consent.scopes, asked.kind) !== "ask") assertAllowed(w, staff, asked.kind);
    const id = await assertSigned(w, staff, asked);
    const view = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, asked.visitId);
      const still = await visits.mine(tx, staff, asked.visitId);
      assertOpen(still, asked.kind, now());
      assertKeyStands(still, staff);
      await assertNext(tx, still, staff, asked.number);
      await assertInOrder(tx, still, staff, asked);
      await assertBlob(tx, staff, asked);
      // Nobody is asked about a cancellation: it protects, and needs no yes.
      if (asked.kind === "prescription-cancelled") throw new Refusal("consent.kind-not-allowed");
      await assertSlip(tx, still, asked, now());
      const { visitId, commitment, number, signedAt, signature, envelope, recipients, seal, blob } = asked;
      const [row] = await tx
        .insert(tables.askRow)
        .values({
          id,
          visitId,
          consentId: still.consent!.id,
          kind: kinds[asked.kind],
          commitment,
          number,
          signedAt,
          signature,
          envelope,
          recipients,
          seal,
          blob,
          state: "open",
          askedAt: now(),
        })
        .onConflictDoNothing()
        .returning();
      if (!row) throw new Refusal("record.number-taken");
      if (asked.slip) await keepSlip(tx, { ...asked.slip, id, visitId });
      const entry = {
        actor: actorOf(staff),
        action: "approval.asked",
        visitId,
        object: id,
        consent: still.consent!.id,
        detail: { kind: asked.kind },
      } as const;
      return finish(entry, askView(row));
    });
    news.asked(asked.visitId, id, "open");
    return view;
  }

  /** The patient's answer: with an approval the record is kept, without one nothing is. */
  async function answer(patient: Patient, visitId: string, id: string, approval: string | null): Promise<Answered> {
    if (approval !== null && !signedBy(patient.signer, digestOf("Approval", { record: id }, ledger.about), approval))
      throw new Refusal("signature.wrong");
    if (approval !== null) {
      const w = await visits.mine(storage.read, patient, visitId);
      const row = await openAsk(storage.read, visitId, id);
      const asked = { ...row, kind: kindOf(row.kind) };
      assertOpen(w, asked.kind, now());
      assertKeyStands(w, patient);
      await assertContractAgrees(w, null, asked, approval);
    }
    const view = await storage.transact<Answered>(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const w = await visits.mine(tx, patient, visitId);
      const row = await openAsk(tx, visitId, id);
      const kind = kindOf(row.kind);
      if (approval !== null) {
        assertOpen(w, kind, now());
        assertKeyStands(w, patient);
      }
      const state = approval === null ? "refused" : "approved";
      const [answered] = await tx
        .update(tables.askRow)
        .set({ state, answeredAt: now() })
        .where(eq(tables.askRow.id, id))
        .returning();
      const entry = {
        actor: actorOf(patient),
        action: approval === null ? "approval.refused" : "approval.given",
        visitId,
        object: id,
        consent: w.consent!.id,
        detail: { kind },
      } as const;
      if (approval === null) return finish(entry, { ...askView(answered!), record: null });
      const author = { is: "staff", id: w.clinician.id } as const;
      const by = { author, signer: w.key.signer, byPatient: false };
      const { envelope } = row;
      if (envelope === null) throw new Refusal("record.erased");
      const line = await insert(tx, w, by, { ...row, envelope, kind, approval, slip: null, cancels: null });
      const [record] = await recordViews(tx, [visitId], { ids: [id] });
      return finish([entry, line], { ...askView(answered!), record: record! });
    });
    ledger.kick();
    news.asked(visitId, id, view.state);
    if (view.state === "approved") news.recorded(visitId, id);
    return view;
  }

  async function withdraw(staff: Staff, visitId: string, id: string): Promise<AskView> {
    const view = await storage.transact(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const w = await visits.mine(tx, staff, visitId);
      await openAsk(tx, visitId, id);
      const [row] = await tx
        .update(tables.askRow)
        .set({ state: "withdrawn", answeredAt: now() })
        .where(eq(tables.askRow.id, id))
        .returning();
      return finish(
        { actor: actorOf(staff), action: "approval.withdrawn", visitId, object: id, consent: w.consent?.id },
        askView(row!),
      );
    });
    news.asked(visitId, id, "withdrawn");
    return view;
  }

  return { ask, answer, withdraw };
}

async function openAsk(read: Reader, visitId: string, id: string) {
  const [row] = await read
    .select()
    .from(tables.askRow)
    .where(and(eq(tables.askRow.id, id), eq(tables.askRow.visitId, visitId)));
  if (!row) throw new Refusal("record.not-found");
  if (row.state !== "open") throw new Refusal("ask.not-open");
  return row;
}
