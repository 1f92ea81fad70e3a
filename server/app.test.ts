import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listLines } from "../lib/audit/api.ts";
import { Entry } from "../lib/audit/entry.ts";
import { entryHash, GENESIS } from "../lib/audit/log.ts";
import { changePhone, createClinic, readClinic, readMe, signIn } from "../lib/auth/api.ts";
import { newKey } from "../lib/auth/device.ts";
import { authorize, revoke } from "../lib/consent/api.ts";
import { kinds } from "../lib/consent/grant.ts";
import { digestOf, structHash } from "../lib/consent/typed-data.ts";
import { randomHex } from "../lib/keyring/bytes.ts";
import { newSeed, patientKeys } from "../lib/keyring/keyring.ts";
import { addRecord, answerAsk, askApproval, listRecords, readEnvelope } from "../lib/records/api.ts";
import { openRecord } from "../lib/records/envelope.ts";
import { admit, claimLink, endVisit, openLink, readJoin, readVisit, reportNotPrivate } from "../lib/visits/api.ts";
import { tokenOf } from "../lib/visits/link.ts";
import {
  ana,
  Clinic,
  cetirizine,
  claimAsk,
  consentOf,
  type Doctor,
  drOsei,
  inCall,
  plan,
  prescriptionOf,
  sessionStart,
  signed,
} from "./clinic.fixture.ts";

const open = { video: "allow", prescriptions: "allow", files: "allow" } as const;
const asks = { video: "allow", prescriptions: "ask", files: "allow" } as const;
const closed = { video: "allow", prescriptions: "deny", files: "deny" } as const;

let clinic: Clinic;
let doctor: Doctor;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());

async function trail() {
  const lines = [];
  for (let after = 0, more = true; more; ) {
    const page = await doctor.browser.ask(listLines, { after });
    expect(page.code).toBeUndefined();
    lines.push(...page.value.lines);
    more = page.value.more;
    after = lines.at(-1)?.entry.number ?? after;
  }
  return lines.map((line) => line.entry);
}

describe("the clinic", () => {
  test("is set up once; a second time is refused and changes nothing", async () => {
    const again = await clinic.browser().ask(createClinic, {
      clinicName: "Other",
      name: "Mallory",
      email: "m@example.org",
      password: "a long passphrase",
      key: await newKey(doctor.keys, doctor.keys, "Firefox on Linux"),
    });
    expect(again).toMatchObject({ status: 409, code: "clinic.exists" });
  });

  test("signs in by e-mail and password, and answers a wrong one and an unknown address alike", async () => {
    const browser = clinic.browser();
    const wrong = await browser.ask(signIn, { email: "esi@riverside.example", password: "not the passphrase" });
    const unknown = await browser.ask(signIn, { email: "nobody@riverside.example", password: "not the passphrase" });
    expect([wrong.status, wrong.code]).toEqual([unknown.status, unknown.code]);
    expect(wrong.code).toBe("auth.wrong");
    const right = await browser.ask(signIn, { email: "esi@riverside.example", password: "a long passphrase" });
    expect(right.value.name).toBe("Dr. Esi Osei");
    expect((await browser.ask(readMe, {})).value.id).toBe(right.value.id);
  });

  test("stops counting passwords for an account after five wrong tries", async () => {
    const browser = clinic.browser();
    const codes = [];
    for (let i = 0; i < 6; i++)
      codes.push((await browser.ask(signIn, { email: "mira@riverside.example", password: "guess" })).code);
    expect(codes).toEqual([...Array(5).fill("auth.wrong"), "request.too-many"]);
  });
});

describe("the practice's phone number", () => {
  test("is shown to everyone, its patients included, as the admin last gave it", async () => {
    const shown = async () => (await clinic.browser().ask(readClinic, {})).value.phone;
    expect(await shown()).toBeNull();
    const { patient, planned } = await inCall(clinic, doctor, open);
    expect((await doctor.browser.ask(changePhone, { phone: " 030 555 010 " })).status).toBe(200);
    expect(await shown()).toBe("030 555 010");
    expect((await patient.browser.ask(readJoin, { visitId: planned.visitId })).value.phone).toBe("030 555 010");
    expect((await doctor.browser.ask(changePhone, { phone: null })).status).toBe(200);
    expect(await shown()).toBeNull();
    expect((await trail()).filter(({ action }) => action === "clinic.phone-changed")).toHaveLength(2);
  });

  test("is a number, and nobody's to change but the admin's", async () => {
    const { patient } = await inCall(clinic, doctor, open);
    for (const phone of ["", "javascript:alert(1)", "12", "(- -)", "1".repeat(31)])
      expect((await doctor.browser.ask(changePhone, { phone })).code).toBe("request.malformed");
    for (const browser of [patient.browser, clinic.browser()])
      expect((await browser.ask(changePhone, { phone: "030 555 010" })).status).not.toBe(200);
  });
});

describe("a call that is not private", () => {
  test("is over for both by either one's word, once, and the trail says who found it and why", async () => {
    for (const by of ["patient", "doctor"] as const) {
      const visit = await inCall(clinic, doctor, open);
      const { visitId } = visit.planned;
      const { browser } = by === "patient" ? visit.patient : doctor;
      expect(await browser.ask(reportNotPrivate, { visitId, why: "fingerprint" })).toMatchObject({ status: 200 });
      const seen = (await doctor.browser.ask(readVisit, { visitId })).value;
      expect(seen).toMatchObject({ state: "over", end: "not-private" });
      expect((await visit.patient.browser.ask(readJoin, { visitId })).value.end).toBe("not-private");
      const again = await browser.ask(reportNotPrivate, { visitId, why: "words" });
      expect(again.code).toBe("visit.over");
      const lines = (await trail()).filter((one) => one.visitId === visitId && one.action === "call.not-private");
      expect(lines).toMatchObject([
        {
          actor: { is: by === "patient" ? "patient" : "staff" },
          consent: visit.consentId,
          detail: { why: "fingerprint" },
        },
      ]);
    }
  });

  test("cannot be one before the patient is let in", async () => {
    const planned = await plan(doctor);
    const patient = await ana(clinic, planned);
    const early = await patient.browser.ask(reportNotPrivate, { visitId: planned.visitId, why: "words" });
    expect(early.code).toBe("visit.wrong-state");
  });
});

describe("a join link", () => {
  test("T-LNK1 is taken by one key; a second browser is told so, and the first may come back", async () => {
    const planned = await plan(doctor);
    const first = await ana(clinic, planned);
    const mallory = clinic.browser();
    mallory.side = "patient";
    const second = await mallory.ask(claimLink, await claimAsk(planned, await patientKeys(newSeed(), planned.visitId)));
    expect(second).toMatchObject({ status: 409, code: "visit.claimed" });
    const back = await clinic.browser().ask(claimLink, await claimAsk(planned, first.keys));
    expect(back.status).toBe(200);
  });

  test("T-LNK2 of a hundred parallel claims exactly one wins", async () => {
    const planned = await plan(doctor);
    const claims = await Promise.all(
      Array.from({ length: 100 }, async () => claimAsk(planned, await patientKeys(newSeed(), planned.visitId))),
    );
    const answers = await Promise.all(claims.map((claim) => clinic.browser().ask(claimLink, claim)));
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    expect(answers.filter((answer) => answer.code === "visit.claimed")).toHaveLength(99);
  });

  test("T-LNK3 is not used up by looking", async () => {
    const planned = await plan(doctor);
    const token = await tokenOf(planned.secret);
    for (let i = 0; i < 3; i++)
      expect((await clinic.browser().ask(openLink, { visitId: planned.visitId, token })).value.claimed).toBe(false);
    await ana(clinic, planned);
  });

  test("answers a wrong secret exactly as a visit that does not exist", async () => {
    const planned = await plan(doctor);
    const browser = clinic.browser();
    const wrong = await browser.ask(openLink, { visitId: planned.visitId, token: randomHex(32) });
    const missing = await browser.ask(openLink, { visitId: randomHex(16).slice(2), token: randomHex(32) });
    expect(wrong).toEqual(missing);
    expect(wrong.code).toBe("visit.not-found");
  });

  test("wants proof of the key that is brought", async () => {
    const planned = await plan(doctor);
    const keys = await patientKeys(newSeed(), planned.visitId);
    const asked = await claimAsk(planned, keys);
    const other = await patientKeys(newSeed(), planned.visitId);
    const table = [
      [{ ...asked, signer: other.signer }, "signature.wrong"],
      [{ ...asked, recipient: other.recipient }, "signature.wrong"],
      [{ ...asked, at: asked.at - 1 }, "signature.wrong"],
      [{ ...asked, at: asked.at - 4_000 }, "signature.expired"],
      [{ ...asked, binding: other.card.binding }, "signature.wrong"],
    ] as const;
    for (const [claim, code] of table) expect((await clinic.browser().ask(claimLink, claim)).code).toBe(code);
  });
});

describe("a permission", () => {
  test("is kept once, as it was shown, and puts the patient into the waiting room", async () => {
    const planned = await plan(doctor);
    const patient = await ana(clinic, planned);
    const { consent, signature } = await consentOf(clinic, planned, doctor, patient, asks);
    const granted = await patient.browser.ask(authorize, { visitId: planned.visitId, consent, signature });
    expect(granted.value.state).toBe("live");
    expect((await patient.browser.ask(readJoin, { visitId: planned.visitId })).value.state).toBe("waiting");
    expect((await patient.browser.ask(authorize, { visitId: planned.visitId, consent, signature })).code).toBe(
      "consent.exists",
    );
  });

  test("is refused when anything of it is not what was shown, and then nothing is kept", async () => {
    const planned = await plan(doctor);
    const patient = await ana(clinic, planned);
    const { consent, ledger } = await consentOf(clinic, planned, doctor, patient, asks);
    const sign = (c: typeof consent) => patient.keys.sign(digestOf("Consent", c, ledger));
    const stranger = await patientKeys(newSeed(), "x");
    const table = [
      [{ ...consent, scopes: consent.scopes | (1 << kinds.prescription) }, null, "consent.mismatch"],
      [{ ...consent, grantee: stranger.signer }, null, "consent.mismatch"],
      [{ ...consent, patient: stranger.signer }, null, "consent.mismatch"],
      [{ ...consent, visit: randomHex(32) }, null, "consent.mismatch"],
      [{ ...consent, terms: randomHex(32) }, null, "consent.mismatch"],
      [{ ...consent, validUntil: consent.validUntil + 40 * 3600 }, null, "consent.mismatch"],
      [consent, await stranger.sign(digestOf("Consent", consent, ledger)), "signature.wrong"],
      [consent, await patient.keys.sign(digestOf("Consent", consent, { ...ledger, chainId: "1" })), "signature.wrong"],
    ] as const;
    for (const [c, signature, code] of table) {
      expect(
        (
          await patient.browser.ask(authorize, {
            visitId: planned.visitId,
            consent: c,
            signature: signature ?? (await sign(c)),
          })
        ).code,
      ).toBe(code);
    }
    expect((await patient.browser.ask(readJoin, { visitId: planned.visitId })).value).toMatchObject({
      state: "planned",
      consent: null,
    });
  });

  test("taken back closes the visit at once: nothing more is recorded", async () => {
    const visit = await inCall(clinic, doctor, open);
    const visitId = visit.planned.visitId;
    const signature = await visit.patient.keys.sign(digestOf("Revocation", { consent: visit.consentId }, visit.ledger));
    expect((await visit.patient.browser.ask(revoke, { visitId, signature })).status).toBe(200);
    const record = await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, 1);
    expect((await doctor.browser.ask(addRecord, record)).code).toBe("consent.not-live");
    expect((await doctor.browser.ask(readVisit, { visitId })).value).toMatchObject({ state: "over", end: "revoked" });
    expect((await visit.patient.browser.ask(revoke, { visitId, signature })).code).toBe("consent.not-live");
  });
});

describe("a record", () => {
  test("opens again for both, and only with their keys", async () => {
    const visit = await inCall(clinic, doctor, open);
    const visitId = visit.planned.visitId;
    const record = await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, 1);
    const kept = await doctor.browser.ask(addRecord, record);
    expect(kept.value).toMatchObject({ kind: "prescription", number: 1, ledger: "saved" });
    for (const [browser, keys] of [
      [doctor.browser, doctor.keys],
      [visit.patient.browser, visit.patient.keys],
    ] as const) {
      const { envelope, commitment } = (await browser.ask(readEnvelope, { visitId, id: kept.value.id })).value;
      expect(await openRecord({ envelope, commitment, keys: keys, visitId })).toEqual(cetirizine);
    }
    const stranger = await patientKeys(newSeed(), visitId);
    await expect(openRecord({ ...record, keys: stranger })).rejects.toThrow();
  });

  test("is refused by kind, author, number, signature and seal; a refusal changes nothing and is on the trail", async () => {
    const visit = await inCall(clinic, doctor, { ...closed, files: "allow" });
    const visitId = visit.planned.visitId;
    const to = [visit.patient.keys.recipient];
    const start = sessionStart();
    const good = await signed(visit, doctor.keys, to, start, 1);
    const stranger = await patientKeys(newSeed(), visitId);
    const table = [
      [await signed(visit, doctor.keys, to, cetirizine, 1), "consent.kind-not-allowed"],
      [await signed(visit, stranger, to, start, 1), "signature.wrong"],
      [await signed(visit, doctor.keys, to, start, 2), "ledger.refused"],
      [{ ...good, number: 2 }, "signature.wrong"],
      [{ ...good, commitment: randomHex(32) }, "signature.wrong"],
      [{ ...good, signedAt: good.signedAt - 4_000 }, "signature.expired"],
      [{ ...good, envelope: (await signed(visit, doctor.keys, to, start, 1)).envelope }, "record.mismatch"],
      [await signed(visit, doctor.keys, [stranger.recipient], start, 1), "record.mismatch"],
    ] as const;
    for (const [record, code] of table)
      expect([code, (await doctor.browser.ask(addRecord, record)).code]).toEqual([code, code]);
    expect((await doctor.browser.ask(listRecords, { visitId })).value).toMatchObject({ records: [], next: 1 });
    const refused = (await trail()).filter((line) => line.visitId === visitId && line.action === "record.refused");
    expect(refused.map((line) => line.refusal)).toEqual(table.map(([, code]) => code));
  });

  test("that the patient wants to be asked about is kept only after the yes to exactly it", async () => {
    const visit = await inCall(clinic, doctor, asks);
    const visitId = visit.planned.visitId;
    const record = await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, 1);
    expect((await doctor.browser.ask(addRecord, record)).code).toBe("consent.ask-first");
    const asked = await doctor.browser.ask(askApproval, record);
    const other = await signed(visit, doctor.keys, [visit.patient.keys.recipient], sessionStart(), 1);
    expect((await doctor.browser.ask(addRecord, other)).code).toBe("record.number-held");
    const seen = (await visit.patient.browser.ask(readEnvelope, { visitId, id: asked.value.id })).value;
    expect(structHash("Record", seen.record)).toBe(asked.value.id);
    const wrong = await visit.patient.keys.sign(digestOf("Approval", { record: randomHex(32) }, visit.ledger));
    expect((await visit.patient.browser.ask(answerAsk, { visitId, id: asked.value.id, approval: wrong })).code).toBe(
      "signature.wrong",
    );
    const approval = await visit.patient.keys.sign(digestOf("Approval", { record: asked.value.id }, visit.ledger));
    expect((await visit.patient.browser.ask(answerAsk, { visitId, id: asked.value.id, approval })).value.state).toBe(
      "approved",
    );
    expect((await doctor.browser.ask(listRecords, { visitId })).value.records).toMatchObject([
      { id: asked.value.id, approval },
    ]);
  });

  test("refused by the patient leaves nothing but the line, and frees its number", async () => {
    const visit = await inCall(clinic, doctor, asks);
    const visitId = visit.planned.visitId;
    const asked = await doctor.browser.ask(
      askApproval,
      await signed(visit, doctor.keys, [visit.patient.keys.recipient], cetirizine, 1),
    );
    expect(
      (await visit.patient.browser.ask(answerAsk, { visitId, id: asked.value.id, approval: null })).value.state,
    ).toBe("refused");
    expect((await visit.patient.browser.ask(answerAsk, { visitId, id: asked.value.id, approval: null })).code).toBe(
      "ask.not-open",
    );
    expect((await doctor.browser.ask(listRecords, { visitId })).value).toMatchObject({ records: [], next: 1 });
  });
});

describe("strangers", () => {
  test("T-H1 hear of someone else's visit what they hear of one that is not there", async () => {
    const theirs = await inCall(clinic, doctor, open);
    const mine = await inCall(clinic, doctor, open);
    const missing = randomHex(16).slice(2);
    const id = randomHex(32);
    // Ana's session is for her own visit: for another, hers is no session at all.
    for (const endpoint of [readJoin, listRecords, endVisit]) {
      const foreign = await mine.patient.browser.ask(endpoint as typeof readJoin, { visitId: theirs.planned.visitId });
      const none = await mine.patient.browser.ask(endpoint as typeof readJoin, { visitId: missing });
      expect(foreign).toEqual(none);
      expect(foreign.code).toBe("visit.not-found");
    }
    const foreign = await mine.patient.browser.ask(readEnvelope, { visitId: theirs.planned.visitId, id });
    expect(foreign.code).toBe("visit.not-found");
    for (const endpoint of [readVisit, admit]) {
      expect((await clinic.browser().ask(endpoint as typeof readVisit, { visitId: theirs.planned.visitId })).code).toBe(
        "auth.needed",
      );
      expect((await doctor.browser.ask(endpoint as typeof readVisit, { visitId: missing })).code).toBe(
        "visit.not-found",
      );
    }
  });

  test("T-H2 cannot make a change from another site", async () => {
    const planned = await plan(doctor);
    for (const origin of ["https://evil.example", "null", `http://localhost:${clinic.port}.evil.example`, ""]) {
      const browser = clinic.browser();
      for (const [name, value] of doctor.browser.cookies) browser.cookies.set(name, value);
      browser.origin = origin;
      expect((await browser.ask(endVisit, { visitId: planned.visitId })).code).toBe("request.foreign-origin");
    }
    const form = await doctor.browser.send(
      "POST",
      `/api/visits/${planned.visitId}/end`,
      { origin: doctor.browser.origin, "content-type": "text/plain" },
      "{}",
    );
    expect(form.status).toBe(400);
  });

  test("T-H3 cannot add fields, nor send what is malformed or too large", async () => {
    const planned = await plan(doctor);
    const token = await tokenOf(planned.secret);
    const send = (body: string) =>
      clinic
        .browser()
        .send(
          "POST",
          `/api/join/${planned.visitId}/open`,
          { origin: doctor.browser.origin, "content-type": "application/json" },
          body,
        );
    for (const extra of ["role", "id", "userId", "createdAt", "verified", "__proto__"]) {
      expect((await send(`{"token":"${token}","${extra}":"x"}`)).status).toBe(400);
    }
    for (const body of ["", "[]", "null", "{", '{"token":1}']) expect((await send(body)).status).toBe(400);
    expect((await send(`{"token":"${"a".repeat(70_000)}"}`)).status).toBe(413);
  });
});

test("every change and read of a visit has its line, chained without a gap", async () => {
  const lines = await trail();
  let previous = GENESIS;
  for (const [i, line] of lines.entries()) {
    expect(line.number).toBe(i + 1);
    expect(line.previous).toBe(previous);
    expect(line.hash).toBe(entryHash(Entry.parse(line)));
    previous = line.hash;
  }
  const visit = await inCall(clinic, doctor, open);
  const visitId = visit.planned.visitId;
  await doctor.browser.ask(readVisit, { visitId });
  const mine = (await trail()).filter((line) => line.visitId === visitId).map((line) => line.action);
  expect(mine).toEqual(["visit.created", "link.claimed", "consent.granted", "visit.admitted", "visit.read"]);
});

test("no secret of a link, no name and no drug is in anything the server keeps", async () => {
  const visit = await inCall(clinic, doctor, open);
  await doctor.browser.ask(
    addRecord,
    await signed(visit, doctor.keys, [visit.patient.keys.recipient], prescriptionOf("Canarymycin 5 mg"), 1),
  );
  await clinic.close({ keep: true });
  const { execFileSync } = await import("node:child_process");
  const grep = (text: string) => {
    try {
      return execFileSync("grep", ["-rl", text, clinic.folder], { encoding: "utf8" });
    } catch {
      return "";
    }
  };
  expect(grep("Canarymycin")).toBe("");
  expect(grep(visit.planned.secret)).toBe("");
  expect(grep("Riverside Practice")).not.toBe(""); // the search would find what is there
  clinic = await Clinic.open(clinic.folder);
});
