/**
 * How fast is a file sealed before it is sent, with its hashes and kept so that a reload loses nothing? Against age alone, to
 * three recipients and nowhere, in a worker of the same page. By how much do the browser's processes grow meanwhile?
 */
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium } from "playwright";
import { growthOf } from "./parts/memory.ts";
import { type Measured, report } from "./parts/report.ts";

const RUNS = Number(process.env.RUNS ?? 7);
/** Mebibytes, and how many of the runs seal as many. */
const SIZES = [
  [50, RUNS],
  [1_024, Math.min(RUNS, 1)],
] as const;
const MB = 1_024 ** 2;

const script = async (path: string) => {
  const entry = join(import.meta.dirname, path);
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    format: "esm",
    minify: true,
    write: false,
  });
  return outputFiles[0]?.text ?? "";
};
const scripts: Record<string, string> = {
  "/page.js": await script("parts/seal-page.ts"),
  "/bare.js": await script("parts/bare-seal.ts"),
  "/seal-worker.browser.ts": await script("../lib/records/seal-worker.browser.ts"),
  "/parcel-worker.browser.ts": await script("../lib/records/parcel-worker.browser.ts"),
};
const server = createServer(({ url }, response) => {
  const found = scripts[url ?? ""];
  if (found) response.setHeader("content-type", "text/javascript").end(found);
  else
    response
      .setHeader("content-type", "text/html")
      .end('<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>');
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
// As somebody who is not in a private window: there the browser's own files are on its disk.
const folder = await mkdtemp(join(tmpdir(), "assent-seal-"));
const browser = await chromium.launchPersistentContext(folder, {
  ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
  args: ["--no-sandbox", "--disable-gpu"],
});
const page = await browser.newPage();
await page.goto(`http://localhost:${(server.address() as AddressInfo).port}/`);
await page.waitForFunction(() => "timed" in window);

type Timed = (how: "packed" | "bare", size: number) => Promise<{ ms: number; blocked: number }>;
const timed = (how: "packed" | "bare", size: number) =>
  page.evaluate(([which, bytes]) => (window as unknown as { timed: Timed }).timed(which, bytes), [how, size] as const);

const parts: Record<string, Measured> = {};
for (const [mebibytes, runs] of SIZES) {
  const speed: Measured = { values: [], floors: [], unit: "MB/s" };
  const blocked: Measured = { values: [], floors: [], unit: "ms" };
  const memory: Measured = { values: [], floors: [], unit: "MB" };
  for (let run = 0; run < runs; run += 1) {
    for (const how of ["packed", "bare"] as const) {
      const { value, grown } = await growthOf(() => timed(how, mebibytes * MB));
      const { ms, blocked: longest } = value;
      const into = how === "packed" ? "values" : "floors";
      speed[into].push(Math.round((10_000 * mebibytes) / ms) / 10);
      blocked[into].push(Math.round(longest));
      memory[into].push(Math.round(grown));
    }
  }
  parts[`${mebibytes} MB`] = speed;
  parts[`${mebibytes} MB, page blocked`] = blocked;
  parts[`${mebibytes} MB, memory`] = memory;
}
await browser.close();
await rm(folder, { recursive: true, force: true });
server.close();
report({ question: "seal", unit: "MB/s", runs: RUNS, headline: "50 MB", parts });
