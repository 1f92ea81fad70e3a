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
    "The pages of evidence files are what they are",
    "node",
    ["server/audit/document.ts", "--check"],
    "`node server/audit/document.ts` writes them anew.",
  ],
  [
    "The migrations are the schema's",
    "node",
    ["server/setup/migrations.mjs"],
    "`npx drizzle-kit generate --config server/storage/drizzle.config.ts` writes the missing one.",
  ],
  ["The page of threats names tests that are there", "node", ["server/setup/threats.mjs"], null],
  ["What each control takes out is there", "node", ["server/setup/controls.mjs", "--check"], null],
  ["The lockfile serves every platform, from safe versions", "node", ["server/setup/lockfile.mjs"], null],
];

export async function check() {
  await installed({ development: true });
  // Next writes the types of its routes; without them a fresh clone does not compile.
  if ((await run("next", ["typegen"], { stdio: ["ignore", "ignore", "inherit"] })) !== 0)
    stop("Next could not write its types.");
  // All at once, since most of them use one processor; told in their order.
  const running = checks.map(([, command, args]) => {
    const said = [];
    return { said, code: run(command, args, { said }) };
  });
  for (const [i, [what, , , remedy]] of checks.entries()) {
    say(`· ${what}`);
    const { said, code } = running[i];
    const failed = (await code) !== 0;
    process.stdout.write(Buffer.concat(said));
    if (failed) stop(`This did not hold: ${what}.${remedy ? ` ${remedy}` : ""}`);
  }
}

if (process.argv[1]?.endsWith("check.mjs")) await check();
