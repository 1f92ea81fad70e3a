import { spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { accessSync, constants, readFileSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { delimiter, join } from "node:path";
import { createInterface } from "node:readline";
import type { LedgerLog } from "./act.ts";
import { openRpc, type Rpc } from "./rpc.ts";

/** A running anvil, ours alone. */
export interface Anvil {
  readonly rpc: Rpc;
  readonly pid: number;
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>;
  kill(): void;
}

/** Where the chain begins. Everything that goes into a block hash is here or below. */
export interface Genesis {
  chainId: string;
  timestamp: number;
}

/** What one block can hold, by what its transactions might use: twice as much as on the main network, since ours ask for far more than they use. */
export const BLOCK_GAS = 120_000_000;
/** States kept for calls at older blocks; blocks and logs are always all there. */
const STATES_KEPT = 64;

/**
 * A shell between us and anvil that kills it as soon as we are gone, kill -9 included: its input ends when we do.
 * First line of output: anvil's process id.
 */
const KEEPER = `
exec 3<&0
"$@" 3<&- </dev/null & child=$!
echo "pid $child"
{ read -r _; kill -9 "$child"; } <&3 >/dev/null 2>&1 & watch=$!
exec 3<&-
wait "$child"; code=$?
kill "$watch" 2>/dev/null
exit "$code"
`;

/** Starts the embedded ledger's anvil on an empty chain. Its files go to `folder`. */
export function startAnvil(folder: string, genesis: Genesis, log: LedgerLog): Promise<Anvil> {
  const args = [
    ...["--accounts", "0", "--no-mining", "--order", "fifo", "--disable-default-create2-deployer"],
    ...["--hardfork", "osaka", "--enable-tx-gas-limit", "--gas-limit", String(BLOCK_GAS)],
    ...["--base-fee", "1000000000", "--disable-min-priority-fee"],
    ...["--chain-id", genesis.chainId, "--timestamp", String(genesis.timestamp)],
    ...["--prune-history", String(STATES_KEPT)],
  ];
  return runAnvil(folder, args, log);
}

/** Runs anvil with these arguments on a port of its own. Its files go to `folder`; it ends when we do. */
export async function runAnvil(folder: string, chosen: string[], log: LedgerLog): Promise<Anvil> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  await reapStale(folder);
  const host = loopback();
  const args = [
    ...["--host", host, "--port", "0", "--no-cors", "--no-request-size-limit"],
    ...["--cache-path", join(folder, "cache"), ...chosen],
  ];
  const child = spawn("/bin/sh", ["-c", KEEPER, "sh", findAnvil(), ...args], {
    stdio: ["pipe", "pipe", "pipe"],
    env: { NODE_ENV: process.env.NODE_ENV, PATH: process.env.PATH, HOME: folder }, // none of our secrets, and nothing in the home folder
  });
  child.stdin.on("error", () => undefined); // it may be gone before us
  createInterface(child.stderr).on("line", (line) => {
    if (!child.stdin.destroyed && line.trim()) log.warn({ line }, "anvil says");
  });
  const gone = new Promise<void>((resolve) => {
    child.once("error", () => resolve());
    child.once("exit", () => resolve());
  });

  const kill = () => child.stdin.destroy();
  const started = await new Promise<{ pid: number; port: number }>((resolve, reject) => {
    let pid = 0;
    const late = setTimeout(() => reject(new Error("anvil did not start within 20 seconds.")), 20_000);
    createInterface(child.stdout).on("line", (line) => {
      pid ||= Number(/^pid (\d+)$/.exec(line)?.[1] ?? 0);
      const port = /^Listening on \S+:(\d+)$/.exec(line)?.[1];
      if (!port) return;
      clearTimeout(late);
      resolve({ pid, port: Number(port) });
    });
    gone.then(() => {
      clearTimeout(late);
      reject(new Error("anvil ended before it listened."));
    });
  }).catch((error: unknown) => {
    kill();
    throw error;
  });
  await writeFile(pidFile(folder), JSON.stringify({ pid: started.pid, started: startOf(started.pid) }), {
    mode: 0o600,
  });
  const rpc = openRpc({ host, port: started.port });
  gone.then(() => rpc.close());
  return { rpc, pid: started.pid, gone, kill };
}

/** The npm package's binary, started directly, or the one on PATH. */
function findAnvil(): string {
  const candidates = [...(process.env.PATH ?? "").split(delimiter).map((folder) => join(folder, "anvil"))];
  if (process.platform === "linux" && process.arch === "x64") {
    try {
      const require = createRequire(import.meta.url);
      candidates.unshift(join(require.resolve("@foundry-rs/anvil-linux-amd64/package.json"), "../bin/anvil"));
    } catch {
      // Optional: left out on other machines.
    }
  }
  const found = candidates.find(isExecutable);
  if (found) return found;
  throw new Error(
    "The embedded ledger needs anvil: install Foundry 1.7.1 (https://getfoundry.sh) so that it is on PATH.",
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * A loopback address nobody guesses. anvil takes WebSockets from any page of any browser on this machine; on Linux all
 * of 127/8 is loopback, so that a page would have to try 2^24 addresses times every port.
 */
function loopback(): string {
  if (process.platform !== "linux") return "127.0.0.1";
  const [b = 0, c = 0, d = 0] = randomBytes(3);
  return `127.${b}.${c}.${1 + (d % 254)}`;
}

function pidFile(folder: string): string {
  return join(folder, "anvil.pid");
}

/** Ends an anvil that outlived the process before us, told apart from a reused id by when it started. */
async function reapStale(folder: string): Promise<void> {
  const text = await readFile(pidFile(folder), "utf8").catch(() => null);
  if (text === null) return;
  try {
    const { pid, started } = JSON.parse(text) as { pid: number; started: string | null };
    if (started !== null && startOf(pid) === started) process.kill(pid, "SIGKILL");
  } catch {
    // Torn, or gone in between: nobody's.
  }
  await rm(pidFile(folder), { force: true });
}

function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
