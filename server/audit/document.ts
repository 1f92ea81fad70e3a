/**
 * Writes what docs/ has of evidence files: their JSON schema from lib/audit/evidence.ts, and at the end of docs/evidence.md the
 * hashes of the example; and at the end of docs/audit-fhir.md what each line becomes in FHIR. `--check` compares.
 */
import { readFileSync, writeFileSync } from "node:fs";
import * as z from "zod/mini";
import { patternOf } from "../../lib/audit/balp.ts";
import { Evidence, sealedIn } from "../../lib/audit/evidence.ts";
import { recordIdOf, slotsOf } from "../../lib/audit/evidence-ledger.ts";
import { leafOf } from "../../lib/audit/log.ts";
import { leafHash } from "../../lib/audit/merkle.ts";
import { consentId, digestOf } from "../../lib/consent/typed-data.ts";
import { foldHead } from "../../lib/ledger/read.ts";

const docs = new URL("../../docs/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, docs), "utf8");

const schema = z.toJSONSchema(Evidence, { io: "input", unrepresentable: "any" });
const MARK = "do not edit below. -->\n";
/** A page as far as it is written by hand. */
const byHand = (name: string) => read(name).slice(0, read(name).indexOf(MARK) + MARK.length);
const written = {
  "evidence.schema.json": `${JSON.stringify({ title: "Assent: evidence of a visit", ...schema }, null, 2)}\n`,
  "evidence.md": byHand("evidence.md") + (await hashes(Evidence.parse(JSON.parse(read("evidence.example.json"))))),
  "audit-fhir.md": byHand("audit-fhir.md") + actionsInFhir(),
};

function actionsInFhir(): string {
  const rows = Object.entries(patternOf).map(
    ([action, [pattern, what]]) => `| \`${action}\` | ${pattern} | ${what} |\n`,
  );
  return `\n| line | pattern | of what |\n|---|---|---|\n${rows.join("")}`;
}

async function hashes(evidence: Evidence): Promise<string> {
  const { consents, records, lines, ledger } = evidence;
  const [{ consent }] = consents as [Evidence["consents"][number]];
  const id = consentId(consent);
  const ids = records.filter((record) => record.consent === id).map(recordIdOf);
  const [anchored, doctor, word] = slotsOf([consent]);
  const rows = [
    ["content of the seal", await sealedIn(evidence)],
    ["digest of the first permission", digestOf("Consent", { ...consent }, ledger)],
    ["its id", id],
    ...ids.map((record, i) => [`id of its record ${i + 1}`, record]),
    ["head over these", foldHead(id, ids)],
    ["slot of its word", word],
    ["slot of the doctor’s", doctor],
    ["slot of the anchor", anchored],
    [`leaf of line ${lines[0]!.entry.number}`, leafHash(leafOf(lines[0]!.entry.hash))],
  ];
  return `\n| what | in evidence.example.json |\n|---|---|\n${rows.map(([what, is]) => `| ${what} | \`${is}\` |\n`).join("")}`;
}

for (const [name, text] of Object.entries(written)) {
  if (!process.argv.includes("--check")) writeFileSync(new URL(name, docs), text);
  else if (read(name) !== text) {
    process.stderr.write(`docs/${name} is not what lib/audit says.\n`);
    process.exitCode = 1;
  }
}
