/** **Verify all** as a browser's worker does it, through the API alone: tells how many lines hold and how long it took. */
import { parentPort, workerData } from "node:worker_threads";
import { listLines, readEvidence } from "../../lib/audit/api.ts";
import { openChain } from "../../lib/audit/chain.ts";
import { walk } from "../../lib/audit/walk.ts";
import type { LedgerDomain } from "../../lib/consent/typed-data.ts";
import { type Answer, Browser } from "../../server/clinic.fixture.ts";

export interface VerifyTask {
  port: number;
  cookies: [string, string][];
  ledger: LedgerDomain;
}

const { port, cookies, ledger } = workerData as VerifyTask;
const browser = new Browser(port);
for (const [name, value] of cookies) browser.cookies.set(name, value);
let asked = 0;
/** An address has so many questions a minute; a browser waits, and a measurement comes from another. */
const elsewhere = () => {
  asked += 1;
  browser.from = `203.0.113.${Math.floor(asked / 400) % 250}`;
};
const taken = async <T>(answer: Promise<Answer<T>>): Promise<T> => {
  elsewhere();
  const { value, code } = await answer;
  if (code) throw new Error(code);
  return value;
};
const rpc = async (method: string, params: unknown[]) => {
  elsewhere();
  const headers = { origin: browser.origin, "content-type": "application/json", "x-assent-side": "staff" };
  const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
  const { text } = await browser.send("POST", "/api/ledger/rpc", headers, body);
  const { result, error } = JSON.parse(text) as { result?: unknown; error?: { message: string } };
  if (error) throw new Error(error.message);
  return result;
};

const began = performance.now();
let lines = 0;
let changed = 0;
const { faults } = await walk({
  source: {
    lines: (after) => taken(browser.ask(listLines, { after })),
    evidence: (wanted) => taken(browser.ask(readEvidence, wanted)),
  },
  chain: openChain(rpc, ledger.address),
  ledger,
  signal: new AbortController().signal,
  breathe: () => new Promise((resolve) => setTimeout(resolve)),
  onChecked: (batch) => {
    lines += batch.length;
    changed += batch.filter(({ verdict }) => verdict.is === "changed").length;
  },
});
parentPort?.postMessage({ lines, wrong: changed + faults.length, ms: performance.now() - began });
