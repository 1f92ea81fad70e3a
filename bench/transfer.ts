/**
 * How fast does a file travel between two browsers, with its digest, its progress and its way back after a broken line?
 * Against the same bytes over a bare RTCDataChannel between the same two pages, in the same run.
 */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { build } from "esbuild";
import { chromium, type Page } from "playwright";
import { type Measured, report } from "./parts/report.ts";

const RUNS = Number(process.env.RUNS ?? 5);
/** Mebibytes, and how many of the runs send as many. */
const SIZES = [
  [50, RUNS],
  [1_024, Math.min(RUNS, 1)],
] as const;
const MB = 1_024 ** 2;

const { outputFiles } = await build({
  entryPoints: [join(import.meta.dirname, "parts/pipe-page.ts")],
  bundle: true,
  format: "esm",
  write: false,
  define: { global: "globalThis" },
  alias: { "simple-peer": "simple-peer/simplepeer.min.js" },
});
const server = createServer((request, response) => {
  if (request.url === "/page.js") response.setHeader("content-type", "text/javascript").end(outputFiles[0]?.text);
  else
    response
      .setHeader("content-type", "text/html")
      .end('<!doctype html><link rel="icon" href="data:,"><script type="module" src="/page.js"></script>');
});
await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
const origin = `http://localhost:${(server.address() as AddressInfo).port}`;
const browser = await chromium.launch({
  ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
  args: ["--no-sandbox", "--disable-gpu", "--enable-precise-memory-info", "--js-flags=--expose-gc"],
});
const context = await browser.newContext();

type Way = "asInACall" | "bare";
const name = () => `wire ${Math.random()}`;
/** Bytes of JavaScript the page holds, after it cleaned up. */
const held = (page: Page) =>
  page.evaluate(() => {
    (window as unknown as { gc(): void }).gc();
    return (performance as unknown as { memory: { usedJSHeapSize: number } }).memory.usedJSHeapSize;
  });

/** Milliseconds, and by how many mebibytes the receiver's page grew at most on the way. */
async function send(way: Way, size: number): Promise<{ ms: number; grown: number }> {
  // A page of its own each, and not in one process: that is how two people are.
  const [taker, giver] = [await context.newPage(), await context.newPage()];
  await Promise.all([taker.goto(`${origin}/`), giver.goto(`${origin}/?giver`)]);
  const wire = name();
  const before = await held(taker);
  let most = before;
  const looking = setInterval(() => {
    held(taker).then(
      (now) => {
        most = Math.max(most, now);
      },
      () => {},
    );
  }, 500);
  const begin = (page: Page) =>
    page.evaluate(
      ([which, on, bytes]) => {
        const ways = window as unknown as Record<Way, (name: string, size: number) => Promise<number>>;
        Object.assign(window, { took: ways[which](on, bytes) });
      },
      [way, wire, size] as [Way, string, number],
    );
  const end = (page: Page) => page.evaluate(() => (window as unknown as { took: Promise<number> }).took);
  // The taker listens before the giver speaks.
  await begin(taker);
  await begin(giver);
  const ms = await end(giver);
  clearInterval(looking);
  await Promise.all([taker.close(), giver.close()]);
  return { ms, grown: (most - before) / MB };
}

const parts: Record<string, Measured> = {};
for (const [mebibytes, runs] of SIZES) {
  const speed: Measured = { values: [], floors: [], unit: "MB/s" };
  const memory: Measured = { values: [], floors: [], unit: "MB" };
  for (let i = 0; i < runs; i++) {
    for (const way of ["asInACall", "bare"] as const) {
      const { ms, grown } = await send(way, mebibytes * MB);
      (way === "bare" ? speed.floors : speed.values).push(Math.round((10_000 * mebibytes) / ms) / 10);
      (way === "bare" ? memory.floors : memory.values).push(Math.round(grown * 10) / 10);
    }
  }
  parts[`${mebibytes} MB`] = speed;
  parts[`${mebibytes} MB, memory`] = memory;
}
await browser.close();
server.close();
report({ question: "transfer", unit: "MB/s", runs: RUNS, headline: "50 MB", parts });
