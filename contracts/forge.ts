/**
 * `node contracts/forge.ts test` runs forge from npm, without a network: solc-js stands in for solc, and the tests get
 * the ledger as it is deployed (and once more as a version 2 would be) instead of compiling it their own way.
 *
 * Chance comes from a seed, which is printed: always the same one, but a new one for `FOUNDRY_PROFILE=nightly`.
 * `FORGE_SEED=0x…` repeats a run.
 */
import { type SpawnSyncOptions, type SpawnSyncReturns, spawnSync } from "node:child_process";
import { randomBytes } from "node:crypto";
import { chmodSync, existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { writeCases } from "./differential.ts";
import { compileLedger, root } from "./solc.ts";

const here = import.meta.dirname;
const forge = join(root, "node_modules/@foundry-rs/forge-linux-amd64/bin/forge");
const solc = join(here, ".forge/solc");
const proofs = join(here, ".forge/consistency.bin");
const version = '"Assent Consent Ledger", "1"';

/** Ends the process where there is no forge: as a failure where tests must run, in peace elsewhere. */
export function needForge(): void {
  if (!existsSync(forge)) {
    console.error("The contract's tests need forge, which npm installs on Linux x64 only.");
    process.exit(process.env.CI ? 1 : 0);
  }
  mkdirSync(join(here, ".forge"), { recursive: true });
  writeFileSync(solc, `#!/bin/sh\nexec "${process.execPath}" "${join(here, "solc.ts")}" "$@"\n`);
  chmodSync(solc, 0o755);
}

/** The consistency proofs that the tests put before the ledger, drawn from the seed; says what there is. */
export const writeProofs = (count: number, seed: string) => writeCases(proofs, count, seed);

/** What the tests find in their environment: the ledgers to deploy, and the file of consistency proofs. */
export const testEnvironment = () => ({
  CONSISTENCY_CASES: proofs,
  LEDGER_BYTECODE: compileLedger().bytecode,
  LEDGER_BYTECODE_V2: compileLedger((text) => text.replace(version, version.replace("1", "2"))).bytecode,
});

export function runForge(args: string[], options: SpawnSyncOptions = {}): SpawnSyncReturns<string> {
  return spawnSync(forge, [...args, "--root", here, "--use", solc], {
    cwd: here,
    stdio: "inherit",
    ...options,
    encoding: "utf8",
  });
}

const drawnSeed = () => process.env.FORGE_SEED ?? `0x${randomBytes(8).toString("hex")}`;
export const fixedSeed = () => process.env.FORGE_SEED ?? "0xa55e27";

if (import.meta.main) {
  needForge();
  const args = process.argv.slice(2);
  if (args[0] === "test") {
    const seed = process.env.FOUNDRY_PROFILE === "nightly" ? drawnSeed() : fixedSeed();
    console.error(`FORGE_SEED=${seed} repeats this run.`);
    console.error(writeProofs(10_000, seed));
    args.push("--fuzz-seed", seed);
  }
  process.exitCode = runForge(args, { env: { ...process.env, ...testEnvironment() } }).status ?? 1;
}
