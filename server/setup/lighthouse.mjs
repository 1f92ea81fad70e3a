/** Lighthouse, where it is asked for and for nobody else: with all that comes with it it is half as large as the rest. */
import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pinned, root, run, say, stop } from "./ready.mjs";

const VERSION = "13.5.0";
/** What it needs is taken as it was on this day. */
const AS_OF = "2026-11-01";
const folder = join(root, "node_modules", ".cache", `lighthouse-${VERSION}`);

/** Resolves to the file to import. */
export async function lighthouse() {
  const entry = join(folder, "node_modules", "lighthouse", "core", "index.js");
  if (existsSync(entry)) return entry;
  say("Fetching Lighthouse. It takes half a minute and 180 MB…");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "package.json"), '{ "private": true }');
  const words = ["install", `lighthouse@${VERSION}`, `--before=${AS_OF}`, "--ignore-scripts", "--omit=optional"];
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
  const code = await run("npm", [...words, ...quiet], { cwd: folder, env: pinned() });
  if (code !== 0 || !existsSync(entry)) stop("Lighthouse could not be fetched; the lines above say why.");
  return entry;
}
