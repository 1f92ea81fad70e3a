import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { deviceKeys, newKey } from "../../lib/auth/device.ts";
import { bringKey, enrolKey, removeKey } from "../../lib/auth/people-api.ts";
import { kinds } from "../../lib/consent/grant.ts";
import { digestOf, structHash } from "../../lib/consent/typed-data.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { clinicianKeys, newSeed } from "../../lib/keyring/keyring.ts";
import { addRecord, answerAsk, askApproval } from "../../lib/records/api.ts";
import {
  cancelPrescription,
  openCancellation,
  readCancellation,
  signCancellation,
} from "../../lib/records/cancellation.ts";
import { openRecord } from "../../lib/records/envelope.ts";
import { openNote, slipIn, slipLinkOf, slipOf } from "../../lib/records/slip.ts";
import { endVisit } from "../../lib/visits/api.ts";
import { Clinic, type Doctor, drOsei, inCall, prescriptionOf, signed } from "../clinic.fixture.ts";
import { colleague } from "../colleague.fixture.ts";
import { onPaper } from "./paper.fixture.ts";

const day = 86_400_000;

let clinic: Clinic;
let doctor: Doctor;
/** How far the server's clock is ahead. */
let ahead = 0;

beforeAll(async () => {
  clinic = await Clinic.open(undefined, {}, { now: () => new Date(Date.now() + ahead) });
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());

beforeEach(() => {
  ahead = 0;
});

describe("who holds the paper", () => {
  test("opens the prescription with what the QR code says, and nobody else's", async () => {
    const { content, record, slip, show, linesOf } = await onPaper(clinic, doctor);
    const scanned = slipIn(slipLinkOf("https://visits.example", record, content.slip));
    expect(scanned).toEqual({ record, secret: content.slip });
    const { value } = await show();
    const { envelope, commitment } = value.envelope;
    expect(await openRecord({ envelope, keys: slip, commitment, visitId: value.visitId })).toEqual(content);
    expect(value).toMatchObject({
      clinic: "Riverside Practice",
      cancellation: null,
      state: { times: 1, dispensed: [] },
    });
    const other = await slipOf(prescriptionOf("X").slip);
    await expect(openRecord({ envelope, keys: other, commitment, visitId: value.visitId })).rejects.toThrow();
    expect(await linesOf("prescription.shown")).toMatchObject([{ who: "anyone", object: record, refusal: null }]);
  });

  test("with a wrong token hears what everyone hears of a prescription that is not there", async () => {
    const { slip, show, linesOf } = await onPaper(clinic, doctor);
    const wrong = await show(randomHex(32));
    const nothing = await show(slip.token, randomHex(32));
    expect(wrong).toEqual(nothing);
    expect(wrong).toMatchObject({ status: 404, code: "prescription.not-found" });
    expect(await linesOf("prescription.shown")).toEqual([]);
  });

  test("is kept out after twenty guesses, and who has the right one is not", async () => {
    const { show } = await onPaper(clinic, doctor);
    for (let n = 0; n < 20; n++) await show(randomHex(32));
    expect((await show(randomHex(32))).code).toBe("request.too-many");
    expect((await show()).status).toBe(200);
  });

  test("marks it once: of fifty at the same moment exactly one, and the others hear that it was", async () => {
    const { mark, stateOf, linesOf } = await onPaper(clinic, doctor);
    const tries = await Promise.all(Array.from({ length: 50 }, (_, n) => mark(`Pharmacy ${n}`)));
    const won = tries.filter(({ status }) => status === 200);
    expect(won).toHaveLength(1);
    expect(new Set(tries.filter(({ status }) => status !== 200).map(({ code }) => code))).toEqual(
      new Set(["prescription.dispensed"]),
    );
    const state = (await stateOf())!;
    expect(state.dispensed.map(({ at }) => at)).toEqual([won[0]!.value.at]);
    expect(state.refused?.times).toBe(49);
    const lines = await linesOf("prescription.dispensed");
    expect(lines.filter(({ refusal }) => refusal === null)).toHaveLength(1);
    expect(lines.filter(({ refusal }) => refusal === "prescription.dispensed")).toHaveLength(49);
  });

  test("marks each refill once: two pharmacies at the same moment use up one, and after the last it is refused", async () => {
    const { visit, record, mark, stateOf } = await onPaper(clinic, doctor, 2);
    expect((await stateOf())?.times).toBe(3);
    expect((await mark("Harbour Pharmacy", 2)).code).toBe("prescription.dispensed");
    const first = await Promise.all([mark("Harbour Pharmacy"), mark("Hill Pharmacy")]);
    expect(first.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect((await mark("Hill Pharmacy", 2)).status).toBe(200);
    // Its first medicine is for ninety days, thirty for each time.
    ahead = 89 * day;
    expect((await mark("Hill Pharmacy", 3)).status).toBe(200);
    expect((await mark("Hill Pharmacy", 4)).code).toBe("prescription.dispensed");
    const { dispensed, refused } = (await stateOf())!;
    expect(dispensed).toHaveLength(3);
    expect(refused?.times).toBe(3);
    const names = await Promise.all(dispensed.slice(1).map(({ note }) => openNote(note, record, visit.patient.keys)));
    expect(names.map(({ pharmacy }) => pharmacy)).toEqual(["Hill Pharmacy", "Hill Pharmacy"]);
  });

  test("tells the patient, the doctor and the next pharmacy who it was, and the server not", async () => {
    const { visit, record, slip, show, mark, stateOf } = await onPaper(clinic, doctor);
    await mark("Harbour Pharmacy");
    expect((await mark("Hill Pharmacy")).code).toBe("prescription.dispensed");
    const kept = (await show()).value.state.dispensed[0]!.note;
    for (const keys of [visit.patient.keys, doctor.keys, slip])
      expect(await openNote(kept, record, keys)).toMatchObject({ pharmacy: "Harbour Pharmacy" });
    expect(atob(kept)).not.toContain("Harbour");
    await expect(openNote(kept, randomHex(32), slip)).rejects.toThrow("another prescription");
    expect(await stateOf()).toMatchObject({ refused: { times: 1 } });
  });

  test("can't mark what has run out", async () => {
    const { mark, stateOf } = await onPaper(clinic, doctor);
    ahead = 31 * day;
    expect((await mark()).code).toBe("prescription.expired");
    expect((await stateOf())?.dispensed).toEqual([]);
  });
});

describe("a question to the patient", () => {
  test("is no prescription before the yes, and its paper is good after it", async () => {
    const { content, slip, show } = await onPaper(clinic, doctor);
    const visit = await inCall(clinic, doctor, { video: "allow", prescriptions: "ask", files: "allow" });
    const { visitId } = visit.planned;
    const asked = await signed(visit, doctor.keys, [visit.patient.keys.recipient], content, 1);
    const { id } = (await doctor.browser.ask(askApproval, asked)).value;
    expect((await show(slip.token, id)).code).toBe("prescription.not-found");
    const approval = await visit.patient.keys.sign(digestOf("Approval", { record: id }, visit.ledger));
    await visit.patient.browser.ask(answerAsk, { visitId, id, approval });
    expect((await show(slip.token, id)).value.envelope.approval).toBe(approval);
  });
});

describe("the server refuses a prescription", () => {
  test("whose paper is not known, is known already to be over, or is meant for more people than it says", async () => {
    const { visit, content, record } = await onPaper(clinic, doctor);
    const to = [visit.patient.keys.recipient];
    const good = await signed(visit, doctor.keys, to, content, 2);
    const until = Math.floor(Date.now() / 1000) - 1;
    for (const wrong of [{ slip: null }, { slip: { ...good.slip!, until } }, { cancels: record }])
      expect((await doctor.browser.ask(addRecord, { ...good, ...wrong })).code).toBe("record.mismatch");
    const two = await signed(
      visit,
      doctor.keys,
      to,
      {
        kind: "session-start",
        at: new Date().toISOString(),
        fingerprints: { clinician: randomHex(32), patient: randomHex(32) },
      },
      2,
    );
    expect((await doctor.browser.ask(addRecord, { ...two, slip: good.slip })).code).toBe("record.mismatch");
    expect((await doctor.browser.ask(addRecord, good)).status).toBe(200);
  });
});

describe("a prescription that was taken back", () => {
  /** What its doctor can do about it. */
  async function toTakeBack() {
    const paper = await onPaper(clinic, doctor);
    const { visit, visitId, record, slip, recipients } = paper;
    const said = (more: object = {}) =>
      ({ kind: "prescription-cancelled", record, reason: "An allergy", replacedBy: null, ...more }) as const;
    const onLedger = async (number: number) => {
      const to = [visit.patient.keys.recipient, slip.recipient];
      return doctor.browser.ask(addRecord, await signed(visit, doctor.keys, to, said(), number));
    };
    const offLedger = async (by = doctor.keys) => {
      const cancelled = await signCancellation(visitId, said(), recipients, by);
      return doctor.browser.ask(cancelPrescription, { visitId, id: record, ...cancelled });
    };
    return { ...paper, said, onLedger, offLedger };
  }

  test("is a record on the ledger while the permission is good, also after the visit, and is dispensed by nobody", async () => {
    const { visit, visitId, record, slip, show, mark, stateOf, said, onLedger } = await toTakeBack();
    await doctor.browser.ask(endVisit, { visitId });
    const kept = (await onLedger(2)).value;
    expect(kept.kind).toBe("prescription-cancelled");
    expect((await mark()).code).toBe("prescription.cancelled");
    expect((await stateOf())?.cancelledAt).not.toBeNull();
    expect((await onLedger(3)).code).toBe("prescription.cancelled");
    const { cancellation } = (await show()).value;
    const about = { visit: visitId, prescription: record, signer: doctor.keys.signer, cancellation: cancellation! };
    for (const keys of [slip, visit.patient.keys]) expect(await openCancellation({ ...about, keys })).toEqual(said());
    expect(cancellation?.record).toBe(kept.id);
  });

  test("is so by the doctor's signature alone once the permission is over", async () => {
    const { visit, visitId, record, mark, linesOf, said, onLedger, offLedger } = await toTakeBack();
    ahead = day;
    expect((await onLedger(2)).code).toBe("consent.not-live");
    expect((await offLedger()).status).toBe(200);
    expect((await mark()).code).toBe("prescription.cancelled");
    expect((await offLedger()).code).toBe("prescription.cancelled");
    const { value } = await visit.patient.browser.ask(readCancellation, { visitId, id: record });
    expect(value.record).toBeNull();
    const about = { visit: visitId, prescription: record, cancellation: value, keys: visit.patient.keys };
    expect(await openCancellation({ ...about, signer: doctor.keys.signer })).toEqual(said());
    await expect(openCancellation({ ...about, signer: visit.patient.keys.signer })).rejects.toThrow();
    const other = { ...about, prescription: randomHex(32), signer: doctor.keys.signer };
    await expect(openCancellation(other)).rejects.toThrow();
    expect(await linesOf("prescription.cancelled")).toMatchObject([{ who: "doctor", refusal: null }]);
  });

  test("is taken back by its doctor alone, and only where it is", async () => {
    const { visit, visitId, record, recipients, stateOf, said, offLedger } = await toTakeBack();
    expect((await offLedger(visit.patient.keys)).code).toBe("signature.wrong");
    const elsewhere = await signCancellation(visitId, said(), recipients, doctor.keys);
    expect((await doctor.browser.ask(cancelPrescription, { visitId, id: randomHex(32), ...elsewhere })).code).toBe(
      "record.not-found",
    );
    expect((await visit.patient.browser.ask(cancelPrescription, { visitId, id: record, ...elsewhere })).status).toBe(
      401,
    );
    expect((await stateOf())?.cancelledAt).toBeNull();
  });

  test("is so from another device of its doctor when the one that prescribed is lost", async () => {
    const { said } = await toTakeBack();
    const laptop = await colleague(clinic, doctor, "liam@riverside.example");
    const paper = await onPaper(clinic, laptop);
    const about = { visitId: paper.visitId, id: paper.record };
    const phone = await deviceKeys(laptop.keys, await clinicianKeys(newSeed()));
    const cancelled = { ...said(), record: paper.record };
    const signed = await signCancellation(paper.visitId, cancelled, paper.recipients, phone);
    expect((await laptop.browser.ask(cancelPrescription, { ...about, ...signed })).code).toBe("signature.wrong");
    await laptop.browser.ask(bringKey, await newKey(laptop.keys, phone, "Safari on iPhone"));
    await doctor.browser.ask(enrolKey, { signer: phone.signer, by: null });
    await laptop.browser.ask(removeKey, { signer: laptop.keys.signer, why: "lost" });
    expect((await laptop.browser.ask(cancelPrescription, { ...about, ...signed })).status).toBe(200);
    expect((await paper.mark()).code).toBe("prescription.cancelled");
  });

  test("after it was dispensed still says that it was", async () => {
    const { mark, stateOf, offLedger } = await toTakeBack();
    await mark();
    expect((await offLedger()).status).toBe(200);
    expect((await stateOf())?.dispensed).toHaveLength(1);
    expect((await mark()).code).toBe("prescription.cancelled");
  });
});

test("the id of a record is the hash of what was signed, so the paper's number is too", async () => {
  const { record, show } = await onPaper(clinic, doctor);
  const { record: fields } = (await show()).value.envelope;
  expect(structHash("Record", fields)).toBe(record);
  expect(fields.kind).toBe(kinds.prescription);
});
