import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { io } from "socket.io-client";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { listLines } from "../../lib/audit/api.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { admit, decline, readEstimate, readJoin, setEstimate, tellEmail } from "../../lib/visits/api.ts";
import { Clinic, type Doctor, drOsei, inWaitingRoom, type PatientThere } from "../clinic.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
beforeAll(async () => {
  clinic = await Clinic.open(undefined, {}, { noticeAfterMs: 2_000 });
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());

const choices = { video: "allow", prescriptions: "ask", files: "allow" } as const;

/** A patient in the waiting room. */
async function waiting(): Promise<{ visitId: string; patient: PatientThere }> {
  const { planned, patient } = await inWaitingRoom(clinic, doctor, choices);
  return { visitId: planned.visitId, patient };
}

const letters = async () => {
  const folder = join(clinic.folder, "mail");
  const files = await readdir(folder).catch(() => []);
  return Promise.all(
    files.filter((name) => !name.startsWith(".")).map((name) => readFile(join(folder, name), "utf8")),
  ).then((texts) => texts.map((text) => text.replaceAll("=\r\n", "")));
};
async function linesOf(visitId: string) {
  const lines = [];
  for (let after = 0, more = true; more; ) {
    const { value } = await doctor.browser.ask(listLines, { after });
    lines.push(...value.lines.map((line) => line.entry));
    more = value.more;
    after = lines.at(-1)?.number ?? after;
  }
  return lines.filter((line) => line.visitId === visitId);
}
const email = "ana.duarte@example.org";

test("who left an address and closed the page is written to once; then the address is gone, and the trail never had it", async () => {
  const { visitId, patient } = await waiting();
  expect((await patient.browser.ask(tellEmail, { visitId, email })).status).toBe(200);
  const before = (await patient.browser.ask(readJoin, { visitId })).value.mail;
  expect(before).toEqual({ asked: true, sends: false });
  await doctor.browser.ask(admit, { visitId });
  await vi.waitFor(
    async () => expect((await linesOf(visitId)).map((line) => line.action)).toContain("notice.sent"),
    20_000,
  );
  const [letter, ...others] = (await letters()).filter((text) => text.includes(visitId));
  expect(others).toEqual([]);
  expect(letter).toContain(`To: ${email}`);
  // The link without its secret: it opens in the browser that waited, and in no other.
  expect(letter).toMatch(new RegExp(`/join/${visitId}\r\n`));
  expect((await patient.browser.ask(readJoin, { visitId })).value.mail.asked).toBe(false);
  const lines = await linesOf(visitId);
  expect(lines.filter((line) => line.action.startsWith("notice.")).map((line) => line.action)).toEqual([
    "notice.asked",
    "notice.sent",
  ]);
  expect(JSON.stringify(lines)).not.toContain("example.org");
});

test("who is in the call is not written to, and the address is gone as well", async () => {
  const { visitId, patient } = await waiting();
  await patient.browser.ask(tellEmail, { visitId, email });
  const socket = io(`http://127.0.0.1:${clinic.port}`, {
    transports: ["websocket"],
    auth: { version: 1, visitId, instance: randomHex(16).slice(2) },
    extraHeaders: {
      origin: patient.browser.origin,
      cookie: [...patient.browser.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    },
  });
  await new Promise<void>((resolve, reject) => socket.once("connect", resolve).once("connect_error", reject));
  await doctor.browser.ask(admit, { visitId });
  expect(await socket.timeout(5_000).emitWithAck("call:enter", { visitId, with: [] })).toMatchObject({ ok: true });
  await vi.waitFor(
    async () => expect((await patient.browser.ask(readJoin, { visitId })).value.mail.asked).toBe(false),
    15_000,
  );
  socket.disconnect();
  expect((await linesOf(visitId)).map((line) => line.action)).not.toContain("notice.sent");
});

test("an address can be taken back, and a visit that ends forgets it", async () => {
  const first = await waiting();
  await first.patient.browser.ask(tellEmail, { visitId: first.visitId, email });
  await first.patient.browser.ask(tellEmail, { visitId: first.visitId, email: null });
  const { patient, visitId } = first;
  expect((await patient.browser.ask(readJoin, { visitId })).value.mail.asked).toBe(false);
  const second = await waiting();
  await second.patient.browser.ask(tellEmail, { visitId: second.visitId, email });
  await doctor.browser.ask(decline, { visitId: second.visitId });
  expect((await second.patient.browser.ask(readJoin, { visitId: second.visitId })).value.mail.asked).toBe(false);
  const late = await second.patient.browser.ask(tellEmail, { visitId: second.visitId, email });
  expect(late.code).toBe("visit.over");
});

test("nobody in a call is written to, whatever address is given then", async () => {
  const { visitId, patient } = await waiting();
  await doctor.browser.ask(admit, { visitId });
  const stranger = { visitId, email: "stranger@example.org" };
  expect((await patient.browser.ask(tellEmail, stranger)).code).toBe("visit.wrong-state");
  expect((await patient.browser.ask(readJoin, { visitId })).value.mail.asked).toBe(false);
  expect((await patient.browser.ask(tellEmail, { visitId, email: null })).status).toBe(200);
});

test("those who wait are told how long, once the doctor says how long a visit takes", async () => {
  const [first, second] = [await waiting(), await waiting()];
  const told = async ({ visitId, patient }: typeof first) => {
    const { value } = await patient.browser.ask(readJoin, { visitId });
    return [value.ahead, value.wait];
  };
  const before = (await told(first))[0] as number;
  expect((await told(first))[1]).toBeNull();
  expect((await doctor.browser.ask(setEstimate, { minutes: 15 })).status).toBe(200);
  expect((await doctor.browser.ask(readEstimate, {})).value.minutes).toBe(15);
  const [, wait] = (await told(first)) as [number, number];
  // Somebody was admitted a moment ago: what is left of that visit counts.
  expect(wait).toBe(15 + before * 15);
  expect(await told(second)).toEqual([before + 1, wait + 15]);
  await doctor.browser.ask(setEstimate, { minutes: null });
  expect((await told(second))[1]).toBeNull();
  expect((await doctor.browser.ask(setEstimate, { minutes: 1 })).code).toBe("request.malformed");
});
