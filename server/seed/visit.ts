import { actorOf } from "../../lib/audit/actor.ts";
import type { Actor } from "../../lib/audit/entry.ts";
import type { Choice, Consent, Kind } from "../../lib/consent/grant.ts";
import { kinds, scopesOf } from "../../lib/consent/grant.ts";
import { termsHash, termsText } from "../../lib/consent/terms.ts";
import { consentId, digestOf, structHash } from "../../lib/consent/typed-data.ts";
import { type Keys, patientKeys } from "../../lib/keyring/keyring.ts";
import { visitTopic } from "../../lib/visits/link.ts";
import type { VisitEnd } from "../../lib/visits/visit.ts";
import { type Chance, drawn } from "../chance.ts";
import type { NewEntry } from "../storage/storage.ts";
import { DAY, type Happening, HOUR, hexFrom, idFrom, MINUTE, type Rows, yes } from "./happening.ts";
import type { Doctor, Practice } from "./practice.ts";

const SECOND = 1_000;
const stranger: Actor = { is: "nobody", id: "stranger" };
const link: Actor = { is: "nobody", id: "link" };
const mail: Actor = { is: "system", id: "mail" };

interface Planned {
  chance: Chance;
  practice: Practice;
  doctor: Doctor;
  createdAt: number;
  plannedFor: number;
  /** Nothing that comes later has happened yet. */
  until: number;
}

/** The course of one visit from its making to the last look at it, with what its people signed. */
export async function visitOf(planned: Planned, rows: Rows): Promise<Happening[]> {
  const { chance, practice, doctor, createdAt, plannedFor, until } = planned;
  const happenings: Happening[] = [];
  const visitId = idFrom(chance);
  const staff: Actor = { is: "staff", id: doctor.id };
  const says = (at: number, actor: Actor, action: NewEntry["action"], more: Partial<NewEntry> = {}) =>
    happenings.push({ at, line: { actor, action, visitId, ...more } });

  const row: Rows["visit"][number] = {
    ...{ id: visitId, clinicianId: doctor.id, signer: doctor.keys.signer, claimHash: hexFrom(chance, 32) },
    ...{ plannedFor: new Date(plannedFor), state: "planned", createdAt: new Date(createdAt) },
    linkExpiresAt: new Date(plannedFor + DAY),
  };
  rows.visit.push(row);
  says(createdAt, staff, "visit.created");
  says(createdAt + 2 * SECOND, staff, "visit.read");
  if (plannedFor >= until || yes(chance, 0.07)) return happenings; // still to come, or nobody came

  // At the link.
  let at = plannedFor - chance.between(-2, 12) * MINUTE;
  const wait = (seconds: number, spread = seconds) => {
    at += (seconds + chance.next() * spread) * SECOND;
    return at;
  };
  row.openedAt = new Date(at);
  says(at, link, "link.opened");
  if (yes(chance, 0.03)) return happenings; // looked, and went away again
  const keys = await patientKeys(drawn(chance, 16), visitId);
  const patient = actorOf({ is: "patient", visitId, signer: keys.signer });
  const { signer, recipient, binding } = keys.card;
  says(wait(5), patient, "link.claimed");
  const claim = { visitId, signer, recipient, binding, sessionHash: hexFrom(chance, 32), claimedAt: new Date(at) };
  rows.claim.push(claim);
  says(wait(1), patient, "visit.read");
  if (yes(chance, 0.6)) says(wait(8), patient, "name.told");
  if (yes(chance, 0.03)) says(wait(20), stranger, "link.refused", { refusal: "visit.claimed" });
  if (yes(chance, 0.05)) return happenings; // "Not now" leaves no trace

  // The permission.
  if (yes(chance, 0.01)) says(wait(10), patient, "consent.refused", { refusal: "consent.mismatch" });
  const { consent, choices, signature } = await permission(planned, visitId, keys, wait(20, 60));
  const id = consentId(consent);
  rows.consent.push({ id, visitId, consent, signature, grantedAt: new Date(at) });
  const given = rows.consent.at(-1)!;
  const granted = { visitId, object: id, consent: id, detail: { ...choices } };
  happenings.push({
    at,
    line: { actor: patient, action: "consent.granted", ...granted },
    call: { is: "grant", consent, signature },
  });
  Object.assign(row, { state: "over", waitingSince: new Date(at) });
  const isOver = (end: VisitEnd) => Object.assign(row, { end, endedAt: new Date(at) });
  if (yes(chance, 0.08)) {
    says(wait(30), patient, "notice.asked");
    if (yes(chance, 0.7)) says(at + 4 * MINUTE, mail, "notice.sent", { detail: { how: "mail" } });
  }
  says(wait(15, 500), staff, "visit.read");
  if (yes(chance, 0.02)) {
    isOver("declined");
    says(at, staff, "visit.declined", { consent: id });
    return happenings;
  }

  // The call.
  row.admittedAt = new Date(wait(10, 60));
  says(at, staff, "visit.admitted", { consent: id });
  says(wait(1, 2), patient, "call.entered", { consent: id });
  says(wait(1, 2), staff, "call.entered", { consent: id });
  row.startedAt = new Date(at);
  const records: { id: string; kind: Kind }[] = [];
  const numbers = { grantee: 0, patient: 0 };

  /** Signed now, and approved first where the patient wants to be asked. */
  async function record(kind: Kind, by: "grantee" | "patient" = "grantee", blob: string | null = null) {
    const byPatient = by === "patient";
    const signedAt = Math.floor(at / SECOND);
    numbers[by] += 1;
    const number = numbers[by];
    const said = { consent: id, kind: kinds[kind], commitment: hexFrom(chance, 32), number, signedAt };
    const object = structHash("Record", said);
    const asks =
      kind === "file-share" ? choices.files === "ask" : kind === "prescription" && choices.prescriptions === "ask";
    const author = byPatient ? keys : doctor.keys;
    const signed = await author.sign(digestOf("Record", said, practice.ledger));
    let approval: string | null = null;
    if (asks && !byPatient) {
      says(at, staff, "approval.asked", { object, consent: id, detail: { kind } });
      says(wait(10, 40), patient, "approval.given", { object, consent: id, detail: { kind } });
      approval = await keys.sign(digestOf("Approval", { record: object }, practice.ledger));
    }
    const { consent: consentId, ...signedPart } = said;
    rows.record.push({
      ...{ id: object, visitId, consentId, byPatient, author: author.signer, approval, blob, signature: signed },
      ...{ ...signedPart, recipients: [], seal: "", createdAt: new Date(at) },
    });
    const { commitment } = said;
    happenings.push({
      at,
      line: {
        ...{ actor: byPatient ? patient : staff, action: "record.added", visitId, object, consent: id },
        detail: { kind, number },
      },
      call: {
        ...{ is: "record", consent },
        entry: { kind: said.kind, commitment, number, signedAt, byPatient, signature: signed, approval },
      },
    });
    records.push({ id: object, kind });
  }

  wait(2);
  await record("session-start");
  for (const actor of [staff, patient]) says(wait(1), actor, "record.listed", { detail: { records: records.length } });
  wait(120, 600);
  if (yes(chance, 0.003)) {
    isOver("not-private");
    says(at, patient, "call.not-private", { consent: id, detail: { why: "words" } });
    return happenings;
  }
  if (yes(chance, 0.03)) {
    const taken = await keys.sign(digestOf("Revocation", { consent: id }, practice.ledger));
    isOver("revoked");
    Object.assign(given, { revokedAt: new Date(at), revocation: taken });
    happenings.push({
      at,
      line: { actor: patient, action: "consent.revoked", visitId, object: id, consent: id },
      call: { is: "revoke", consent, signature: taken },
    });
    for (const actor of [patient, staff]) says(wait(1), actor, "call.left");
    return happenings;
  }
  if (yes(chance, 0.3)) says(wait(30), patient, "background.shared", { consent: id });
  if (choices.files !== "deny" && yes(chance, 0.2)) {
    const blob = hexFrom(chance, 32);
    const from = yes(chance, 0.7) ? "patient" : "grantee";
    const bytes = Math.floor(chance.between(40_000, 4_000_000));
    const sender = from === "patient" ? patient : staff;
    says(wait(20, 60), sender, "file.stored", { object: blob, consent: id, detail: { bytes } });
    wait(1);
    await record("file-share", from, blob);
    says(wait(3), from === "patient" ? staff : patient, "file.read", { object: blob, consent: id });
  }
  if (yes(chance, 0.45)) {
    says(wait(60, 300), staff, "background.read", { consent: id });
    wait(40, 60);
    if (choices.prescriptions === "deny") says(at, staff, "record.refused", { refusal: "consent.kind-not-allowed" });
    else await record("prescription");
  }
  wait(60, 500);
  await record("session-end");
  const why = yes(chance, 0.04) ? "left" : "ended";
  says(wait(2), why === "left" ? patient : staff, "visit.ended", { consent: id, detail: { why } });
  isOver(why);
  for (const actor of [patient, staff]) says(wait(1), actor, "call.left");

  // Afterwards.
  for (const actor of [patient, staff]) if (yes(chance, 0.5)) says(wait(8), actor, "call.rated", { consent: id });
  for (const actor of [patient, staff]) says(wait(1), actor, "record.listed", { detail: { records: records.length } });
  if (yes(chance, 0.8)) says(wait(90, 300), staff, "notes.saved", { consent: id, detail: { version: 1 } });
  const looks = Math.floor(chance.next() ** 2 * 7);
  for (let n = 0; n < looks; n++) {
    const { id: object, kind } = chance.oneOf(records);
    const looker = yes(chance, 0.7) ? patient : staff;
    const first = at + chance.between(0.01, n === 0 ? 0.2 : 40) * DAY;
    // Nobody works at night, but for the few times that somebody did.
    const then = looker === staff && !yes(chance, 0.01) ? first - (first % DAY) + chance.between(8, 17) * HOUR : first;
    if (then > at) says(then, looker, "record.read", { object, consent: id, detail: { kind } });
  }
  if (yes(chance, 0.1)) says(at + chance.between(0.1, 20) * DAY, patient, "looks.read");
  if (yes(chance, 0.04))
    says(at + chance.between(0.1, 20) * DAY, patient, "evidence.made", {
      detail: { lines: 20, records: records.length },
    });
  return happenings;
}

/** What the patient decided on the card, word for word, and signed. */
async function permission({ chance, practice, doctor }: Planned, visitId: string, keys: Keys, at: number) {
  const choice = (allow: number, ask: number): Choice => {
    const drawnAt = chance.next();
    return drawnAt < allow ? "allow" : drawnAt < allow + ask ? "ask" : "deny";
  };
  const choices = { video: "allow", prescriptions: choice(0.65, 0.25), files: choice(0.6, 0.2) } as const;
  const validFrom = Math.floor(at / SECOND) - 60;
  const validUntil = validFrom + 10 * 3_600;
  const text = termsText({ clinic: practice.name, clinician: doctor.name, choices, validUntil, version: 1 });
  const consent: Consent = {
    patient: keys.signer,
    grantee: doctor.keys.signer,
    visit: await visitTopic(visitId),
    scopes: scopesOf(choices),
    ...{ validFrom, validUntil, terms: await termsHash(text), salt: hexFrom(chance, 32) },
  };
  return { consent, choices, signature: await keys.sign(digestOf("Consent", consent, practice.ledger)) };
}
