/** `npm run bench`: lists the questions; `npm run bench -- NAME [--json]` answers one. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { chromium } from "./chromium.mjs";
import { lighthouse } from "./lighthouse.mjs";
import { inNetworks, whyNot } from "./network.mjs";
import { installed, pinned, root, run, say, stop, upToDate } from "./ready.mjs";

const folder = join(root, "bench");
const questions = readdirSync(folder)
  .filter((name) => name.endsWith(".ts") && !name.endsWith(".test.ts"))
  .map((name) => name.slice(0, -3));
const [name, ...rest] = process.argv.slice(2);

await installed({ development: true });
if (!name) {
  for (const question of questions) {
    const first = /\/\*\*\s*\n?\s*\*?\s*(.+)/.exec(readFileSync(join(folder, `${question}.ts`), "utf8"))?.[1] ?? "";
    say(`${question.padEnd(10)} ${first.replace(/\s*\*\/\s*$/, "")}`);
  }
} else {
  if (!questions.includes(name)) stop(`There is no question "${name}". There are: ${questions.join(", ")}.`);
  await upToDate();
  const path = ["gas", "ledger", "signaling", "weight"].includes(name) ? null : await chromium();
  const environment = path ? { CHROMIUM_PATH: path } : {};
  if (name === "lighthouse") environment.LIGHTHOUSE = await lighthouse();
  const words = [join("bench", `${name}.ts`), ...rest];
  if (name !== "recovery") process.exit(await run("node", words, { env: pinned(environment) }));
  const why = await whyNot();
  if (why) stop(`This needs two networks, and there are none: ${why}.`);
  process.exit(await inNetworks("node", words, environment));
}
