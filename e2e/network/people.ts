import { type Browser, type BrowserContext, test as base, chromium, type Page } from "@playwright/test";
import { Clinic } from "../clinic.ts";
import { Doctor, expect, Patient, seesTheOther } from "../people.ts";
import { CLINIC, chromiumIn, net } from "./net.ts";
import { watched } from "./watching.ts";

export { expect };

/** How often a fault is tried: few for every change, many at night. */
export const ROUNDS = Number(process.env.ASSENT_ROUNDS ?? 1);

const flags = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
  "--no-first-run",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
];

/** A browser in the doctor's or the patient's network, for which this origin is as good as https. */
export async function browserIn(name: "doctor" | "patient", origin: string): Promise<Browser> {
  const { path, forget } = chromiumIn(name);
  const secure = `--unsafely-treat-insecure-origin-as-secure=${origin}`;
  const browser = await chromium.launch({ executablePath: path, args: [...flags, secure] });
  browser.once("disconnected", forget);
  return browser;
}

export interface Two {
  clinic: Clinic;
  drOsei: Doctor;
  ana: Patient;
  /** From the link to both pictures. */
  meet(): Promise<void>;
  close(): Promise<void>;
}

/** A clinic in its network, and two people in theirs. */
export async function two(settings: Record<string, string> = {}, relayOnly = false): Promise<Two> {
  net.mend();
  const clinic = await Clinic.open(settings, CLINIC);
  const browsers = [await browserIn("doctor", clinic.origin), await browserIn("patient", clinic.origin)] as const;
  const sit = async (browser: Browser, size: { width: number; height: number }): Promise<[BrowserContext, Page]> => {
    const context = await browser.newContext({
      baseURL: clinic.origin,
      viewport: size,
      permissions: ["camera", "microphone"],
    });
    await context.addInitScript(watched, relayOnly);
    return [context, await context.newPage()];
  };
  const drOsei = new Doctor(...(await sit(browsers[0], { width: 1280, height: 800 })));
  const ana = new Patient(...(await sit(browsers[1], { width: 390, height: 844 })));
  await drOsei.setsUp();
  return {
    clinic,
    drOsei,
    ana,
    async meet() {
      await ana.opens(await drOsei.plans());
      await ana.authorizes();
      await drOsei.admits();
      await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
    },
    async close() {
      await Promise.all(browsers.map((browser) => browser.close()));
      await clinic.close();
      net.mend();
    },
  };
}

/** A test's two people are gone after it, however it ends. */
export const test = base.extend<{ people(...how: Parameters<typeof two>): Promise<Two> }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  people: async ({}, use) => {
    const open: Two[] = [];
    await use(async (...how) => {
      const made = await two(...how);
      open.push(made);
      return made;
    });
    for (const one of open) await one.close();
  },
});
