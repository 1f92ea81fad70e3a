import { pack } from "../../lib/records/parcels.browser.ts";

/** Runs in a page: a file packed as a call packs it, and the same bytes through age alone in a worker. Milliseconds. */
const MB = 1_024 ** 2;

function fileOf(size: number): File {
  const noise = new Uint8Array(MB);
  for (let at = 0; at < MB; at += 65_536) crypto.getRandomValues(noise.subarray(at, at + 65_536));
  return new File(new Array(size / MB).fill(new Blob([noise])), "scan.pdf", { type: "application/pdf" });
}

async function packed(file: File): Promise<number> {
  const start = performance.now();
  const parcel = await pack("a".repeat(32), file, { signal: new AbortController().signal });
  const took = performance.now() - start;
  await parcel.drop();
  return took;
}

function bare(file: File): Promise<number> {
  const start = performance.now();
  const worker = new Worker("/bare.js", { type: "module" });
  return new Promise((resolve) => {
    worker.onmessage = () => {
      resolve(performance.now() - start);
      worker.terminate();
    };
    worker.postMessage(file);
  });
}

/** Also the longest that the page could not answer meanwhile. */
async function timed(how: "packed" | "bare", size: number): Promise<{ ms: number; blocked: number }> {
  const file = fileOf(size);
  let [blocked, last] = [0, performance.now()];
  const beat = setInterval(() => {
    const now = performance.now();
    blocked = Math.max(blocked, now - last - 5);
    last = now;
  }, 5);
  const ms = await { packed, bare }[how](file);
  clearInterval(beat);
  return { ms, blocked };
}
Object.assign(window, { timed });
