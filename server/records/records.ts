import { and, asc, eq, inArray, sql } from "drizzle-orm";
import type { z } from "zod";
import { actorOf } from "../../lib/audit/actor.ts";
import type { Patient, Principal, Staff } from "../../lib/auth/person.ts";
import { choiceFor, kindOf, kinds } from "../../lib/consent/grant.ts";
import { digestOf, structHash } from "../../lib/consent/typed-data.ts";
import { signedBy } from "../../lib/keyring/keyring.ts";
import type { addRecord, answerAsk } from "../../lib/records/api.ts";
import { ciphertextOf } from "../../lib/records/envelope.ts";
import type { AskView, RecordView } from "../../lib/records/record.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { LedgerCall } from "../ledger/act.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage, Writer } from "../storage/storage.ts";
import { isLive, type Whole } from "../storage/whole.ts";

/** `signedAt` may be this far from our clock, in seconds. Tighter than the contract: here nobody waits for a node. */
const CLOCK = { past: 600, future: 120 };

/** Records of one side in one visit. */
const MOST_RECORDS = 500;

type New = z.infer<typeof addRecord.ask>;
type Answered = z.infer<typeof answerAsk.answer>;
export type Records = ReturnType<typeof openRecords>;

export interface RecordNews {
  recorded(visitId: string, id: string): void;
  asked(visitId: string, id: string, state: AskView["state"]): void;
}

export interface VisitsForRecords {
  mine(read: Reader, person: Principal, visitId: string): Promise<Whole>;
  lock(tx: Writer, visitId: string): Promise<void>;
}

export function openRecords(options: {
  storage: Storage;
  ledger: Ledger;
  visits: VisitsForRecords;
  news: RecordNews;
  now: () => Date;
}) {
  const { storage, ledger, visits, news, now } = options;

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
      await assertNext(tx, still, person, asked.number);
      await assertBlob(tx, person, asked);
      await assertInOrder(tx, still, person, asked);
      await assertNobodyElses(tx, id);
      return keep(tx, finish, still, person, { ...asked, id, approval: null }, "record.added");
    });
    ledger.kick();
    news.recorded(asked.visitId, view.id);
    return view;
  }

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
      await assertNext(tx, still, staff, asked.number);
      await assertInOrder(tx, still, staff, asked);
      await assertBlob(tx, staff, asked);
      const { visitId, commitment, number, signedAt, signature, envelope, seal, blob } = asked;
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
          seal,
          blob,
          state: "open",
          askedAt: now(),
        })
        .onConflictDoNothing()
        .returning();
      if (!row) throw new Refusal("record.number-taken");
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
      await assertContractAgrees(w, null, asked, approval);
    }
    const view = await storage.transact<Answered>(async (tx, finish) => {
      await visits.lock(tx, visitId);
      const w = await visits.mine(tx, patient, visitId);
      const row = await openAsk(tx, visitId, id);
      const kind = kindOf(row.kind);
      if (approval !== null) assertOpen(w, kind, now());
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
      const { line } = await insert(
        tx,
        w,
        { author, signer: w.key.signer, byPatient: false },
        { ...row, kind, approval },
        "record.added",
      );
      const [record] = await recordViews(tx, [visitId], [id]);
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

  function list(person: Principal, visitId: string) {
    return storage.transact(async (tx, finish) => {
      const w = await visits.mine(tx, person, visitId);
      const records = await recordViews(tx, [visitId]);
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
        .where(and(eq(tables.record.id, id), eq(tables.record.visitId, visitId)));
      const [asked] = record
        ? []
        : await tx
            .select()
            .from(tables.askRow)
            .where(and(eq(tables.askRow.id, id), eq(tables.askRow.visitId, visitId)));
      const found = record ?? asked;
      if (!found) throw new Refusal("record.not-found");
      const { envelope, seal, commitment, consentId, kind, number, signedAt } = found;
      const author = record ? record.author : w.key.signer;
      const entry = {
        actor: actorOf(person),
        action: "record.read",
        visitId,
        object: id,
        consent: consentId,
        detail: { kind: kindOf(kind) },
      } as const;
      return finish(entry, {
        envelope,
        seal,
        author,
        commitment,
        record: { consent: consentId, kind, commitment, number, signedAt },
      });
    });
  }

  async function assertSigned(w: Whole, person: Principal, asked: New): Promise<string> {
    const signer = person.is === "staff" ? w.key.signer : person.signer;
    if (person.is === "staff" && person.key?.signer !== w.key.signer) throw new Refusal("key.not-enrolled");
    const seconds = now().getTime() / 1000;
    if (asked.signedAt < seconds - CLOCK.past || asked.signedAt > seconds + CLOCK.future)
      throw new Refusal("signature.expired");
    const value = {
      consent: w.consent!.id,
      kind: kinds[asked.kind],
      commitment: asked.commitment,
      number: asked.number,
      signedAt: asked.signedAt,
    };
    if (!signedBy(signer, digestOf("Record", value, ledger.about), asked.signature))
      throw new Refusal("signature.wrong");
    const recipients = [w.claim!.recipient, w.key.recipient].sort().join(",");
    const seal = {
      visit: asked.visitId,
      ciphertext: await ciphertextOf(asked.envelope),
      commitment: asked.commitment,
      recipients,
    };
    if (!signedBy(signer, digestOf("Envelope", seal, ledger.about), asked.seal)) throw new Refusal("record.mismatch");
    return structHash("Record", value);
  }

  /** The second lock, asked before anything is kept: what the contract would refuse is refused here, with its reason. */
  async function assertContractAgrees(
    w: Whole,
    person: Principal | null,
    asked: Pick<New, "kind" | "commitment" | "number" | "signedAt" | "signature">,
    approval: string | null,
  ): Promise<void> {
    const reason = await ledger.simulate(callOf(w, { ...asked, byPatient: person?.is === "patient", approval }));
    if (reason) throw new Refusal("ledger.refused", { reason });
  }

  async function keep(
    tx: Writer,
    finish: Parameters<Parameters<Storage["transact"]>[0]>[1],
    w: Whole,
    person: Principal,
    asked: Kept,
    action: "record.added",
  ) {
    const author = actorOf(person);
    const by = {
      author,
      signer: person.is === "staff" ? w.key.signer : person.signer,
      byPatient: person.is === "patient",
    };
    const { line } = await insert(tx, w, by, asked, action);
    const [view] = await recordViews(tx, [w.visit.id], [asked.id]);
    return finish(line, view!);
  }

  async function insert(
    tx: Writer,
    w: Whole,
    by: { author: ReturnType<typeof actorOf>; signer: string; byPatient: boolean },
    asked: Kept,
    action: "record.added",
  ) {
    const { id, commitment, number, signedAt, signature, approval, envelope, seal, blob } = asked;
    const consentId = w.consent!.id;
    const visitId = w.visit.id;
    const [kept] = await tx
      .insert(tables.record)
      .values({
        id,
        visitId,
        consentId,
        kind: kinds[asked.kind],
        byPatient: by.byPatient,
        author: by.signer,
        commitment,
        number,
        signedAt,
        signature,
        approval,
        envelope,
        seal,
        blob,
        createdAt: now(),
      })
      .onConflictDoNothing()
      .returning({ id: tables.record.id });
    // A record does not name its author: the same one signed by both is one record, and the second comes too late.
    if (!kept) throw new Refusal("record.number-taken");
    const { id: actId } = await ledger.queue(tx, {
      call: callOf(w, { ...asked, byPatient: by.byPatient }),
      visitId,
      object: id,
    });
    return {
      line: {
        actor: by.author,
        action,
        visitId,
        object: id,
        consent: consentId,
        actId,
        detail: { kind: asked.kind, number },
      },
    };
  }

  return { add, ask, answer, withdraw, list, readEnvelope };
}

interface Kept
  extends Pick<New, "kind" | "commitment" | "number" | "signedAt" | "signature" | "envelope" | "seal" | "blob"> {
  id: string;
  approval: string | null;
}

function callOf(
  w: Whole,
  r: Pick<New, "kind" | "commitment" | "number" | "signedAt" | "signature"> & {
    byPatient: boolean;
    approval: string | null;
  },
): LedgerCall {
  const { commitment, number, signedAt, signature, byPatient, approval } = r;
  return {
    is: "record",
    consent: w.consent!.consent,
    entry: { kind: kinds[r.kind], commitment, number, signedAt, byPatient, signature, approval },
  };
}

/** A record is taken while the visit runs and its permission lives; the session's end also just after. */
function assertOpen(w: Whole, kind: New["kind"], now: Date): void {
  if (!w.consent) throw new Refusal("consent.missing");
  if (w.consent.revokedAt) throw new Refusal("consent.not-live");
  if (kind === "session-end" && w.visit.state === "over" && w.visit.startedAt) return;
  if (w.visit.state === "over") throw new Refusal("visit.over");
  if (!isLive(w, now)) throw new Refusal("consent.not-live");
  if (!w.visit.admittedAt) throw new Refusal("visit.wrong-state");
}

function assertAllowed(w: Whole, person: Principal, kind: New["kind"]): void {
  const choice = choiceFor(w.consent!.consent.scopes, kind);
  if (choice === "deny") throw new Refusal("consent.kind-not-allowed");
  if (person.is === "patient" && kind !== "file-share" && kind !== "session-end")
    throw new Refusal("consent.kind-not-allowed");
  // What the patient signs is the patient's yes.
  if (choice === "ask" && person.is === "staff") throw new Refusal("consent.ask-first");
}

async function assertNext(tx: Reader, w: Whole, person: Principal, number: number): Promise<void> {
  const byPatient = person.is === "patient";
  if (!byPatient) {
    const open = await tx
      .select({ id: tables.askRow.id })
      .from(tables.askRow)
      .where(and(eq(tables.askRow.consentId, w.consent!.id), eq(tables.askRow.state, "open")));
    if (open.length > 0) throw new Refusal("record.number-held");
  }
  if (number !== (await nextNumber(tx, w.consent!.id, byPatient))) throw new Refusal("record.number-taken");
}

async function assertBlob(tx: Reader, person: Principal, asked: New): Promise<void> {
  if (asked.kind === "file-share" ? asked.blob === null : asked.blob !== null) throw new Refusal("record.mismatch");
  if (asked.blob === null) return;
  const [found] = await tx
    .select()
    .from(tables.blob)
    .where(
      and(
        eq(tables.blob.visitId, asked.visitId),
        eq(tables.blob.hash, asked.blob),
        eq(tables.blob.byPatient, person.is === "patient"),
      ),
    );
  if (!found) throw new Refusal("blob.not-found");
}

/** What one side may still say: one start, one end after it has started, nothing after that, and not without measure. */
async function assertInOrder(tx: Reader, w: Whole, person: Principal, asked: New): Promise<void> {
  if (asked.number > MOST_RECORDS) throw new Refusal("request.too-many");
  if (asked.kind === "session-end" && !w.visit.startedAt) throw new Refusal("visit.wrong-state");
  const bySide = eq(tables.record.byPatient, person.is === "patient");
  const mine = await tx
    .select({ kind: tables.record.kind })
    .from(tables.record)
    .where(and(eq(tables.record.consentId, w.consent!.id), bySide));
  const has = (kind: New["kind"]) => mine.some((one) => one.kind === kinds[kind]);
  if (has("session-end")) throw new Refusal("visit.over");
  if (asked.kind === "session-start" && has("session-start")) throw new Refusal("visit.wrong-state");
}

/** A record does not name its author: what one side has signed or asked, the other can't take for its own. */
async function assertNobodyElses(tx: Reader, id: string): Promise<void> {
  const known = await tx.$count(tables.askRow, eq(tables.askRow.id, id));
  if (known > 0) throw new Refusal("record.number-taken");
}

async function nextNumber(read: Reader, consentId: string, byPatient: boolean): Promise<number> {
  const [found] = await read
    .select({ last: sql<number>`coalesce(max(${tables.record.number}), 0)::int` })
    .from(tables.record)
    .where(and(eq(tables.record.consentId, consentId), eq(tables.record.byPatient, byPatient)));
  return (found?.last ?? 0) + 1;
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

const askView = (row: typeof tables.askRow.$inferSelect): AskView => ({
  id: row.id,
  visitId: row.visitId,
  kind: kindOf(row.kind),
  state: row.state,
  askedAt: row.askedAt.toISOString(),
  answeredAt: row.answeredAt?.toISOString() ?? null,
});

/** Records with how far each is on its way to the ledger, in the order they were kept. */
export async function recordViews(
  read: Reader,
  visitIds: readonly string[],
  ids?: readonly string[],
): Promise<RecordView[]> {
  const rows = await read
    .select({ record: tables.record, act: tables.act })
    .from(tables.record)
    .leftJoin(tables.act, and(eq(tables.act.object, tables.record.id), eq(tables.act.kind, "record")))
    .where(and(inArray(tables.record.visitId, [...visitIds]), ids ? inArray(tables.record.id, [...ids]) : undefined))
    .orderBy(asc(tables.record.createdAt), asc(tables.record.number));
  return rows.map(({ record: r, act }) => ({
    id: r.id,
    visitId: r.visitId,
    consent: r.consentId,
    kind: kindOf(r.kind),
    author: r.author,
    byPatient: r.byPatient,
    commitment: r.commitment,
    number: r.number,
    signedAt: r.signedAt,
    signature: r.signature,
    approval: r.approval,
    blob: r.blob,
    ledger: act?.state ?? "saved",
    receipt: act?.receipt ?? null,
    reason: act?.reason ?? null,
    transaction: act?.transaction ?? null,
    block: act?.state === "parked" ? null : (act?.block ?? null),
  }));
}
