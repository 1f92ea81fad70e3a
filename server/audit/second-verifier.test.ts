import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import canonicalize from "canonicalize";
import { describe, expect, test } from "vitest";
import { tampered } from "../../lib/audit/tampered.fixture.ts";
import { verifyEvidence } from "../../lib/audit/verify-evidence.ts";

const docs = new URL("../../docs/", import.meta.url).pathname;
const file = readFileSync(`${docs}evidence.example.json`, "utf8");

const python = (code: string, input = "") =>
  spawnSync("python3", ["-B", "-c", code], { input, encoding: "utf8", maxBuffer: 2 ** 28 });
const isThere = python("import cryptography").status === 0;
if (!isThere)
  process.stderr.write(
    "The second verifier was not tried: it needs python3 and its package cryptography (python3-cryptography).\n",
  );

/** What the second verifier finds wrong with each of these files: `check: place why`. */
function secondOf(texts: readonly string[]): string[][] {
  const code = `
import json, sys
sys.path.insert(0, ${JSON.stringify(`${docs}verifier`)})
import verify
for line in sys.stdin:
    faults, _ = verify.verify(json.loads(line))
    print(json.dumps([f"{name}: {at} {why}" for name, found in faults.items() for at, why in found]))
`;
  const { stdout, stderr, status } = python(code, texts.map((text) => JSON.stringify(text)).join("\n"));
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as string[]);
}

async function firstOf(text: string): Promise<string[]> {
  const { checks } = await verifyEvidence(text);
  return checks.flatMap(({ name, faults }) => faults.map(({ at, why }) => `${name}: ${at} ${why}`));
}

const isForm = (found: readonly string[]) =>
  found.some((one) => one.startsWith("form: ") && !one.endsWith("canonical"));

describe.skipIf(!isThere)("a second verifier, in another language, that shares no line with ours", () => {
  test("T-EV3 finds that the example holds", () => {
    expect(secondOf([file])).toEqual([[]]);
  });

  test("T-EV3 finds the same wrong with each changed file, at the same place", { timeout: 180_000 }, async () => {
    const all = process.env.EVIDENCE_ALL === "1";
    const files = [...tampered(file, all)].filter(({ how }) => all || how === "changed");
    const texts = files.map(({ at, how, text }) => ({
      at,
      how,
      text: canonicalize(JSON.parse(text))!,
    }));
    const second = secondOf(texts.map(({ text }) => text));
    const differ: unknown[] = [];
    for (const [i, { at, how, text }] of texts.entries()) {
      const [ours, theirs] = [(await firstOf(text)).sort(), [...second[i]!].sort()];
      // Which actions there are, and what a content's text may be, only ours knows: to the other the line is another than it was.
      const agree = isForm(ours) ? theirs.length > 0 : JSON.stringify(ours) === JSON.stringify(theirs);
      if (!agree) differ.push({ at, how, ours, theirs });
    }
    expect(texts.length).toBeGreaterThan(150);
    expect(differ).toEqual([]);
  });

  test("T-EV3 refuses junk as ours does", async () => {
    const junk = ["", "{", "null", "[]", "NaN", JSON.stringify(JSON.parse(file), null, 2), `{"__proto__":${file}}`];
    const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;
    for (const [i, found] of secondOf([...junk, deep]).entries()) expect([i, found.length > 0]).toEqual([i, true]);
  });
});
