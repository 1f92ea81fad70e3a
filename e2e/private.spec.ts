import type { BrowserContext, Page } from "@playwright/test";
import { type Doctor, expect, isAccessible, Patient, seesTheOther, test } from "./people.ts";

/** What signaling carries of a negotiation, as a lying server sees it. */
interface Signal {
  attempt: number;
  data: { type: string; sdp?: string };
  proof?: string;
}
type Way = "to Ana" | "from Ana";
/** Changes what passes this way. `kept` is everything that passed before, either way, as it was. */
type Lie = (signal: Signal, way: Way, kept: readonly { way: Way; signal: Signal }[]) => Signal;

/** A server that lies: stands between Ana's browser and ours, and changes descriptions on their way. */
async function liesTo(context: BrowserContext, lie: Lie): Promise<{ told: number }> {
  const seen = { told: 0 };
  const kept: { way: Way; signal: Signal }[] = [];
  const through = (frame: string | Buffer, way: Way): string | Buffer => {
    const text = String(frame);
    const event = way === "to Ana" ? "call:signalled" : "call:signal";
    const start = text.indexOf("[");
    if (start < 0 || !text.includes(`"${event}"`)) return frame;
    const [name, signal] = JSON.parse(text.slice(start)) as [string, Signal];
    if (name !== event || signal.data.sdp === undefined) return frame;
    const changed = lie(structuredClone(signal), way, kept);
    kept.push({ way, signal });
    if (JSON.stringify(changed) !== JSON.stringify(signal)) seen.told += 1;
    return text.slice(0, start) + JSON.stringify([name, changed]);
  };
  await context.routeWebSocket(/socket\.io/, (page) => {
    const server = page.connectToServer();
    page.onMessage((frame) => server.send(through(frame, "from Ana")));
    server.onMessage((frame) => page.send(through(frame, "to Ana")));
  });
  return seen;
}

/** Remembers whether anybody else's sound or picture was ever attached to the page. */
const remembersShown = (context: BrowserContext) =>
  context.addInitScript(() => {
    const { get, set } = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, "srcObject") as {
      get(): unknown;
      set(value: unknown): void;
    };
    Object.defineProperty(HTMLMediaElement.prototype, "srcObject", {
      configurable: true,
      get,
      set(this: HTMLMediaElement, value: unknown) {
        if (value && !this.hasAttribute("data-self")) Object.assign(window, { shown: true });
        set.call(this, value);
      },
    });
  });
const wasShown = (page: Page) => page.evaluate(() => (window as unknown as { shown?: boolean }).shown === true);

const inSdp = (signal: Signal, change: (sdp: string) => string): Signal => ({
  ...signal,
  data: { ...signal.data, sdp: change(signal.data.sdp ?? "") },
});
const hers = Array.from({ length: 32 }, () => "66").join(":");
const print = (sdp: string) => sdp.replace(/(a=fingerprint:sha-256 ).*/g, `$1${hers}`);
const only =
  (way: Way, lie: Lie): Lie =>
  (signal, now, kept) =>
    now === way ? lie(signal, now, kept) : signal;
const lies: [string, Lie][] = [
  ["another fingerprint", only("to Ana", (one) => inSdp(one, print))],
  [
    "other ICE credentials",
    only("from Ana", (one) => inSdp(one, (sdp) => sdp.replace(/(a=ice-pwd:).*/g, `$1${"hers".repeat(6)}`))),
  ],
  [
    "a whole description of another's, signed by another",
    only("to Ana", (one) => ({
      ...inSdp(one, print),
      proof: JSON.stringify({
        ...JSON.parse(one.proof ?? "{}"),
        fingerprint: `0x${"66".repeat(32)}`,
        signature: `0x${"11".repeat(64)}1b`,
      }),
    })),
  ],
  ["no signature from one side", only("from Ana", ({ proof: _, ...one }) => one)],
  [
    "the doctor's own words sent back",
    only("from Ana", (one, _, kept) => {
      const { data, proof } = kept.find(({ way }) => way === "to Ana")?.signal ?? one;
      return { ...one, data: { ...data, type: "answer" }, ...(proof ? { proof } : {}) };
    }),
  ],
];

async function meets(drOsei: Doctor, ana: Patient, link: string): Promise<void> {
  await ana.opens(link);
  await ana.chooses({ prescriptions: "Allow", files: "Allow" });
  await ana.authorizes();
  await drOsei.admits();
}
const alarm = (page: Page) => page.getByRole("heading", { level: 1, name: "This call is not private" });

test("T-SIG1: whatever a lying server puts between two people, both are told and nobody is shown", async ({
  browser,
  clinic,
  drOsei,
}) => {
  test.setTimeout(240_000);
  await remembersShown(drOsei.context);
  await drOsei.setsUp();
  for (const [what, lie] of lies) {
    await test.step(what, async () => {
      const context = await browser.newContext({
        baseURL: clinic.origin,
        viewport: { width: 390, height: 844 },
        permissions: ["camera", "microphone"],
      });
      await remembersShown(context);
      const told = await liesTo(context, lie);
      const ana = new Patient(context, await context.newPage());
      await meets(drOsei, ana, await drOsei.plans());
      for (const { page } of [drOsei, ana]) {
        await expect(alarm(page)).toBeVisible({ timeout: 30_000 });
        expect(await wasShown(page)).toBe(false);
      }
      expect(told.told).toBeGreaterThan(0);
      await ana.button("Leave").click();
      await expect(ana.page.getByRole("heading", { level: 1 })).toContainText("This call was not private");
      await context.close();
    });
  }
  // The other's page found the last one; this is what the trail has of it.
  await isAccessible(drOsei.page);
  await drOsei.button("Leave").click();
  await drOsei.page.goto("/admin/audit?outcome=not-private");
  await drOsei.page.getByRole("table").getByRole("link").first().click();
  await expect(drOsei.page.getByText("Found the call not private, which ended the visit").first()).toBeVisible();
});

test("T-SIG1: what was said in an earlier attempt is not believed in a later one", { tag: "@nightly" }, async ({
  drOsei,
  ana,
}) => {
  await remembersShown(ana.context);
  const told = await liesTo(
    ana.context,
    only("to Ana", (one, _, kept) => {
      const before = kept.find(({ way, signal }) => way === "to Ana" && signal.attempt < one.attempt);
      return before ? { ...before.signal, attempt: one.attempt } : one;
    }),
  );
  await drOsei.setsUp();
  await meets(drOsei, ana, await drOsei.plans());
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  expect(told.told).toBe(0);
  await ana.page.reload();
  for (const { page } of [drOsei, ana]) await expect(alarm(page)).toBeVisible({ timeout: 30_000 });
  expect(await wasShown(ana.page)).toBe(false);
  expect(told.told).toBeGreaterThan(0);
});

/** The four words on this page. */
const words = (page: Page) => page.getByRole("list", { name: "The four words" }).getByRole("listitem").allInnerTexts();

test("Safety check: both have the same four words, and saying that they differ ends the call", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await drOsei.setsUp();
  await meets(drOsei, ana, await drOsei.plans());
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  const check = async (by: Doctor | Patient) => {
    await by.button("More").click();
    await by.page.getByRole("menuitem", { name: "Safety check" }).click();
    for (const { page } of [drOsei, ana])
      await expect(page.getByRole("list", { name: "The four words" })).toBeVisible();
    const seen = await words(drOsei.page);
    expect(seen).toHaveLength(4);
    expect(await words(ana.page)).toEqual(seen);
    return seen;
  };
  const first = await check(drOsei);
  await isAccessible(drOsei.page);
  await isAccessible(ana.page);
  await ana.button("They match").click();
  await expect(drOsei.page.getByText("Ana answered that they match.")).toBeVisible();
  await drOsei.button("Close").click();
  await expect(ana.page.getByRole("list", { name: "The four words" })).toHaveCount(0);

  // Again, this time by Ana; the words are others.
  const second = await check(ana);
  expect(second).not.toEqual(first);
  await ana.button("They differ").click();
  await expect(alarm(ana.page)).toBeVisible();
  await expect(alarm(drOsei.page)).toBeVisible();
  for (const { page } of [drOsei, ana]) await expect(page.locator("video[data-remote]")).toHaveCount(0);
});
