/** `npm test -- nightly [part [word …]]`: the suites that take minutes to hours. All are run, also after one has failed. */
import { randomInt } from "node:crypto";
import { chromium } from "./chromium.mjs";
import { overBadLines } from "./network.mjs";
import { pinned, run, say, stop, upToDate } from "./ready.mjs";

/** Draws that no night before has seen; what they found is had again with `ASSENT_SEED`. */
const seed = process.env.ASSENT_SEED ?? String(randomInt(2 ** 31));

/** name → [what a person reads, command, arguments, environment] */
const suites = {
  fuzz: [
    "The contract with 100,000 draws a property, and 256 × 256 steps an invariant",
    "node",
    ["contracts/forge.ts", "test"],
    { FOUNDRY_PROFILE: "nightly" },
  ],
  // Without P-256 keys, which that fork has no precompile for: contracts/test/Fork.t.sol says what becomes of them.
  prague: [
    "The contract on the fork before the newest",
    "node",
    ["contracts/forge.ts", "test", "--evm-version", "prague", "--no-match-contract", "^ActsBy(P256|Passkey)$"],
    { FOUNDRY_PROFILE: "ci" },
  ],
  mutation: ["Which flaws of the contract its tests notice", "node", ["contracts/mutate.ts"], {}],
  faults: [
    "A thousand reorgs, ten thousand junk signatures, thirty minutes without a node",
    "vitest",
    ["run", "server/ledger/reorg.test.ts", "server/junk.test.ts", "server/faults.test.ts"],
    { ASSENT_ROUNDS: "1000", JUNK: "10000", OUTAGE_SECONDS: "1800" },
  ],
  crash: [
    "Database and ledger killed 500 times each",
    "vitest",
    ["run", "server/storage/crash.test.ts", "server/ledger/crash.test.ts"],
    { ASSENT_ROUNDS: "500" },
  ],
  stores: [
    "500 uploads while stores die, a gigabyte in flat memory, ten thousand parts of one byte",
    "vitest",
    ["run", "server/storage/stores.test.ts", "server/storage/blobs-crash.test.ts", "server/uploads.test.ts"],
    { STORE_UPLOADS: "500", STREAM_BYTES: String(2 ** 30), ASSENT_ROUNDS: "50", UPLOAD_PARTS: "10000" },
  ],
  evidence: [
    "Every field of an evidence file changed once",
    "vitest",
    ["run", "lib/audit/verify-evidence.test.ts", "server/audit/second-verifier.test.ts"],
    { EVIDENCE_ALL: "1" },
  ],
  load: [
    "A thousand people in 500 calls for five minutes",
    "vitest",
    ["run", "server/call/load.test.ts"],
    { LOAD_SECONDS: "300" },
  ],
  seeds: ["Unit and property tests from a new seed", "vitest", ["run"], {}],
  orders: [
    "Four pages of a call and the server in 20,000 orders of events",
    "vitest",
    ["run", "server/call/legs.test.ts"],
    { ASSENT_ROUNDS: "20000" },
  ],
  restore: ["10,000 acts brought back within 30 seconds", "node", ["bench/ledger.ts", "--assert"], {}],
  controls: ["Each protection taken out, and its suite expected to fail", "node", ["server/setup/controls.mjs"], {}],
  coverage: ["Which branches of the contract its tests take", "node", ["contracts/cover.ts"], {}],
};

/** Many rounds of every fault, and the whole matrix of bad lines. */
async function network(narrow) {
  say("\nCalls over changing, blocked, lossy and narrow networks, twenty times each");
  const path = await chromium();
  await upToDate();
  return overBadLines({ ASSENT_ROUNDS: "20", ...(path ? { CHROMIUM_PATH: path } : {}) }, narrow);
}

/** Every situation of a visit, those included that a change is not made to wait for. */
async function e2e(narrow) {
  say("\nTwo people in two browsers, in every situation");
  const path = await chromium();
  await upToDate();
  const env = pinned(path ? { CHROMIUM_PATH: path } : {});
  return run("playwright", ["test", "--config=e2e/playwright.config.ts", ...narrow], { env });
}

/** `narrow` is for the part that is named: which of its tests or protections. */
export async function nightly(only, narrow = []) {
  const withBrowsers = { e2e, network };
  const known = [...Object.keys(suites), ...Object.keys(withBrowsers)];
  if (only && !known.includes(only)) stop(`There is no nightly part "${only}". There are: ${known.join(", ")}.`);
  const failed = [];
  say(`ASSENT_SEED=${seed}`);
  for (const [name, [what, command, args, environment]] of Object.entries(suites)) {
    if (only && name !== only) continue;
    say(`\n${what}`);
    if ((await run(command, [...args, ...narrow], { env: pinned({ ASSENT_SEED: seed, ...environment }) })) !== 0)
      failed.push(name);
  }
  for (const [name, suite] of Object.entries(withBrowsers))
    if ((!only || only === name) && (await suite(narrow)) !== 0) failed.push(name);
  if (failed.length > 0) stop(`Failed: ${failed.join(", ")}. The lines above say what.`);
  say("\nAll nightly tests passed.");
}
