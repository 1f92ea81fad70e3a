import { io, type Socket } from "socket.io-client";
import { afterAll, afterEach, beforeAll, expect, test, vi } from "vitest";
import { signIn } from "../lib/auth/api.ts";
import { changeRoles, removeKey, removePerson } from "../lib/auth/people-api.ts";
import { Clinic, type Doctor, drOsei, inCall } from "./clinic.fixture.ts";
import { colleague, password } from "./colleague.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterEach(() => vi.useRealTimers());
afterAll(() => clinic.close());

const connect = (browser = doctor.browser): Socket =>
  io(`http://127.0.0.1:${clinic.port}`, {
    transports: ["websocket"],
    forceNew: true,
    reconnection: false,
    extraHeaders: {
      origin: `http://localhost:${clinic.port}`,
      cookie: [...browser.cookies].map(([name, value]) => `${name}=${value}`).join("; "),
    },
    auth: { version: 1, instance: "a".repeat(32) },
  });

const opened = (socket: Socket) =>
  new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("connect_error", reject);
  });

test("T-BA4 the sockets of a doctor who is removed, or whose key is, are closed at once", async () => {
  const { browser, keys, staff } = await colleague(clinic, doctor, "liam@riverside.example");
  const dropped = async (change: () => Promise<{ status: number }>) => {
    const socket = connect(browser);
    await opened(socket);
    const closed = new Promise((resolve) => socket.once("disconnect", resolve));
    expect((await change()).status).toBe(200);
    expect(await closed).toBe("io server disconnect");
  };
  await dropped(() => doctor.browser.ask(removeKey, { signer: keys.signer, why: "lost" }));
  await browser.ask(signIn, { email: "liam@riverside.example", password });
  await dropped(() => doctor.browser.ask(changeRoles, { personId: staff.id, roles: ["admin"] }));
  await dropped(() => doctor.browser.ask(removePerson, { personId: staff.id }));
});

test("T-BA4 whoever has a lost laptop and its password comes into no call with it, its visit's among them", async () => {
  const thief = await colleague(clinic, doctor, "noor@riverside.example");
  const { planned } = await inCall(clinic, thief, { video: "allow", prescriptions: "allow", files: "allow" });
  const enter = async () => {
    const socket = connect(thief.browser);
    await opened(socket);
    return socket.timeout(1_000).emitWithAck("call:enter", { visitId: planned.visitId, with: [] });
  };
  expect(await enter()).toMatchObject({ ok: true });
  await doctor.browser.ask(removeKey, { signer: thief.keys.signer, why: "lost" });
  await thief.browser.ask(signIn, { email: "noor@riverside.example", password });
  // What was read of a visit is remembered for at most a second.
  await expect.poll(enter, { timeout: 3_000 }).toEqual({ ok: false, code: "visit.wrong-state" });
});

test("T-S3 a doctor's socket that was opened in time is closed within two seconds of the session's end", async () => {
  const socket = connect();
  await opened(socket);
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
