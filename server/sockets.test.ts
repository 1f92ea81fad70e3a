import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { Clinic, type Doctor, drOsei } from "./clinic.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterEach(() => vi.useRealTimers());
afterAll(() => clinic.close());

const connect = (): Socket =>
  io(`http://127.0.0.1:${clinic.port}`, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    extraHeaders: {
      origin: `http://localhost:${clinic.port}`,
      cookie: [...doctor.browser.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    },
    auth: { version: 1, instance: "a".repeat(32) },
  });

test("T-S3 a doctor's socket that was opened in time is closed within two seconds of the session's end", async () => {
  const socket = connect();
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });
  expect(await socket.timeout(1_000).emitWithAck("line:probe", {})).toEqual({ ok: true, value: {} });
  const closed = new Promise((resolve) => socket.once("disconnect", resolve));
  const from = performance.now();
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 12.1 * 3_600_000 });
  expect(await closed).toBe("io server disconnect");
  expect(performance.now() - from).toBeLessThan(2_000);
  const again = connect();
  const refused = await new Promise<Error & { data?: unknown }>((resolve) => again.once("connect_error", resolve));
  expect(refused.data).toEqual({ code: "auth.needed" });
});
