/**
 * How long after the line is back do two people see each other again: after another address, after twenty seconds of
 * silence, after eight seconds without a link? Two browsers in two networks.
 *
 * The floor is two bare pages with the same libraries over the same line, told at that very moment to begin: what it takes
 * at least to see each other, with nothing to notice and nothing to end.
 */
import { setTimeout as pause } from "node:timers/promises";
import type { Browser } from "playwright";
import { CLINIC, net } from "../e2e/network/net.ts";
import { browserIn, two } from "../e2e/network/people.ts";
import { pictureAfter, watched } from "../e2e/network/watching.ts";
import { openFloor } from "./parts/floor.ts";
import { type Measured, report } from "./parts/report.ts";

const RUNS = Number(process.env.RUNS ?? 10);
const LATEST = 60_000;

/** What breaks the line, for how long, and what mends it. */
const faults = {
  "another address": { breaks: () => {}, ms: 0, mends: () => net.switchToMobile() },
  "20 s of silence": { breaks: net.outage, ms: 20_000, mends: net.outageOver },
  "8 s without a link": { breaks: net.linkDown, ms: 8_000, mends: net.linkUp },
};

const floor = await openFloor(CLINIC);
const bareBrowsers = [await browserIn("doctor", floor.origin), await browserIn("patient", floor.origin)] as const;

async function bare(): Promise<number> {
  const open = async (browser: Browser, role: string) => {
    const context = await browser.newContext({ baseURL: floor.origin, permissions: ["camera", "microphone"] });
    await context.addInitScript(watched, false);
    const page = await context.newPage();
    await page.goto(`/?role=${role}&hold`);
    return page;
  };
  const [host, guest] = [await open(bareBrowsers[0], "host"), await open(bareBrowsers[1], "guest")];
  await host.waitForSelector("[data-present]");
  const began = Date.now();
  await host.evaluate(() => (window as unknown as { go(): void }).go());
  const times = await Promise.all([host, guest].map((page) => pictureAfter(page, began, LATEST)));
  await Promise.all([host.context().close(), guest.context().close()]);
  return Math.max(...times);
}

const { drOsei, ana, meet, close } = await two();
await meet();
const parts: Record<string, Measured> = {};
let lost = 0;
for (const [name, { breaks, ms, mends }] of Object.entries(faults)) {
  const part: Measured = { values: [], floors: [] };
  for (let i = 0; i < RUNS; i++) {
    breaks();
    await pause(ms);
    mends();
    const back = Date.now();
    const seen = [drOsei, ana].map(({ page }) => pictureAfter(page, back, LATEST));
    const times = await Promise.all(seen).catch(() => null);
    if (times) part.values.push(Math.max(...times));
    else lost += 1;
    part.floors.push(await bare());
    net.mend();
    // Home again, and quiet, before the next.
    await Promise.all([drOsei, ana].map(({ page }) => pictureAfter(page, Date.now(), LATEST)));
    await pause(3_000);
  }
  parts[name] = part;
  console.log(`${name}: ${part.values.join(", ")} ms`);
}
await Promise.all(bareBrowsers.map((browser) => browser.close()));
await floor.close();
await close();
console.log(`Lost: ${lost} of ${RUNS * Object.keys(faults).length}.`);
report({ question: "recovery", unit: "ms", runs: RUNS, headline: "another address", parts });
