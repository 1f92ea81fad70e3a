import { createHash, randomBytes } from "node:crypto";
import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { finishUpload, startUpload, uploadPath } from "../lib/records/api.ts";
import { UPLOAD_PIECE } from "../lib/records/record.ts";
import { readVisit } from "../lib/visits/api.ts";
import { type Browser, Clinic, type Doctor, drOsei, inCall } from "./clinic.fixture.ts";
import { unhurried } from "./storage/seeded.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visits = 0;
/** Parts of one byte each. */
const PARTS = Number(process.env.UPLOAD_PARTS ?? 700);

beforeAll(async () => {
  clinic = await Clinic.open(undefined, { TRUST_PROXY_HOPS: "1" });
  doctor = await drOsei(clinic);
}, 60_000);
afterAll(() => clinic.close());

const piece = (browser: Browser, visitId: string, id: string, offset: number, bytes: Uint8Array) =>
  browser.send(
    "POST",
    uploadPath(visitId, id, offset),
    { origin: browser.origin, "x-assent-side": browser.side, "content-type": "application/octet-stream" },
    bytes,
  );

describe("T-H5 an upload that means harm", () => {
  let visitId: string;
  let patient: Browser;
  beforeEach(async () => {
    const visit = await inCall(clinic, doctor, { video: "allow", prescriptions: "allow", files: "allow" });
    visitId = visit.planned.visitId;
    patient = visit.patient.browser;
    patient.from = `203.0.113.${++visits}`;
  });
  const begin = async (size: number) => (await patient.ask(startUpload, { visitId, size })).value.id;

  function headOf(id: string, offset: number, ...more: string[]): string {
    const cookie = [...patient.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
    const own = [`cookie: ${cookie}`, `origin: ${patient.origin}`, "x-assent-side: patient", "host: localhost"];
    const lines = ["content-type: application/octet-stream", `x-forwarded-for: ${patient.from}`, ...own, ...more];
    return `POST ${uploadPath(visitId, id, offset)} HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`;
  }
  /** A connection on which the head of a piece was sent; what the server said, once it is closed. */
  function connected(id: string, ...more: string[]): { socket: Socket; answer: Promise<string> } {
    const socket = connect(clinic.port, "127.0.0.1");
    socket.write(headOf(id, 0, ...more));
    let said = "";
    socket.on("data", (piece) => (said += String(piece)));
    const answer = new Promise<string>((resolve) => {
      socket.once("close", () => resolve(said));
      socket.on("error", () => undefined);
    });
    return { socket, answer };
  }
  const received = async (id: string) => {
    const { text } = await piece(patient, visitId, id, 999_999, new Uint8Array(1));
    return (JSON.parse(text) as { evidence: { received: number } }).evidence.received;
  };

  test("by saying more than it sends keeps what arrived, and goes on from there", async () => {
    const bytes = randomBytes(1_000);
    const id = await begin(1_000);
    const { socket, answer } = connected(id, "content-length: 1000");
    socket.write(bytes.subarray(0, 400));
    await expect.poll(() => received(id), { timeout: 10_000 }).toBe(400);
    socket.destroy();
    await answer;
    expect((await piece(patient, visitId, id, 400, bytes.subarray(400))).status).toBe(200);
    const blob = `0x${createHash("sha256").update(bytes).digest("hex")}`;
    expect((await patient.ask(finishUpload, { visitId, id, blob })).status).toBe(200);
  });

  test("by saying less than it sends has sent no more than it said", async () => {
    const id = await begin(1_000);
    const { socket, answer } = connected(id, "content-length: 10");
    socket.write(Buffer.alloc(900, "x"));
    expect(await answer).toContain("HTTP/1.1 400 "); // the rest is no request
    expect(await received(id)).toBeLessThanOrEqual(10);
  });

  test("by never ending is cut off at a piece, without a length as with a false one", async () => {
    const id = await begin(100_000_000);
    const { socket, answer } = connected(id, "transfer-encoding: chunked");
    const chunk = Buffer.concat([Buffer.from("10000\r\n"), Buffer.alloc(0x10000), Buffer.from("\r\n")]);
    let sent = 0;
    const more = () => {
      while (!socket.destroyed && socket.write(chunk)) sent += 0x10000;
    };
    socket.on("drain", more);
    more();
    expect(await answer).toMatch(/^HTTP\/1.1 413 /);
    expect(sent).toBeLessThan(4 * UPLOAD_PIECE);
    expect(await received(id)).toBeLessThanOrEqual(UPLOAD_PIECE);
    const { answer: refused } = connected(id, `content-length: ${UPLOAD_PIECE + 1}`);
    expect(await refused).toMatch(/^HTTP\/1.1 413 /);
  });

  test("a byte a second is cut off after ten, and who goes on elsewhere need not wait so long", async () => {
    const id = await begin(1_000);
    const began = performance.now();
    const { socket, answer } = connected(id, "content-length: 1000");
    const drip = setInterval(() => socket.write("x"), 1_000);
    expect(await answer).toMatch(/^HTTP\/1.1 408 .*request.too-slow/s);
    clearInterval(drip);
    expect(performance.now() - began).toBeLessThan(15_000);
    const { answer: hung } = connected(id, "content-length: 900");
    const at = await received(id);
    expect((await piece(patient, visitId, id, at, randomBytes(1_000 - at))).status).toBe(200);
    expect(await hung).not.toMatch(/^HTTP\/1.1 200/);
  }, 40_000);

  test(`in ${PARTS} parts takes none of anybody else's time, and few of its own`, async () => {
    const id = await begin(10_000);
    const socket = connect(clinic.port, "127.0.0.1").on("error", () => undefined);
    const answers: Record<string, number> = { 200: 0, 422: 0, 429: 0 };
    let [sent, answered] = [0, 0];
    const send = () => {
      if (sent < PARTS) socket.write(`${headOf(id, sent++, "content-length: 1")}x`);
    };
    socket.on("data", (said: Buffer) => {
      for (const [, status] of String(said).matchAll(/HTTP\/1.1 (\d+) /g)) {
        answers[status!] = (answers[status!] ?? 0) + 1;
        answered += 1;
        send();
      }
    });
    for (let at = 0; at < 20; at++) send();
    await expect.poll(() => answered, { timeout: 60_000 }).toBeGreaterThan(650);
    const began = performance.now();
    expect((await doctor.browser.ask(readVisit, { visitId })).status).toBe(200);
    expect(performance.now() - began).toBeLessThan(unhurried(1_000));
    await expect.poll(() => answered, { timeout: 80_000 }).toBe(PARTS);
    expect(answers[200]).toBeLessThanOrEqual(600);
    expect(answers[429]).toBeGreaterThanOrEqual(PARTS - 600);
    socket.destroy();
  }, 90_000);
});
