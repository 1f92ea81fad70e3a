/**
 * `npm test`: sets up what it needs, then everything, the cheap first. `npm test -- e2e consent` runs one part, narrowed.
 * `npm test -- nightly [part]`: what takes hours, narrowed likewise.
 */
import { check } from "./check.mjs";
import { chromium } from "./chromium.mjs";
import { overBadLines } from "./network.mjs";
import { nightly } from "./nightly.mjs";
import { installed, pinned, run, say, stop, upToDate } from "./ready.mjs";
import { age, coturn, strace, swift } from "./tools.mjs";

const [only, ...narrow] = process.argv.slice(2);

/** The whole leaves out what is marked for the night; a part that is asked for by its name is run as a whole. */
const quick = only ? [] : ["--grep-invert", "@nightly"];

const ofContracts = () => pinned({ FOUNDRY_PROFILE: "ci" });

const parts = {
  check,
  unit: async () => {
    await strace();
    await age();
    await coturn();
    await swift();
    await must("Unit and property tests", "vitest", ["run", ...narrow]);
  },
  contracts: () => must("Contract tests", "node", ["contracts/forge.ts", "test", ...narrow], ofContracts()),
  e2e: async () => {
    const path = await chromium();
    await upToDate();
    await must(
      "Two people in two browsers",
      "playwright",
      ["test", "--config=e2e/playwright.config.ts", ...quick, ...narrow],
      pinned(path ? { CHROMIUM_PATH: path } : {}),
    );
  },
  network: async () => {
    const path = await chromium();
    await upToDate();
    say("\nTwo people in two networks");
    if ((await overBadLines(path ? { CHROMIUM_PATH: path } : {}, [...quick, ...narrow])) !== 0)
      stop("Failed: two people in two networks. The lines above say what.");
  },
};

/** They would fill every core for two minutes: in a whole run they take what the others leave, and are heard when those are done. */
function contractsBeside() {
  const said = [];
  const done = run("node", ["contracts/forge.ts", "test"], { env: ofContracts(), said, gently: true });
  done.catch(() => {});
  return async () => {
    const code = await done;
    say(`\nContract tests, which went on beside these\n${Buffer.concat(said)}`);
    if (code !== 0) stop("Failed: Contract tests. The lines above say what.");
  };
}

async function must(what, command, args, env = pinned()) {
  say(`\n${what}`);
  if ((await run(command, args, { env })) !== 0) stop(`Failed: ${what}. The lines above say what.`);
}

const known = [...Object.keys(parts), "nightly"];
if (only && !known.includes(only)) stop(`There is no part "${only}". There are: ${known.join(", ")}.`);
await installed({ development: true });
if (only === "nightly") {
  const [part, ...words] = narrow;
  await nightly(part, words);
} else if (only) {
  await parts[only]();
} else {
  await parts.check();
  const contracts = contractsBeside();
  for (const part of [parts.unit, parts.e2e, parts.network]) await part();
  await contracts();
  say("\nAll tests passed.");
}
