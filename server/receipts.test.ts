import { afterAll, beforeAll, expect, test } from "vitest";
import type * as z from "zod/mini";
import { revoke } from "../lib/consent/api.ts";
import { digestOf } from "../lib/consent/typed-data.ts";
import { isPromised } from "../lib/ledger/promise.ts";
import { type AskChain, readLogKey } from "../lib/ledger/read.ts";
import type { Receipt } from "../lib/ledger/receipt.ts";
import { type Act, actId } from "../lib/ledger/submission.ts";
import { addRecord, answerAsk, askApproval, listRecords } from "../lib/records/api.ts";
import { endVisit, readJoin, readVisit } from "../lib/visits/api.ts";
import {
  Clinic,
  cetirizine,
  type Doctor,
  drOsei,
  type InCall,
  inCall,
  sessionStart,
  signed,
} from "./clinic.fixture.ts";

const choices = { video: "allow", prescriptions: "ask", files: "allow" } as const;
let clinic: Clinic;
let doctor: Doctor;
let visit: InCall;
let logKey: string;
const given: Receipt[] = [];

/** The chain through the clinic's window, as any browser asks it. */
const rpc: AskChain = async (method, params) => {
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const { text } = await clinic.browser().send("POST", "/api/ledger/rpc", { "content-type": "application/json" }, body);
  return (JSON.parse(text) as { result: unknown }).result;
};

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
  visit = await inCall(clinic, doctor, choices);
  logKey = await readLogKey(rpc, visit.ledger);
});
afterAll(() => clinic.close());

/** Held against the act that was sent and the key the contract names; remembered for asking again. */
function holds(act: string, receipt: Receipt | null): void {
  expect(isPromised(act, receipt, { ledger: visit.ledger, logKey })).toBe(true);
  if (!receipt) return;
  expect(receipt.deadline).toBe(receipt.savedAt + 600);
  expect(Math.abs(receipt.savedAt - Date.now() / 1000)).toBeLessThan(60);
  given.push(receipt);
}

const idOf = (record: z.infer<typeof addRecord.answer>) => {
  const { commitment, number, signedAt, byPatient, signature, approval } = record;
  const kinds = { "session-start": 1, "session-end": 2, prescription: 3, "file-share": 5 } as const;
  const kind = kinds[record.kind as keyof typeof kinds];
  const entry = { kind, commitment, number, signedAt, byPatient, signature, approval };
  return actId({ is: "record", consent: visit.consent, entry } satisfies Act);
};

test("every answer to a signed act is a promise by the key the contract names, and asking again gives the same one", async () => {
  const { visitId } = visit.planned;
  const ana = visit.patient.browser;
  const others = { doctor: [visit.patient.keys.recipient], ana: [doctor.keys.recipient] };

  const join = await ana.ask(readJoin, { visitId });
  holds(visit.consentId, join.value.consent!.receipt);

  const start = sessionStart();
  const started = await doctor.browser.ask(addRecord, await signed(visit, doctor.keys, others.doctor, start, 1));
  holds(idOf(started.value), started.value.receipt);

  const asking = await signed(visit, doctor.keys, others.doctor, cetirizine, 2);
  const asked = await doctor.browser.ask(askApproval, asking);
  const approval = await visit.patient.keys.sign(digestOf("Approval", { record: asked.value.id }, visit.ledger));
  const answered = await ana.ask(answerAsk, { visitId, id: asked.value.id, approval });
  // With the doctor's signature and the patient's approval in it, the record is whole for either of them.
  expect(answered.value.record).toMatchObject({ id: asked.value.id, approval, signature: asking.signature });
  holds(idOf(answered.value.record!), answered.value.record!.receipt);

  expect((await ana.ask(endVisit, { visitId })).status).toBe(200);
  const signature = await visit.patient.keys.sign(digestOf("Revocation", { consent: visit.consentId }, visit.ledger));
  const revoked = await ana.ask(revoke, { visitId, signature });
  holds(actId({ is: "revoke", consent: visit.consent, signature }), revoked.value.receipt);
  expect(new Set(given.map(({ number }) => number)).size).toBe(4);

  const seen = await doctor.browser.ask(readVisit, { visitId });
  const { records } = (await doctor.browser.ask(listRecords, { visitId })).value;
  const { receipt, revocationReceipt } = seen.value.consent!;
  expect([receipt, ...records.map((one) => one.receipt), revocationReceipt]).toEqual(given);
});

test("a refused act has no receipt, nor has a no to a question", async () => {
  const other = await inCall(clinic, doctor, choices);
  const { visitId } = other.planned;
  const asking = await signed(other, doctor.keys, [other.patient.keys.recipient], cetirizine, 1);
  const straight = await doctor.browser.ask(addRecord, asking);
  expect([straight.code, straight.value]).toEqual(["consent.ask-first", undefined]);
  const asked = await doctor.browser.ask(askApproval, asking);
  const no = await other.patient.browser.ask(answerAsk, { visitId, id: asked.value.id, approval: null });
  expect(no.value).toMatchObject({ state: "refused", record: null });
});
