import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, cpSync, openSync, readFileSync, readSync, rmSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(import.meta.dirname, "..");

/** A clinic's folder after its first start, which takes longer than everything a test does in it: each begins with a copy. */
let begun: Promise<string> | undefined;
/** The clinic of the next test, on its way while this one goes on: a start takes seconds that nobody has to wait for. */
let coming: Promise<Clinic> | undefined;
/** What is left of these when the tests end, goes. */
const all = new Set<Clinic>();
process.once("exit", () => {
  for (const clinic of all) clinic.drop();
});
/** Of memory: how much is read at once, and how much of it again with the next. */
const PIECE = 16 * 1_024 * 1_024;
const OVERLAP = 1_024;
const newFolder = () => mkdtemp(join(tmpdir(), "assent-e2e-"));

/** The built product as its own process, on a folder and a port of its own. */
export class Clinic {
  readonly folder: string;
  readonly port: number;
  readonly origin: string;
  /** Settings of the server besides where it is; a change counts from the next start. */
  settings: Record<string, string>;
  /** Everything the server said. */
  output = "";
  #server: ChildProcess | undefined;

  private constructor(folder: string, port: number, settings: Record<string, string>, host: string) {
    this.settings = settings;
    this.folder = folder;
    this.port = port;
    this.origin = `http://${host}:${port}`;
    if (host !== "localhost") this.settings = { HOST: host, PUBLIC_URL: this.origin, ...settings };
    all.add(this);
  }

  /** On this machine alone, unless it has an address in a network. */
  static async open(settings: Record<string, string> = {}, host = "localhost"): Promise<Clinic> {
    begun ??= Clinic.#begin();
    const clinic = new Clinic(await newFolder(), await freePort(), settings, host);
    cpSync(await begun, clinic.folder, { recursive: true });
    await clinic.start();
    return clinic;
  }

  /** One as `open` makes it without settings, for whoever needs another soon after. */
  static async next(): Promise<Clinic> {
    const clinic = await (coming ?? Clinic.open());
    coming = Clinic.open();
    // Whoever takes it hears why it did not start.
    coming.catch(() => {});
    return clinic;
  }

  /** The first start on an empty folder, and its end. Resolves to the folder. */
  static async #begin(): Promise<string> {
    const first = new Clinic(await newFolder(), await freePort(), {}, "localhost");
    await first.start();
    await first.stop();
    return first.folder;
  }

  async start(): Promise<void> {
    this.output = "";
    const env = {
      ...process.env,
      NODE_ENV: "production" as const,
      PORT: String(this.port),
      DATA_DIR: this.folder,
      LOG_LEVEL: "warn",
      WITNESS_HOSTS: "127.0.0.1",
      ...this.settings,
    };
    const server = spawn("node", ["--enable-source-maps", "dist/server.js"], {
      cwd: root,
      env,
      stdio: ["ignore", "pipe", "pipe"],
    });
    this.#server = server;
    await new Promise<void>((resolve, reject) => {
      const hear = (piece: Buffer) => {
        this.output += piece.toString("utf8");
        if (this.output.includes("Assent is ready")) resolve();
      };
      server.stdout.on("data", hear);
      server.stderr.on("data", hear);
      server.once("exit", (code) => reject(new Error(`The server ended with ${code}.\n${this.output}`)));
    });
  }

  /** The same server after a restart, its clock so many days ahead of the browsers'. */
  async later(days: number): Promise<void> {
    const clock = `const real = Date, by = ${days} * 864e5;
      globalThis.Date = class extends real {
        constructor(...at) { super(...(at.length > 0 ? at : [real.now() + by])); }
        static now() { return real.now() + by; }
      };`;
    await this.stop();
    this.settings.NODE_OPTIONS = `--import data:text/javascript,${encodeURIComponent(clock)}`;
    await this.start();
  }

  /** No goodbye: SIGKILL. */
  async kill(): Promise<void> {
    await this.#end("SIGKILL");
  }

  /** SIGTERM. Resolves to the exit code. */
  async stop(): Promise<number | null> {
    return this.#end("SIGTERM");
  }

  /** At once, with all it kept. */
  drop(): void {
    this.#server?.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true });
  }

  async close(): Promise<void> {
    await this.stop();
    await rm(this.folder, { recursive: true, force: true });
    all.delete(this);
  }

  /** All that the server has in its memory now, a piece at a time; pieces overlap a little. Reads it as Linux shows it. */
  *memory(): Generator<Buffer> {
    const process = `/proc/${this.#server?.pid}`;
    const memory = openSync(`${process}/mem`, "r");
    for (const line of readFileSync(`${process}/maps`, "utf8").split("\n")) {
      const [, from, to] = /^([0-9a-f]+)-([0-9a-f]+) rw/.exec(line) ?? [];
      for (let at = Number(`0x${from}`); from && at < Number(`0x${to}`); at += PIECE) {
        const piece = Buffer.alloc(Math.min(PIECE + OVERLAP, Number(`0x${to}`) - at));
        try {
          yield piece.subarray(0, readSync(memory, piece, 0, piece.length, at));
        } catch {
          // a part that is set aside and not there
        }
      }
    }
    closeSync(memory);
  }

  #end(signal: "SIGKILL" | "SIGTERM"): Promise<number | null> {
    const server = this.#server;
    this.#server = undefined;
    if (!server || server.exitCode !== null) return Promise.resolve(server?.exitCode ?? null);
    return new Promise((resolve) => {
      server.once("exit", (code) => resolve(code));
      server.kill(signal);
    });
  }
}

async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, "127.0.0.1", () => resolve()));
  const address = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}
