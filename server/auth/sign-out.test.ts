import { afterAll, beforeAll, expect, test } from "vitest";
import { signIn, signOut } from "../../lib/auth/api.ts";
import { SIDE_HEADER } from "../../lib/wire.ts";
import { type Browser, Clinic, drOsei } from "../clinic.fixture.ts";

let clinic: Clinic;
beforeAll(async () => {
  clinic = await Clinic.open();
  await drOsei(clinic);
});
afterAll(() => clinic.close());

async function signedIn(): Promise<Browser> {
  const browser = clinic.browser();
  await browser.ask(signIn, { email: "esi@riverside.example", password: "a long passphrase" });
  return browser;
}

async function leaves(browser: Browser, forget: boolean) {
  const headers = { origin: browser.origin, [SIDE_HEADER]: "staff", "content-type": "application/json" };
  return browser.send(signOut.method, signOut.path, headers, JSON.stringify({ forget }));
}

test("whoever leaves somebody else's computer has its browser throw away what it keeps, keys included", async () => {
  const { status, headers } = await leaves(await signedIn(), true);
  expect([status, headers["clear-site-data"]]).toEqual([200, '"cache", "storage"']);
});

test("on one's own device the keys stay, and nobody clears a browser without being signed in", async () => {
  const own = await leaves(await signedIn(), false);
  expect([own.status, own.headers["clear-site-data"]]).toEqual([200, undefined]);
  const stranger = await leaves(clinic.browser(), true);
  expect([stranger.status, stranger.headers["clear-site-data"]]).toEqual([401, undefined]);
});
