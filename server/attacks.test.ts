import { createHash, randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Signature } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listLines } from "../lib/audit/api.ts";
import { signIn } from "../lib/auth/api.ts";
import { acceptInvitation, openInvitation } from "../lib/auth/people-api.ts";
import { revoke } from "../lib/consent/api.ts";
import { digestOf } from "../lib/consent/typed-data.ts";
import { randomHex } from "../lib/keyring/bytes.ts";
import {
  addRecord,
  answerAsk,
  askApproval,
  blobPath,
  finishUpload,
  startUpload,
  uploadPath,
} from "../lib/records/api.ts";
import { openLink, readVisit, tellName } from "../lib/visits/api.ts";
import { tokenOf } from "../lib/visits/link.ts";
import {
  aFileKey,
  type Browser,
  Clinic,
  cetirizine,
  type Doctor,
  drOsei,
  type InCall,
  inCall,
  plan,
  sessionStart,
  signed,
} from "./clinic.fixture.ts";
import { invited, password } from "./colleague.fixture.ts";
import { networkOf } from "./http.ts";
import { withoutValues } from "./log.ts";

const open = { video: "allow", prescriptions: "allow", files: "allow" } as const;
let clinic: Clinic;
let doctor: Doctor;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());

const piece = (browser: Browser, visitId: string, id: string, offset: number, bytes: Uint8Array) =>
  browser.send(
    "POST",
    uploadPath(visitId, id, offset),
    { origin: browser.origin, "x-assent-side": browser.side, "content-type": "application/octet-stream" },
    bytes,
  );
const revocation = async (visit: InCall, signature?: string) => ({
  visitId: visit.planned.visitId,
  signature:
    signature ?? (await visit.patient.keys.sign(digestOf("Revocation", { consent: visit.consentId }, visit.ledger))),
});

describe("uploads", () => {
  test("parallel pieces at one place never overrun what was announced, and one retry does no harm", async () => {
    const visit = await inCall(clinic, doctor, open);
    const visitId = visit.planned.visitId;
    const bytes = randomBytes(1_000);
    const { id } = (await visit.patient.browser.ask(startUpload, { visitId, size: bytes.length })).value;
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => piece(visit.patient.browser, visitId, id, 0, bytes)),
    );
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1);
    const blob = `0x${createHash("sha256").update(bytes).digest("hex")}`;
    const finishes = await Promise.all(
      Array.from({ length: 3 }, () => visit.patient.browser.ask(finishUpload, { visitId, id, blob })),
    );
    expect(finishes.some((answer) => answer.status === 200)).toBe(true);
    expect(finishes.every((answer) => answer.status < 500)).toBe(true);
    expect((await visit.patient.browser.ask(finishUpload, { visitId, id, blob })).status).toBe(200);
  });

  test("T-H7 are given out as bytes to keep, whatever they are: no browser opens them as a page of ours", async () => {
    const visit = await inCall(clinic, doctor, open);
    const visitId = visit.planned.visitId;
    const { browser } = visit.patient;
    const svg = '<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>';
    for (const bad of [
      "<!doctype html><script>alert(1)</script>",
      svg,
      "%PDF-1.7 /JS (app.alert(1))",
      "GIF89aPK\x03\x04",
    ]) {
      const bytes = Buffer.from(bad, "latin1");
      const { id } = (await browser.ask(startUpload, { visitId, size: bytes.length })).value;
      await piece(browser, visitId, id, 0, bytes);
      const blob = `0x${createHash("sha256").update(bytes).digest("hex")}`;
      await browser.ask(finishUpload, { visitId, id, blob });
      const own = { "x-assent-side": browser.side };
      const { status, text, headers } = await browser.send("GET", `${blobPath(visitId, blob)}?type=text/html`, own);
      expect([status, text]).toEqual([200, bad]);
      expect(headers).toMatchObject({
        "content-type": "application/octet-stream",
        "content-disposition": "attachment",
        "content-security-policy": "sandbox",
        "x-content-type-options": "nosniff",
        "cache-control": "no-store",
      });
    }
  });

  test("stop at three at a time, and with the permission", async () => {
    const visit = await inCall(clinic, doctor, open);
    const visitId = visit.planned.visitId;
    const begun: { code: string | undefined; value: { id: string } }[] = [];
    for (let i = 0; i < 4; i++) begun.push(await visit.patient.browser.ask(startUpload, { visitId, size: 1_000 }));
    expect(begun.map((answer) => answer.code)).toEqual([undefined, undefined, undefined, "request.too-many"]);
    expect((await visit.patient.browser.ask(revoke, await revocation(visit))).status).toBe(200);
    const after = await piece(visit.patient.browser, visitId, begun[0]!.value.id, 0, randomBytes(1_000));
    expect(JSON.parse(after.text)).toMatchObject({ code: "consent.not-live" });
    await expect
      .poll(async () =>
        (await readdir(join(clinic.folder, "uploads"))).filter((name) => name.includes(begun[0]!.value.id)),
      )
      .toEqual([]);
  });
});

describe("signatures", () => {
  test("in a form that the contract refuses are refused here too", async () => {
    const visit = await inCall(clinic, doctor, open);
    const good = await revocation(visit);
    const { r, s, yParity } = Signature.from(good.signature);
    const N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;
    const high = (N - BigInt(s)).toString(16).padStart(64, "0");
    const forms = [
      Signature.from(good.signature).compactSerialized,
      `${r}${s.slice(2)}0${yParity}`,
      `${r}${high}${yParity ? "1b" : "1c"}`,
      `${good.signature}00`,
    ];
    for (const form of forms)
      expect((await visit.patient.browser.ask(revoke, await revocation(visit, form))).code).toBe("signature.wrong");
    expect((await visit.patient.browser.ask(revoke, good)).status).toBe(200);
  });
});

describe("records", () => {
  test("the patient can't take the doctor's question for a record of their own", async () => {
    const visit = await inCall(clinic, doctor, { ...open, prescriptions: "ask" });
    const visitId = visit.planned.visitId;
    const to = [visit.patient.keys.recipient];
    const share = {
      kind: "file-share",
      name: "a.pdf",
      type: "application/pdf",
      size: 1,
      sha256: randomHex(32),
      blob: randomHex(32),
      key: aFileKey,
    } as const;
    const asked = await signed(visit, doctor.keys, to, cetirizine, 1);
    const question = await doctor.browser.ask(askApproval, asked);
    const { kind, commitment, number, signedAt } = asked;
    const mine = await signed(visit, visit.patient.keys, [doctor.keys.recipient], share, 1);
    const value = { consent: visit.consentId, kind: 3, commitment, number, signedAt };
    const stolen = {
      ...mine,
      kind,
      commitment,
      number,
      signedAt,
      blob: null,
      slip: null,
      cancels: null,
      signature: await visit.patient.keys.sign(digestOf("Record", value, visit.ledger)),
    };
    expect((await visit.patient.browser.ask(addRecord, stolen)).status).toBeGreaterThanOrEqual(400);
    const approval = await visit.patient.keys.sign(digestOf("Approval", { record: question.value.id }, visit.ledger));
    expect((await visit.patient.browser.ask(answerAsk, { visitId, id: question.value.id, approval })).value.state).toBe(
      "approved",
    );
  });

  test("a session ends after it began, and nobody but the doctor starts it, once", async () => {
    const visit = await inCall(clinic, doctor, open);
    const at = new Date().toISOString();
    const end = await signed(visit, visit.patient.keys, [doctor.keys.recipient], { kind: "session-end", at }, 1);
    expect((await visit.patient.browser.ask(addRecord, end)).code).toBe("visit.wrong-state");
    const theirs = await signed(visit, visit.patient.keys, [doctor.keys.recipient], sessionStart(), 1);
    expect((await visit.patient.browser.ask(addRecord, theirs)).code).toBe("consent.kind-not-allowed");
    const start = (number: number) =>
      signed(visit, doctor.keys, [visit.patient.keys.recipient], sessionStart(), number);
    expect((await doctor.browser.ask(addRecord, await start(1))).status).toBe(200);
    expect((await doctor.browser.ask(addRecord, await start(2))).code).toBe("visit.wrong-state");
  });

  test("a name is told before the end or not at all", async () => {
    const visit = await inCall(clinic, doctor, open);
    await visit.patient.browser.ask(revoke, await revocation(visit));
    expect((await visit.patient.browser.ask(tellName, { visitId: visit.planned.visitId, details: "aaaa" })).code).toBe(
      "visit.over",
    );
  });
});

/** What the trail has of one visit. */
async function linesOf(visitId: string) {
  const lines = [];
  for (let after = 0, more = true; more; ) {
    const page = (await doctor.browser.ask(listLines, { after })).value;
    lines.push(...page.lines);
    more = page.more;
    after = lines.at(-1)?.entry.number ?? after;
  }
  return lines.filter(({ entry }) => entry.visitId === visitId);
}

describe("strangers", () => {
  test("who guess links keep nobody out who has one", async () => {
    const planned = await plan(doctor);
    const guess = () => clinic.browser().ask(openLink, { visitId: planned.visitId, token: randomHex(32) });
    const codes = [];
    for (let i = 0; i < 22; i++) codes.push((await guess()).code);
    expect(codes.at(-1)).toBe("request.too-many");
    expect(
      (await clinic.browser().ask(openLink, { visitId: planned.visitId, token: await tokenOf(planned.secret) })).status,
    ).toBe(200);
  });

  test("who guess invitations are stopped after twenty, and keep nobody out who has one", async () => {
    const invitation = await invited(doctor, "liam@riverside.example");
    const wrong = { invitationId: invitation.invitationId, token: randomHex(32) };
    const codes = [];
    for (let i = 0; i < 11; i++) {
      codes.push((await clinic.browser().ask(openInvitation, wrong)).code);
      codes.push((await clinic.browser().ask(acceptInvitation, { ...wrong, password, key: null })).code);
    }
    expect(codes.slice(0, 20)).toEqual(Array(20).fill("invitation.not-found"));
    expect(codes.at(-1)).toBe("request.too-many");
    const { invitationId, token } = invitation;
    expect((await clinic.browser().ask(openInvitation, { invitationId, token })).status).toBe(200);
  });

  test("who ask for what is theirs in nobody's name fill no trail", async () => {
    const { visitId } = await plan(doctor);
    const stranger = clinic.browser();
    for (let i = 0; i < 70; i++)
      expect((await stranger.ask(startUpload, { visitId, size: 1 })).code).toBe("visit.not-found");
    expect((await linesOf(visitId)).filter(({ entry }) => entry.action === "record.refused").length).toBeLessThan(61);
  });

  test("who probe other visits with a good session are on the trail", async () => {
    const visitId = randomHex(16).slice(2);
    await doctor.browser.ask(readVisit, { visitId });
    expect((await linesOf(visitId)).map(({ entry }) => [entry.action, entry.refusal])).toEqual([
      ["access.refused", "visit.not-found"],
    ]);
  });

  test("get a refusal, not an accident, for a NUL, a doubled or contradicting field, a HEAD, a date beyond all dates", async () => {
    const { visitId } = await plan(doctor);
    const json = { origin: doctor.browser.origin, "content-type": "application/json" };
    const table = [
      ["POST", "/api/sign-in", '{"email":"a@b.org","password":"\\u0000"}', 400],
      ["GET", "/api/audit/lines?after=0&after=5", undefined, 400],
      ["POST", `/api/visits/${visitId}/end`, `{"visitId":"${"0".repeat(32)}"}`, 400],
      ["GET", "/api/visits?before=0000-01-01T00:00:00Z", undefined, 400],
      ["GET", `/api/visits/${visitId}%00/records`, undefined, 400],
      ["HEAD", `/api/visits/${visitId}/blobs/${randomHex(32)}`, undefined, 404],
      [
        "POST",
        "/api/ledger/rpc",
        `{"jsonrpc":"2.0","id":1,"method":"eth_chainId","params":[${"[".repeat(9_000)}${"]".repeat(9_000)}]}`,
        400,
      ],
    ] as const;
    for (const [method, path, body, status] of table) {
      const answer = await doctor.browser.send(method, path, json, body);
      expect([path, answer.status]).toEqual([path, status]);
    }
  });

  test("count as one network however their address is written", () => {
    expect(
      new Set(["2a01:4f8::1", "2a01:04f8:0:0::5", "2A01:4f8:0:0:9::", "[2a01:4f8::7]:443"].map(networkOf)).size,
    ).toBe(1);
    expect(new Set(["1.2.3.4", "1.2.3.4:5001", "::ffff:1.2.3.4"].map(networkOf))).toEqual(new Set(["1.2.3.4"]));
    expect(networkOf("2a01:4f8:1::1")).not.toBe(networkOf("2a01:4f8:2::1"));
  });

  test("can't keep the doctor out by guessing passwords from elsewhere", async () => {
    const browser = clinic.browser();
    const right = { email: "esi@riverside.example", password: "a long passphrase" };
    expect((await browser.ask(signIn, right)).status).toBe(200);
    expect(browser.cookies.has("assent-known")).toBe(true);
    expect((await browser.ask(signIn, right)).status).toBe(200);
  });
});

test("the log of an accident names no value of the query that failed", () => {
  const failed = Object.assign(new Error("Failed query: insert … params: Dr. Secret Name"), {
    params: ["Dr. Secret Name"],
  });
  expect(JSON.stringify(withoutValues(failed))).not.toContain("Secret");
});
