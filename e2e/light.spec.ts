import type { Page } from "@playwright/test";
import { expect, seesTheOther, test } from "./people.ts";

/**
 * What the way from the link to the doctor's picture may carry. It does not depend on the machine. The aim is 220 KB in 30
 * requests; this is what has been reached, so that nothing is added unseen. Whoever takes something away takes it off here too.
 */
const MOST_SCRIPT = 425 * 1024;
const MOST_REQUESTS = 60;

interface Weighed {
  requests: string[];
  foreign: string[];
  script: number;
}

/** Counts what a page asks for from here on, as it came over the wire. */
async function weigh(page: Page, origin: string): Promise<Weighed> {
  const found: Weighed = { requests: [], foreign: [], script: 0 };
  const wire = await page.context().newCDPSession(page);
  const scripts = new Set<string>();
  await wire.send("Network.enable");
  wire.on("Network.requestWillBeSent", ({ requestId, request, type }) => {
    if (!/^https?:/.test(request.url)) return;
    found.requests.push(`${request.method} ${request.url.replace(origin, "")}`);
    if (!request.url.startsWith(origin)) found.foreign.push(request.url);
    if (type === "Script" || /\.js(\?|$)/.test(request.url)) scripts.add(requestId);
  });
  wire.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => {
    if (scripts.has(requestId)) found.script += encodedDataLength;
  });
  return found;
}

test("from the link to the picture a patient loads no more script and asks no more often than is known, and nothing comes from elsewhere", async ({
  clinic,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  const link = await drOsei.plans("");
  const weighed = await weigh(ana.page, clinic.origin);
  await ana.page.goto(link);
  await ana.turnsOnCamera();
  // An instant human does not wait for the line to be tried; somebody who reads does, so it counts.
  await expect(ana.page.getByText("Your line is good for picture and sound.")).toBeVisible();
  await ana.button("Continue").click();
  await ana.authorizes();
  await drOsei.admits();
  await seesTheOther(ana.page);
  console.log(`${Math.round(weighed.script / 1024)} KB of script, ${weighed.requests.length} requests`);
  const told = weighed.requests.join("\n");
  expect(weighed.foreign).toEqual([]);
  expect(weighed.requests.length, told).toBeLessThanOrEqual(MOST_REQUESTS);
  expect(weighed.script, told).toBeLessThanOrEqual(MOST_SCRIPT);
});
