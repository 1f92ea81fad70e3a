import { type ChildProcess, fork } from "node:child_process";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { buildSync } from "esbuild";
import { root } from "../config.ts";

/** Many processes are started from the same sources: they are compiled once. */
const compiled = { NODE_COMPILE_CACHE: join(tmpdir(), "assent-compiled") };
/** None lives long enough to get back what the optimizing compiler of WebAssembly takes. */
const execArgv = ["--liftoff-only"];
const bundles = new Map<string, string>();

/** A script as one file: finding a thousand files anew would be a third of each start. PGlite stays where its data is. */
function bundleOf(script: string): string {
  const known = bundles.get(script);
  if (known) return known;
  const outfile = join(root, "dist/victims", relative(root, script).replace(/\W/g, "-").replace(/ts$/, "mjs"));
  buildSync({
    ...{ entryPoints: [script], outfile, bundle: true, platform: "node", format: "esm", target: "node24" },
    mainFields: ["module", "main"],
    external: ["@electric-sql/pglite", "vitest"],
    banner: { js: 'import { createRequire as from } from "node:module"; const require = from(import.meta.url);' },
    logLevel: "warning",
  });
  bundles.set(script, outfile);
  return outfile;
}

/** A process that is there to be killed. It tells what it did; what it told is all that counts as acknowledged. */
export interface Victim {
  readonly pid: number;
  /** Milliseconds since it was started. */
  age(): number;
  tell(message: object): void;
  /** The next message that has this key. Rejects when the process ends before, or after a minute. */
  hears<T extends object>(key: keyof T & string): Promise<T>;
  kill(): void;
  /** The signal that ended it, once it is gone and everything it told has been heard. */
  readonly gone: Promise<NodeJS.Signals | null>;
}

export function startVictim(
  script: string,
  args: readonly string[],
  onMessage: (message: object) => void = () => undefined,
): Victim {
  const file = bundleOf(script);
  const began = performance.now();
  let errors = "";
  const child: ChildProcess = fork(file, args, {
    execArgv,
    stdio: ["ignore", "inherit", "pipe", "ipc"],
    env: { ...process.env, ...compiled },
  });
  child.stderr?.on("data", (piece: Buffer) => {
    errors += piece;
  });
  const waiting = new Set<(message: object) => void>();
  child.on("message", (message: object) => {
    onMessage(message);
    for (const look of waiting) look(message);
  });
  // "close" comes after the channel's last message; "exit" may come before it.
  const gone = new Promise<NodeJS.Signals | null>((resolve) => child.once("close", (_, signal) => resolve(signal)));
  return {
    pid: child.pid ?? 0,
    age: () => performance.now() - began,
    tell: (message) => void (child.connected && child.send(message, () => undefined)),
    hears: <T extends object>(key: keyof T & string) =>
      new Promise<T>((resolve, reject) => {
        const late = setTimeout(
          () => done(() => reject(new Error(`Nobody said "${key}" for a minute. ${errors}`))),
          60_000,
        );
        const done = (then: () => void) => {
          clearTimeout(late);
          waiting.delete(look);
          then();
        };
        const look = (message: object) => {
          if (key in message) done(() => resolve(message as T));
        };
        waiting.add(look);
        gone.then((signal) => done(() => reject(new Ended(`It ended (${signal}) before it said "${key}". ${errors}`))));
      }),
    kill: () => void child.kill("SIGKILL"),
    gone,
  };
}

/** The process ended before it said what it was waited for. */
export class Ended extends Error {}
