/**
 * `node contracts/forge.ts test` runs forge from npm, without a network: solc-js stands in for solc, and the tests get
 * the ledger as it is deployed (and once more as a version 2 would be) instead of compiling it their own way.
 */
import { spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { compileLedger, root } from "./solc.ts";

const here = import.meta.dirname;
const forge = join(root, "node_modules/@foundry-rs/forge-linux-amd64/bin/forge");

if (!existsSync(forge)) {
  console.error("The contract's tests need forge, which npm installs on Linux x64 only.");
  process.exit(process.env.CI ? 1 : 0);
}

const solc = join(here, ".forge/solc");
mkdirSync(join(here, ".forge"), { recursive: true });
writeFileSync(solc, `#!/bin/sh\nexec "${process.execPath}" "${join(here, "solc.ts")}" "$@"\n`);
chmodSync(solc, 0o755);

const version = '"Assent Consent Ledger", "1"';
const { status } = spawnSync(forge, [...process.argv.slice(2), "--root", here, "--use", solc], {
  cwd: here,
  stdio: "inherit",
  env: {
    ...process.env,
    LEDGER_BYTECODE: compileLedger().bytecode,
    LEDGER_BYTECODE_V2: compileLedger((source) => source.replace(version, version.replace("1", "2"))).bytecode,
  },
});
process.exitCode = status ?? 1;
