/**
 * What do the pages carry before a line of ours? The script that a patient's link opens with, against Next, React, Socket.IO and
 * simple-peer alone, from the same build: kilobytes on the wire. e2e/light.spec.ts counts the whole way to the picture.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";
import { build } from "esbuild";
import config from "../next.config.ts";
import { report } from "./parts/report.ts";

const root = join(import.meta.dirname, "..");
const folder = join(root, ".next");
const read = (path: string) => readFileSync(join(folder, path));

/** Every page has these: React, and Next's part in the browser. */
const { rootMainFiles } = JSON.parse(read("build-manifest.json").toString()) as { rootMainFiles: string[] };

/** What a patient's link opens with, as Next has written it down for its own use. */
function opensWith(page: string): string[] {
  const text = read(`server/app${page}_client-reference-manifest.js`).toString();
  const about = JSON.parse(text.slice(text.indexOf("{", text.indexOf("] = ")), text.lastIndexOf("}") + 1));
  return [...new Set([...rootMainFiles, ...Object.values(about.entryJSFiles as Record<string, string[]>).flat()])];
}

/** The two libraries of a call, as our pages have them. */
async function libraries(): Promise<Buffer> {
  const stands = Object.entries((config.turbopack?.resolveAlias ?? {}) as Record<string, string>);
  const { outputFiles } = await build({
    stdin: { contents: 'export * from "simple-peer"; export { io } from "socket.io-client";', resolveDir: root },
    alias: Object.fromEntries(stands.map(([name, path]) => [name, join(root, path)])),
    bundle: true,
    format: "esm",
    platform: "browser",
    minify: true,
    write: false,
    define: { global: "globalThis" },
  });
  return Buffer.from(outputFiles[0]?.contents ?? []);
}

const params = { [constants.BROTLI_PARAM_QUALITY]: 10 };
const packings = {
  brotli: (bytes: Buffer) => brotliCompressSync(bytes, { params }).length,
  gzip: (bytes: Buffer) => gzipSync(bytes).length,
};
const own = opensWith("/join/[visitId]/page").map(read);
const floor = [...rootMainFiles.map(read), await libraries()];
const kilobytes = (files: Buffer[], size: (bytes: Buffer) => number) =>
  Math.round(files.reduce((sum, bytes) => sum + size(bytes), 0) / 102.4) / 10;
const parts = Object.fromEntries(
  Object.entries(packings).map(([name, size]) => [
    name,
    { values: [kilobytes(own, size)], floors: [kilobytes(floor, size)] },
  ]),
);
report({ question: "weight", unit: "KB", runs: 1, headline: "brotli", parts });
