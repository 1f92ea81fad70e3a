import { type Evidence, readVisitEvidence } from "../../lib/audit/evidence.ts";
import { recordIdOf } from "../../lib/audit/evidence-ledger.ts";
import { revoke } from "../../lib/consent/api.ts";
import { digestOf } from "../../lib/consent/typed-data.ts";
import { sha256 } from "../../lib/keyring/bytes.ts";
import {
  addRecord,
  answerAsk,
  askApproval,
  finishUpload,
  listRecords,
  readEnvelope,
  startUpload,
  uploadPath,
} from "../../lib/records/api.ts";
import { openWithSalt } from "../../lib/records/archive.ts";
import type { Content } from "../../lib/records/content.ts";
import { SIDE_HEADER } from "../../lib/wire.ts";
import {
  aFileKey,
  type Clinic,
  cetirizine,
  type Doctor,
  type InCall,
  inCall,
  type PatientThere,
  sessionStart,
  signed,
} from "../clinic.fixture.ts";
import { guestInCall } from "../guest.fixture.ts";

/** A visit that is over, with a bit of everything that evidence is given of: asked and approved, a guest, a permission taken back. */
export async function aVisit(clinic: Clinic, doctor: Doctor): Promise<InCall> {
  const visit = await inCall(clinic, doctor, { video: "allow", prescriptions: "ask", files: "allow" });
  const { visitId } = visit.planned;
  const { patient, ledger } = visit;
  const others = [patient.keys.recipient];
  await ok(doctor.browser.ask(addRecord, await signed(visit, doctor.keys, others, sessionStart(), 1)));
  await guestInCall(clinic, doctor, visit);
  const asked = await ok(doctor.browser.ask(askApproval, await signed(visit, doctor.keys, others, cetirizine, 2)));
  const approval = await patient.keys.sign(digestOf("Approval", { record: asked.id }, ledger));
  await ok(patient.browser.ask(answerAsk, { visitId, id: asked.id, approval }));
  const photo = await sent(patient, visitId);
  await ok(patient.browser.ask(addRecord, await signed(visit, patient.keys, [doctor.keys.recipient], photo, 1)));
  const signature = await patient.keys.sign(digestOf("Revocation", { consent: visit.consentId }, ledger));
  await ok(patient.browser.ask(revoke, { visitId, signature }));
  return visit;
}

/** A small file that the patient sent, as its record tells of it. */
async function sent({ browser }: PatientThere, visitId: string): Promise<Content> {
  const bytes = new TextEncoder().encode("a photo, sealed");
  const { id } = await ok(browser.ask(startUpload, { visitId, size: bytes.length }));
  const headers = { origin: browser.origin, [SIDE_HEADER]: "patient", "content-type": "application/octet-stream" };
  await browser.send("POST", uploadPath(visitId, id, 0), headers, bytes);
  const blob = await sha256(bytes);
  await ok(browser.ask(finishUpload, { visitId, id, blob }));
  return { kind: "file-share", name: "rash.jpg", type: "image/jpeg", size: 8, sha256: blob, blob, key: aFileKey };
}

/** The evidence of a visit with what it says, as its patient's browser makes it. */
export async function openedFor({ patient, planned: { visitId } }: InCall): Promise<Evidence> {
  const evidence = await ok(patient.browser.ask(readVisitEvidence, { visitId }));
  const { records } = await ok(patient.browser.ask(listRecords, { visitId }));
  const opened: Evidence["opened"] = [];
  for (const id of evidence.records.map(recordIdOf)) {
    const record = records.find((one) => one.id === id)!;
    const view = await ok(patient.browser.ask(readEnvelope, { visitId, id }));
    const { sealed } = await openWithSalt(visitId, record, view, patient.keys);
    opened.push({ record: id, content: sealed.content, salt: sealed.salt });
  }
  return { ...evidence, opened };
}

async function ok<T>(asked: Promise<{ status: number; value: T; code: string | undefined }>): Promise<T> {
  const { status, value, code } = await asked;
  if (status !== 200) throw new Error(code);
  return value;
}
