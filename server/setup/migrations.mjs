/** Fails when the schema has something that no migration brings, or what the schema cannot say is not in them. */
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { root, run, stop } from "./ready.mjs";

const copy = mkdtempSync(join(tmpdir(), "assent-migrations-"));
cpSync(join(root, "server/storage/migrations"), copy, { recursive: true });
const before = readdirSync(copy).length;
const args = [
  "generate",
  "--dialect=postgresql",
  "--schema=./server/storage/schema.ts",
  `--out=${relative(root, copy)}`,
];
const code = await run("drizzle-kit", args, { stdio: ["ignore", "ignore", "inherit"] });
const after = readdirSync(copy).length;
rmSync(copy, { recursive: true });
if (code !== 0) stop("drizzle-kit could not compare the schema with the migrations.");
if (after !== before) stop("The schema has changes that no migration brings.");

// Written by hand behind what is generated: whoever generates that file anew puts them back.
const migrations = join(root, "server/storage/migrations");
const brought = readdirSync(migrations)
  .filter((name) => name.endsWith(".sql"))
  .map((name) => readFileSync(join(migrations, name), "utf8"))
  .join("\n");
const byHand = [
  'CREATE TRIGGER trail_only_grows BEFORE UPDATE OR DELETE ON "entry" FOR EACH ROW',
  'CREATE TRIGGER trail_is_not_emptied BEFORE TRUNCATE ON "entry" FOR EACH STATEMENT',
];
if (!byHand.every((text) => brought.includes(text)))
  stop("No migration makes the triggers that let the trail only grow.");
