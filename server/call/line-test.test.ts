import { afterAll, beforeAll, expect, test } from "vitest";
import { listLines } from "../../lib/audit/api.ts";
import { LINE_BYTES, lookAtLine } from "../../lib/call/line-test.ts";
import { Clinic, type Doctor, drOsei } from "../clinic.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
beforeAll(async () => {
  clinic = await Clinic.open(undefined, {
    STUN_URLS: "stun:192.0.2.1:3478",
    TURN_URLS: "turn:192.0.2.1:3478?transport=udp",
    TURN_SECRET: "a secret shared with the relay",
  });
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());

const octets = (origin: string) => ({ origin, "content-type": "application/octet-stream" });
const lines = async () => (await doctor.browser.ask(listLines, { after: 0 })).value.lines.length;

test("anyone may try their line: what time it is, whom to ask for a way out, but no credential for it", async () => {
  const { value } = await clinic.browser().ask(lookAtLine, {});
  expect(Math.abs(Date.parse(value.at) - Date.now())).toBeLessThan(5_000);
  expect(value.helpers).toEqual(["stun:192.0.2.1:3478", "turn:192.0.2.1:3478?transport=udp"]);
  expect(JSON.stringify(value)).not.toMatch(/credential|username|secret/);
});

test("bytes come and go, not more than a test takes, and the trail hears nothing of them", async () => {
  const before = await lines();
  const browser = clinic.browser();
  const down = await browser.send("GET", LINE_BYTES.path, {});
  expect([down.status, Number(down.headers["content-length"])]).toEqual([200, LINE_BYTES.down]);
  const up = (bytes: number) =>
    browser.send("POST", LINE_BYTES.path, octets(browser.origin), new Uint8Array(bytes).fill(7));
  expect((await up(LINE_BYTES.up)).status).toBe(200);
  expect((await up(LINE_BYTES.up + 1)).status).toBe(413);
  expect((await browser.send("POST", LINE_BYTES.path, octets("https://evil.example"), new Uint8Array(1))).status).toBe(
    403,
  );
  // Reading the trail is itself on it.
  expect((await lines()) - before).toBe(1);
});

test("one address can't fill the clinic's line with tests", async () => {
  const browser = clinic.browser();
  const codes = new Set<number>();
  for (let n = 0; n < 80 && !codes.has(429); n++) codes.add((await browser.send("GET", LINE_BYTES.path, {})).status);
  expect([...codes]).toEqual([200, 429]);
});
