/** What every command does first. Runs on any Node from 20.9, before a single dependency is there. */
import { spawn, spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { setPriority } from "node:os";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompress, constants } from "node:zlib";
import { bundleSchemas } from "./schemas.mjs";

export const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const bin = join(root, "node_modules", ".bin");
const brotli = promisify(brotliCompress);
const stamp = join(root, "node_modules", ".assent-installed.json");

export function say(sentence) {
  process.stdout.write(`${sentence}\n`);
}

/** Ends with a sentence a person can act on. */
export function stop(sentence) {
  process.stderr.write(`\n${sentence}\n`);
  process.exit(1);
}

/** The environment in which `node` is the pinned one. */
export function pinned(extra = {}) {
  return {
    ...process.env,
    PATH: `${bin}${process.platform === "win32" ? ";" : ":"}${process.env.PATH}`,
    NEXT_TELEMETRY_DISABLED: "1",
    ...extra,
  };
}

/** Runs to its end; resolves to the exit code. What it says is shown, or put into `said`, piece by piece. */
export function run(command, args, { said, gently, ...options } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, {
      cwd: root,
      stdio: said ? ["ignore", "pipe", "pipe"] : "inherit",
      env: pinned(),
      shell: process.platform === "win32",
      ...options,
    });
    if (gently && child.pid) setPriority(child.pid, 19);
    for (const stream of said ? [child.stdout, child.stderr] : []) stream.on("data", (piece) => said.push(piece));
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code ?? (signal ? 1 : 0)));
  });
}

/** Dependencies from the lockfile: all of them, or only what a start needs. */
export async function installed({ development }) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 9))
    stop(
      `Assent needs Node.js 20.9 or newer to begin with, and this is ${process.versions.node}. Install a newer one from your system or nodejs.org.`,
    );
  const lock = createHash("sha256")
    .update(readFileSync(join(root, "package-lock.json")))
    .digest("hex");
  const complete = () => {
    const have = existsSync(stamp) ? JSON.parse(readFileSync(stamp, "utf8")) : {};
    return have.lock === lock && (have.development || !development);
  };
  if (!complete()) {
    const release = await alone();
    if (!complete()) await install({ development, lock });
    release();
  }
  const node = spawnSync(join(bin, "node"), ["--version"], { encoding: "utf8", shell: process.platform === "win32" });
  if (!node.stdout?.startsWith("v24."))
    stop(
      "The pinned Node.js 24 (the npm package `node`) is not in node_modules. Delete the folder node_modules and try again.",
    );
}

async function install({ development, lock }) {
  say(
    development
      ? "Installing what Assent and its tests need. The first time takes a minute or two…"
      : "Installing what Assent needs. The first time takes a minute or two…",
  );
  const flags = ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...(development ? [] : ["--omit=dev"])];
  const code = await run("npm", flags, { env: process.env });
  if (code !== 0)
    stop(
      "The dependencies could not be installed; the lines above say why. Most often the npm registry is out of reach, or the disk is full.",
    );
  writeFileSync(stamp, JSON.stringify({ lock, development }));
}

/** Two installs into one folder empty each other's: the second waits for the first, and then looks again. */
async function alone() {
  const path = join(root, ".installing");
  for (let told = false; ; ) {
    try {
      writeFileSync(path, String(process.pid), { flag: "wx" });
      const release = () => rmSync(path, { force: true });
      process.once("exit", release);
      return release;
    } catch {
      const owner = Number(readFileSync(path, { encoding: "utf8", flag: "a+" }));
      if (!owner || !isAlive(owner)) rmSync(path, { force: true });
      else if (!told) say("Another command is installing; waiting for it…");
      told = true;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const built = () => join(root, "dist", "built.json");

/** Builds screens and server when their sources changed since the last time. */
export async function upToDate() {
  const sources = fingerprint();
  const have = existsSync(built()) ? JSON.parse(readFileSync(built(), "utf8")) : {};
  if (have.sources === sources && existsSync(join(root, ".next", "BUILD_ID"))) return;
  say("Building the screens and the server. This takes about a minute…");
  await bundleServer();
  await bundleSchemas();
  const code = await run("next", ["build"], {
    env: pinned({ NODE_ENV: "production" }),
    stdio: ["ignore", process.env.CI ? "inherit" : "ignore", "inherit"],
  });
  if (code !== 0) stop("The build failed; the lines above say where.");
  await packed(join(root, ".next", "static"));
  writeFileSync(built(), JSON.stringify({ sources }));
}

/** What pages load, packed once and well beside each file: whoever asks for it gets that, and nobody waits for the packing. */
async function packed(folder) {
  const params = { [constants.BROTLI_PARAM_QUALITY]: 10, [constants.BROTLI_PARAM_MODE]: constants.BROTLI_MODE_TEXT };
  const names = readdirSync(folder, { recursive: true }).filter((name) => /\.(js|css)$/.test(name));
  await Promise.all(
    names.map(async (name) => {
      const path = join(folder, name);
      writeFileSync(`${path}.br`, await brotli(readFileSync(path), { params }));
    }),
  );
}

/** The server as one file, its packages outside of it. */
export async function bundleServer(outfile = "dist/server.js") {
  mkdirSync(join(root, "dist"), { recursive: true });
  const code = await run("esbuild", [
    "server/index.ts",
    "--bundle",
    "--platform=node",
    "--format=esm",
    "--target=node24",
    "--packages=external",
    "--sourcemap",
    `--outfile=${outfile}`,
    "--log-level=warning",
  ]);
  if (code !== 0) stop("The server could not be bundled; the lines above say where.");
}

const watched = [
  "app",
  "components",
  "lib",
  "server",
  "contracts/ConsentLedger.sol",
  "next.config.ts",
  "postcss.config.mjs",
  "tsconfig.json",
  "package-lock.json",
];

function fingerprint() {
  const digest = createHash("sha256").update(process.platform);
  const add = (path) => {
    const about = statSync(path, { throwIfNoEntry: false });
    if (!about) return;
    if (about.isDirectory()) for (const name of readdirSync(path).sort()) add(join(path, name));
    else if (!path.endsWith(".test.ts")) digest.update(relative(root, path)).update(readFileSync(path));
  };
  for (const path of watched) add(join(root, path));
  return digest.digest("hex");
}
