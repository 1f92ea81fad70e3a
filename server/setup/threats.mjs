/** Holds docs/threats.md to the tests it names: each `path` is there, and each “words of a test's name” stand in a file named up to then. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root, say, stop } from "./ready.mjs";

const page = readFileSync(join(root, "docs/threats.md"), "utf8");
let tests = "";
let named = 0;
for (const [, path, words] of page.matchAll(/`([\w./-]+\.(?:ts|sol))`|“([^”]+)”/g)) {
  if (path && !existsSync(join(root, path))) stop(`docs/threats.md names ${path}, which is not there.`);
  if (path) tests += readFileSync(join(root, path), "utf8");
  else if (tests.includes(words)) named++;
  else stop(`docs/threats.md: there is no test “${words}” in the files it has named up to there.`);
}
say(`  docs/threats.md names ${named} tests, and they are there.`);
