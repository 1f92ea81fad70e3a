import { randomInt } from "node:crypto";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { readConfig, root } from "../config.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { DAY } from "./happening.ts";
import { PASSWORD, seedFolder } from "./seed.ts";

const USAGE = "Usage: npm run seed -- --events 1000000 [--seed 7] [--until 2026-11-23]";

const say = (line: string) => void process.stdout.write(`${line}\n`);
const loud = (facts: object, text: string) => say(`${text} ${JSON.stringify(facts)}`);

/** Resolves to the exit code: 0 it is filled, 2 nothing was done. */
async function run(args: string[]): Promise<number> {
  try {
    const { lines, seed, until } = asked(args);
    try {
      process.loadEnvFile(join(root, ".env"));
    } catch {
      // No .env: the environment alone.
    }
    const { dataDir: folder, network } = readConfig(process.env);
    if (network) throw new WrongSetting("A made-up history is on a ledger of its own. Take LEDGER_RPC_URL out.");
    say(`${lines} events, seed ${seed}, until ${new Date(until).toISOString().slice(0, 10)}, into ${folder}`);
    const began = performance.now();
    let last = 0;
    const seeded = await seedFolder({
      ...{ folder, lines, seed, until },
      log: { info: () => undefined, warn: loud, error: loud },
      told: (number) => {
        if (number - last < lines / 10) return;
        last = number;
        say(`${number} events`);
      },
    });
    const seconds = Math.round((performance.now() - began) / 1_000);
    say(`${seeded.lines} events of ${seeded.visits} visits, ${seeded.acts} of them on the ledger, in ${seconds} s.`);
    say(`Root of the log: ${seeded.root}`);
    say(
      `Sign in as ${seeded.emails[0]} with “${PASSWORD}”. Everybody has these keys: never use this folder for people.`,
    );
    return 0;
  } catch (error) {
    if (!(error instanceof WrongSetting)) throw error;
    say(error.message);
    return 2;
  }
}

function asked(args: string[]): { lines: number; seed: number; until: number } {
  const texts = { events: { type: "string" }, seed: { type: "string" }, until: { type: "string" } } as const;
  let values: { events?: string; seed?: string; until?: string };
  try {
    values = parseArgs({ args, options: texts }).values;
  } catch {
    throw new WrongSetting(USAGE);
  }
  const lines = Number(values.events);
  const seed = values.seed === undefined ? randomInt(2 ** 31) : Number(values.seed);
  const today = Math.floor(Date.now() / DAY) * DAY;
  const until = values.until === undefined ? today : Date.parse(values.until);
  const whole = [lines, seed, until].every((number) => Number.isSafeInteger(number) && number >= 0);
  if (!whole || until % DAY !== 0 || until > today) throw new WrongSetting(USAGE);
  return { lines, seed, until };
}

process.exitCode = await run(process.argv.slice(2));
