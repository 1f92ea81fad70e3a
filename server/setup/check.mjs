/** `npm run check`: everything that can be known without running the product. */
import { installed, run, say, stop } from "./ready.mjs";

/** [what a person reads, command, arguments, what to do about it] */
const checks = [
  [
    "Format, lint and the house's arrows",
    "biome",
    ["check", "--error-on-warnings", "."],
    "`npx biome check --write .` mends what can be mended by itself.",
  ],
  ["Types of screens and shared code", "tsc", ["--project", "tsconfig.json"], null],
  ["Types of the server, without a browser", "tsc", ["--project", "server/tsconfig.json"], null],
  [
    "The contract's ABI and bytecode are its sources'",
    "node",
    ["contracts/compile.ts", "--check"],
    "`node contracts/compile.ts` writes them anew.",
  ],
  [
    "The ledger's page is what its contract says",
    "node",
    ["contracts/document.ts", "--check"],
    "`node contracts/document.ts` writes it anew.",
  ],
  [
    "The migrations are the schema's",
    "node",
    ["server/setup/migrations.mjs"],
    "`npx drizzle-kit generate --config server/storage/drizzle.config.ts` writes the missing one.",
  ],
  ["The page of threats names tests that are there", "node", ["server/setup/threats.mjs"], null],
  ["The lockfile serves every platform, from safe versions", "node", ["server/setup/lockfile.mjs"], null],
];

export async function check() {
  await installed({ development: true });
  // Next writes the types of its routes; without them a fresh clone does not compile.
  if ((await run("next", ["typegen"], { stdio: ["ignore", "ignore", "inherit"] })) !== 0)
    stop("Next could not write its types.");
  for (const [what, command, args, remedy] of checks) {
    say(`· ${what}`);
    if ((await run(command, args)) !== 0) stop(`This did not hold: ${what}.${remedy ? ` ${remedy}` : ""}`);
  }
}

if (process.argv[1]?.endsWith("check.mjs")) await check();
