import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type ExportAsked, ITEMS_HEADER } from "../../lib/audit/export.ts";
import {
  askExport,
  countExportRequests,
  decideExport,
  listExportRequests,
  MOST_TAKEN,
  SETTLED_AFTER,
  takeApprovedPath,
  withdrawExport,
} from "../../lib/audit/export-request.ts";
import { confirmSelf, removePerson } from "../../lib/auth/people-api.ts";
import { SIDE_HEADER } from "../../lib/wire.ts";
import { type Browser, Clinic, type Doctor, drOsei } from "../clinic.fixture.ts";
import { joined, password } from "../colleague.fixture.ts";

const HOUR = 3_600_000;
const WEEK = SETTLED_AFTER * 24 * HOUR;
let at = new Date();
let clinic: Clinic;
let osei: Doctor;
let mira: Browser;
let noor: { browser: Browser; id: string };

beforeAll(async () => {
  clinic = await Clinic.open(undefined, {}, { now: () => at });
  osei = await drOsei(clinic);
  const admin = async (email: string, name: string) =>
    joined(clinic, osei, email, { name, roles: ["admin", "clinician"] });
  mira = (await admin("mira@riverside.example", "Mira Thoma")).browser;
  const { browser, staff } = await admin("noor@riverside.example", "Dr. Noor Rahman");
  noor = { browser, id: staff.id };
  await later(WEEK);
}, 60_000);
afterAll(() => clinic.close());

/** Everybody has just given their password. */
async function later(by: number): Promise<void> {
  at = new Date(at.getTime() + by);
  for (const browser of [mira, noor.browser]) await browser.ask(confirmSelf, { password });
  await osei.browser.ask(confirmSelf, { password: "a long passphrase" });
}

const asked: ExportAsked = { format: "jsonl", filter: {} };
async function ask(browser: Browser, what = asked): Promise<string> {
  const { value, status } = await browser.ask(askExport, { ...what, reason: "court", note: "Case 4 of 2026" });
  expect(status).toBe(200);
  return value.id;
}
async function take(browser: Browser, id: string) {
  const headers = { origin: browser.origin, [SIDE_HEADER]: "staff", "content-type": "application/json" };
  const { status, text, headers: told } = await browser.send("POST", takeApprovedPath(id), headers, "{}");
  const code = status >= 400 ? (JSON.parse(text) as { code: string }).code : undefined;
  const lines = status < 400 ? text.trimEnd().split("\n") : [];
  return { code, lines, items: Number(told[ITEMS_HEADER]) };
}
const decide = (browser: Browser, id: string, approve = true) => browser.ask(decideExport, { id, approve });
const listed = async (browser: Browser, id: string) =>
  (await browser.ask(listExportRequests, {})).value.requests.find((one) => one.id === id)!;
const entryIn = (line: string) =>
  (
    JSON.parse(line) as {
      entry: { number: number; action: string; refusal: string | null; detail: Record<string, unknown> };
    }
  ).entry;

describe("a large export", () => {
  test("is taken by who asked once another admin said yes, and each step is on the trail without its words", async () => {
    const id = await ask(osei.browser);
    expect((await mira.ask(countExportRequests, {})).value).toMatchObject({ waiting: 1, mine: 0, others: 2 });
    expect((await take(osei.browser, id)).code).toBe("export.not-open");
    expect((await decide(mira, id)).status).toBe(200);
    const { lines, items } = await take(osei.browser, id);
    const entries = lines.map(entryIn);
    expect(items).toBe(lines.length - 1);
    expect(entries.at(-1)).toMatchObject({ action: "export.made", detail: { request: id, format: "jsonl" } });
    const later = (await take(osei.browser, await approvedBy(mira))).lines;
    const actions = later.map(entryIn).map(({ action }) => action);
    expect(actions).toEqual(expect.arrayContaining(["export.asked", "export.approved", "export.made"]));
    expect(later.join()).not.toContain("Case 4");
  });

  test("has nothing that came after it was asked for", async () => {
    const id = await ask(osei.browser);
    const { lines } = await listed(mira, id);
    await decide(mira, id);
    const taken = await take(osei.browser, id);
    expect(taken.items).toBe(lines);
    expect(taken.lines.slice(0, -1).map(entryIn).at(-1)!.number).toBe(lines);
  });

  test("is approved by nobody for themselves", async () => {
    const id = await ask(osei.browser);
    expect((await decide(osei.browser, id)).code).toBe("export.own");
    expect((await take(osei.browser, id)).code).toBe("export.not-open");
  });

  test("is approved by nobody whom who asked made an admin that week, nor the other way round", async () => {
    const { browser: recent } = await joined(clinic, osei, "new@riverside.example", { name: "New", roles: ["admin"] });
    await recent.ask(confirmSelf, { password });
    const id = await ask(osei.browser);
    expect((await decide(recent, id)).code).toBe("export.too-close");
    const theirs = await ask(recent);
    expect((await decide(osei.browser, theirs)).code).toBe("export.too-close");
    expect(await listed(osei.browser, id)).toMatchObject({ state: "asked" });
    const refused = (await take(osei.browser, await approvedBy(mira))).lines.map(entryIn);
    expect(refused.filter(({ refusal }) => refusal === "export.too-close")).toHaveLength(2);
    expect((await decide(recent, id, false)).status).toBe(200);
    expect((await decide(mira, theirs)).status).toBe(200);
  });

  test("is not approved, however late, by who was made an admin after it was asked for", async () => {
    const id = await ask(osei.browser);
    await later(1_000);
    const { browser: late } = await joined(clinic, osei, "late@riverside.example", { name: "Late", roles: ["admin"] });
    await later(WEEK);
    await late.ask(confirmSelf, { password });
    expect((await decide(late, id)).code).toBe("export.too-close");
    expect((await decide(late, await ask(osei.browser))).status).toBe(200);
    expect((await decide(mira, id)).status).toBe(200);
  });

  test("is decided once, and only with the password", async () => {
    const id = await ask(osei.browser);
    at = new Date(at.getTime() + HOUR);
    expect((await decide(mira, id)).code).toBe("auth.confirm");
    expect((await mira.ask(confirmSelf, { password })).status).toBe(200);
    expect((await decide(mira, id, false)).status).toBe(200);
    await noor.browser.ask(confirmSelf, { password });
    expect((await decide(noor.browser, id)).code).toBe("export.not-open");
    expect(await listed(osei.browser, id)).toMatchObject({ state: "refused", decidedBy: "Mira Thoma", mine: true });
    expect((await take(osei.browser, id)).code).toBe("export.not-open");
  });

  test("is nobody's but the asker's: not another admin's, not the one's who approved", async () => {
    const id = await approvedBy(mira);
    for (const other of [mira, noor.browser]) {
      expect((await take(other, id)).code).toBe("export.not-found");
      expect((await other.ask(withdrawExport, { id })).code).toBe("export.not-found");
    }
  });

  test("is good for exactly what was approved", async () => {
    const id = await ask(osei.browser, { format: "jsonl", filter: { to: "2020-01-01T00:00:00.000Z" } });
    await decide(mira, id);
    const headers = { origin: osei.browser.origin, [SIDE_HEADER]: "staff", "content-type": "application/json" };
    const other = JSON.stringify({ format: "jsonl", filter: {} });
    const { text } = await osei.browser.send("POST", takeApprovedPath(id), headers, other);
    expect(text.trimEnd().split("\n").map(entryIn)).toHaveLength(1);
  });

  test("may be taken a few times, and not after a day", async () => {
    const id = await approvedBy(mira);
    for (let times = 0; times < MOST_TAKEN; times++) expect((await take(osei.browser, id)).code).toBeUndefined();
    expect((await take(osei.browser, id)).code).toBe("export.used-up");
    const next = await approvedBy(mira);
    at = new Date(at.getTime() + 24 * HOUR - 1_000);
    expect((await take(osei.browser, next)).code).toBeUndefined();
    at = new Date(at.getTime() + 1_000);
    expect((await take(osei.browser, next)).code).toBe("export.expired");
    expect(await listed(mira, next)).toMatchObject({ state: "expired", until: null });
  });

  test("is taken back by who asked, before or after the yes", async () => {
    const id = await approvedBy(mira);
    expect((await osei.browser.ask(withdrawExport, { id })).status).toBe(200);
    expect((await take(osei.browser, id)).code).toBe("export.not-open");
    expect((await osei.browser.ask(withdrawExport, { id })).code).toBe("export.not-open");
  });

  test("is void once who approved it has left", async () => {
    const id = await approvedBy(noor.browser);
    await osei.browser.ask(confirmSelf, { password: "a long passphrase" });
    expect((await osei.browser.ask(removePerson, { personId: noor.id })).status).toBe(200);
    expect(await listed(osei.browser, id)).toMatchObject({ state: "lapsed" });
    expect((await take(osei.browser, id)).code).toBe("export.not-open");
  });
});

async function approvedBy(admin: Browser): Promise<string> {
  const id = await ask(osei.browser);
  await admin.ask(confirmSelf, { password });
  expect((await decide(admin, id)).status).toBe(200);
  return id;
}
