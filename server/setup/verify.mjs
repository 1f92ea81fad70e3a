/**
 * `npm run verify -- FILE [--witness KEY]… [--rpc URL]`: checks an evidence file. What checks it is one file, dist/verify.mjs, that needs nothing of
 * this folder: take it to any machine with Node.js 20.9 or newer, and run `node verify.mjs FILE`.
 */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { installed, root, run, stop } from "./ready.mjs";

await installed({ development: false });
mkdirSync(join(root, "dist"), { recursive: true });
const built = await run("esbuild", [
  "server/audit/verify-main.ts",
  "--bundle",
  "--platform=node",
  "--format=esm",
  "--target=node20.9",
  "--minify",
  "--outfile=dist/verify.mjs",
  "--log-level=warning",
]);
if (built !== 0) stop("The verifier could not be bundled; the lines above say where.");
// Files are named from where the person stands, not from where npm does.
const cwd = process.env.INIT_CWD ?? process.cwd();
process.exitCode = await run("node", [join(root, "dist/verify.mjs"), ...process.argv.slice(2)], { cwd });
