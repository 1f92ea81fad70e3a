/**
 * What does Lighthouse say of the pages a stranger opens on a phone, the front page and a patient's link? Its scores, and beside
 * them those of a page that is one sentence. Names what it finds fault with.
 */
import { once } from "node:events";
import { createServer as createHttpServer } from "node:http";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright";
import { Clinic } from "../e2e/clinic.ts";
import { Doctor } from "../e2e/people.ts";
import { type Measured, median, report } from "./parts/report.ts";

const RUNS = Number(process.env.RUNS ?? 3);
const categories = ["performance", "accessibility", "best-practices"] as const;

/** As much of a report as is read here. */
interface Report {
  categories: Record<string, { score: number | null; auditRefs: { id: string; weight: number }[] }>;
  audits: Record<string, { score: number | null; title: string; displayValue?: string; numericValue?: number }>;
  runtimeError?: { message: string };
}
type Lighthouse = (url: string, flags: object) => Promise<{ lhr: Report } | undefined>;
const entry = process.env.LIGHTHOUSE;
if (!entry) throw new Error("Please ask for this with `npm run bench -- lighthouse`, which fetches what it needs.");
const { default: lighthouse } = (await import(pathToFileURL(entry).href)) as { default: Lighthouse };

const port = await freePort();
const browser = await chromium.launch({
  ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
  args: ["--no-sandbox", "--disable-gpu", "--use-fake-device-for-media-stream", `--remote-debugging-port=${port}`],
});

/** As on a phone in a mobile network, by Lighthouse's own simulation of one. On a busy machine it misses a page's beginning now and then, and says to try again. */
async function looked(url: string): Promise<Report> {
  const flags = { port, output: "json", logLevel: "error", onlyCategories: categories };
  let why: string | undefined;
  for (let tries = 0; tries < 3; tries++) {
    const lhr = (await lighthouse(url, flags))?.lhr;
    if (lhr && !lhr.runtimeError) return lhr;
    why = lhr?.runtimeError?.message;
  }
  throw new Error(`Lighthouse said nothing of a page: ${why}`);
}

const clinic = await Clinic.open();
const context = await browser.newContext({ baseURL: clinic.origin });
const doctor = new Doctor(context, await context.newPage());
const sentence =
  '<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Bare</title><p>Bare.</p>';
const bare = createHttpServer((_, response) => response.setHeader("content-type", "text/html").end(sentence));
bare.listen(0, "127.0.0.1");
await once(bare, "listening");
await doctor.setsUp();
const pages = { front: `${clinic.origin}/`, join: await doctor.plans() };
await context.close();

const found: Record<keyof typeof pages | "bare", Report[]> = { front: [], join: [], bare: [] };
for (let i = 0; i < RUNS; i++) {
  for (const [name, url] of Object.entries(pages)) found[name as keyof typeof pages].push(await looked(url));
  found.bare.push(await looked(`http://localhost:${(bare.address() as AddressInfo).port}/`));
}
await browser.close();
bare.close();
await clinic.close();

const scoresOf = (reports: readonly Report[], category: string) =>
  reports.map((one) => Math.round((one.categories[category]?.score ?? 0) * 100));
const parts: Record<string, Measured> = {};
for (const name of Object.keys(pages) as (keyof typeof pages)[]) {
  for (const category of categories) {
    const [values, floors] = [scoresOf(found[name], category), scoresOf(found.bare, category)];
    parts[`${name}: ${category}`] = { values, floors };
  }
  tellFaults(name, found[name]);
}
report({ question: "lighthouse", unit: "of 100", runs: RUNS, headline: "join: performance", parts });

/** What took points, of the run in the middle. */
function tellFaults(name: string, reports: readonly Report[]): void {
  const middle = median(scoresOf(reports, "performance"));
  const one = reports.find((each) => scoresOf([each], "performance")[0] === middle) ?? reports[0];
  for (const category of categories) {
    for (const { id, weight } of one?.categories[category]?.auditRefs ?? []) {
      const audit = one?.audits[id];
      if (!audit || weight === 0 || audit.score === null || audit.score >= 0.9) continue;
      console.log(
        `${name}, ${category}: ${audit.title} ${audit.displayValue ?? ""} (${Math.round(audit.score * 100)})`,
      );
    }
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port: free } = server.address() as AddressInfo;
  server.close();
  await once(server, "close");
  return free;
}
