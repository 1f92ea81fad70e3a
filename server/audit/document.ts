/** Writes docs/evidence.schema.json, what an evidence file looks like as a JSON schema. `--check` compares. */
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { Evidence } from "../../lib/audit/evidence.ts";

const file = new URL("../../docs/evidence.schema.json", import.meta.url);
const schema = z.toJSONSchema(Evidence, { io: "input", unrepresentable: "any" });
const text = `${JSON.stringify({ title: "Assent: evidence of a visit", ...schema }, null, 2)}\n`;

if (!process.argv.includes("--check")) writeFileSync(file, text);
else if (readFileSync(file, "utf8") !== text) {
  process.stderr.write("docs/evidence.schema.json is not what lib/audit/evidence.ts says.\n");
  process.exitCode = 1;
}
