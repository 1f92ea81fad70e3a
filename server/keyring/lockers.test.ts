import { afterAll, beforeAll, expect, test } from "vitest";
import { listLines } from "../../lib/audit/api.ts";
import { dropLocker, keepLocker, openLocker } from "../../lib/keyring/api.ts";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { Browser, Clinic, type Doctor, drOsei } from "../clinic.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let phone: Browser;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
  phone = new Browser(clinic.port);
});
afterAll(() => clinic.close());

const [id, sealed] = [randomHex(32), randomHex(44)];

test("what a passkey opens is given to whoever knows its id, and to nobody else", async () => {
  expect((await phone.ask(openLocker, { id })).code).toBe("locker.not-found");
  expect((await phone.ask(keepLocker, { id, sealed })).status).toBe(200);
  expect((await phone.ask(openLocker, { id })).value).toEqual({ sealed });
  expect((await phone.ask(openLocker, { id: randomHex(32) })).code).toBe("locker.not-found");
});

test("a locker is never changed: the same again is nothing new, another content is refused", async () => {
  expect((await phone.ask(keepLocker, { id, sealed })).status).toBe(200);
  expect((await phone.ask(keepLocker, { id, sealed: randomHex(44) })).code).toBe("locker.taken");
  expect((await phone.ask(openLocker, { id })).value).toEqual({ sealed });
});

test("neither the id nor a person is on the trail, only the id's hash", async () => {
  const { lines } = (await doctor.browser.ask(listLines, { after: 0 })).value;
  const mine = lines.filter(({ entry }) => entry.action.startsWith("locker."));
  expect(mine.length).toBeGreaterThan(3);
  expect(new Set(mine.map(({ entry }) => entry.object)).size).toBe(1);
  expect(JSON.stringify(mine)).not.toContain(id.slice(2));
});

test("what was thrown away is gone", async () => {
  expect((await phone.ask(dropLocker, { id })).status).toBe(200);
  expect((await phone.ask(openLocker, { id })).code).toBe("locker.not-found");
  expect((await phone.ask(dropLocker, { id })).status).toBe(200);
});

test("an address that guesses is slowed down, and keeps nobody out who has a passkey", async () => {
  expect((await phone.ask(keepLocker, { id, sealed })).status).toBe(200);
  let code: string | undefined;
  for (let i = 0; i < 40 && code !== "request.too-many"; i += 1)
    code = (await phone.ask(openLocker, { id: randomHex(32) })).code;
  expect(code).toBe("request.too-many");
  expect((await phone.ask(openLocker, { id })).value).toEqual({ sealed });
});
