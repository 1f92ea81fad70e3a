import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
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

/** What the second verifier's `work` makes of each of these lines. */
function secondDoes<T>(work: string, lines: readonly string[]): T[] {
  const code = `
import json, struct, sys
sys.path.insert(0, ${JSON.stringify(`${docs}verifier`)})
import verify
def work(line):
    ${work}
for line in sys.stdin:
    print(json.dumps(work(json.loads(line))))
`;
  const { stdout, stderr, status } = python(code, lines.map((line) => JSON.stringify(line)).join("\n"));
  if (status !== 0) throw new Error(stderr);
  return stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as T);
}

/** What the second verifier finds wrong with each of these files: `check: place why`. */
const secondOf = (texts: readonly string[]): string[][] =>
  secondDoes(
    'return [f"{name}: {at} {why}" for name, found in verify.verify(line)[0].items() for at, why in found]',
    texts,
  );

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

describe.skipIf(!isThere)("times", () => {
  const day = (date: string) => `${date}T08:00:00Z`;
  const hour = (time: string) => `2026-11-09T${time}Z`;
  const samples: [at: string, is: boolean][] = [
    ...["2026-11-09", "2024-02-29", "2000-02-29", "2099-12-31"].map((date) => [day(date), true] as [string, boolean]),
    ...["00:00:00", "23:59:59", "08:00:00.5", "08:00:00.123456789"].map(
      (time) => [hour(time), true] as [string, boolean],
    ),
    ...[
      "2026-99-99",
      "2026-02-29",
      "2026-04-31",
      "2026-00-01",
      "2026-01-00",
      "1999-01-01",
      "20٣6-01-01",
      "2026-1-1",
    ].map((date) => [day(date), false] as [string, boolean]),
    ...[
      "99:99:99",
      "24:00:00",
      "08:60:00",
      "08:00:60",
      "08:00",
      "08:00:0٣",
      "08:00:00.",
      "08:00:00.٣",
      "08:00:00+00:00",
    ].map((time) => [hour(time), false] as [string, boolean]),
    ["2026-11-09T08:00:00Z\n", false],
    ["2026-11-09 08:00:00Z", false],
  ];

  test("are taken by both verifiers where calendar and clock have them, in plain digits", async () => {
    const texts = samples.map(([at]) => canonicalize({ ...JSON.parse(file), madeAt: at })!);
    const refuses = (found: readonly string[]) => found.some((one) => one.startsWith("form: madeAt "));
    const second = secondOf(texts);
    for (const [i, [at, is]] of samples.entries())
      expect([at, !refuses(await firstOf(texts[i]!)), !refuses(second[i]!)]).toEqual([at, is, is]);
  });
});

describe.skipIf(!isThere)("numbers, which RFC 8785 writes in one way", () => {
  // Its appendix B, by the bits of the double.
  const samples: [bits: string, written: string][] = [
    ["0000000000000000", "0"],
    ["8000000000000000", "0"],
    ["0000000000000001", "5e-324"],
    ["8000000000000001", "-5e-324"],
    ["7fefffffffffffff", "1.7976931348623157e+308"],
    ["ffefffffffffffff", "-1.7976931348623157e+308"],
    ["4340000000000000", "9007199254740992"],
    ["c340000000000000", "-9007199254740992"],
    ["4430000000000000", "295147905179352830000"],
    ["44b52d02c7e14af5", "9.999999999999997e+22"],
    ["44b52d02c7e14af6", "1e+23"],
    ["44b52d02c7e14af7", "1.0000000000000001e+23"],
    ["444b1ae4d6e2ef4e", "999999999999999700000"],
    ["444b1ae4d6e2ef4f", "999999999999999900000"],
    ["444b1ae4d6e2ef50", "1e+21"],
    ["3eb0c6f7a0b5ed8c", "9.999999999999997e-7"],
    ["3eb0c6f7a0b5ed8d", "0.000001"],
    ["41b3de4355555553", "333333333.3333332"],
    ["41b3de4355555554", "333333333.33333325"],
    ["41b3de4355555555", "333333333.3333333"],
    ["41b3de4355555556", "333333333.3333334"],
    ["41b3de4355555557", "333333333.33333343"],
    ["becbf647612f3696", "-0.0000033333333333333333"],
    ["43143ff3c1cb0959", "1424953923781206.2"],
  ];
  const doubleOf = (bits: string) => Buffer.from(bits, "hex").readDoubleBE();
  const secondWrites = (all: readonly string[]) =>
    secondDoes<string>('return verify.canonical(struct.unpack(">d", bytes.fromhex(line))[0])', all);

  test("are what its appendix says, in both verifiers", () => {
    const bits = samples.map(([bits]) => bits);
    const expected = samples.map(([, written]) => written);
    expect(bits.map((one) => canonicalize(doubleOf(one)))).toEqual(expected);
    expect(secondWrites(bits)).toEqual(expected);
  });

  test("are written alike, whichever they are", () => {
    const drawn = Array.from({ length: 4_000 }, (_, i) =>
      createHash("sha256").update(String(i)).digest("hex").slice(0, 16),
    );
    const bits = drawn.filter((one) => Number.isFinite(doubleOf(one)));
    expect(bits.length).toBeGreaterThan(3_900);
    expect(secondWrites(bits)).toEqual(bits.map((one) => canonicalize(doubleOf(one))));
  });

  test("in a file are found the same of by both", async () => {
    const all = [
      ...[
        "0",
        "-0",
        "0.0",
        "1.0",
        "1e3",
        "7",
        "0.1",
        "0.10",
        "1e-7",
        "0.0000001",
        "0.000001",
        "1e-6",
        "5e-324",
        "1e-400",
      ],
      ...["9007199254740991", "9007199254740992", "9007199254740993", "12345678901234567890", "1e21", "1e+21"],
      ...[
        "100000000000000000000",
        "1e400",
        "-1e400",
        "9".repeat(5_000),
        '"\\ud800"',
        '"\\\\ud800"',
        '"\\ud83d\\ude00"',
      ],
    ];
    const texts = all.flatMap((written) => [
      file.replace('"detail":{', `"detail":{"a":${written},`),
      file.replace('"content":{', `"content":{"a":${written},`),
      file.replace(/"number":\d+/, `"number":${written}`),
    ]);
    const formOf = (found: readonly string[]) => found.filter((one) => one.startsWith("form: "));
    const differ: unknown[] = [];
    for (const [i, theirs] of secondOf(texts).entries()) {
      const ours = await firstOf(texts[i]!);
      // Of half a surrogate pair there is no hash to be held to.
      const [a, b] = texts[i]!.includes(':"\\ud800"') ? [formOf(ours), formOf(theirs)] : [ours, theirs];
      if (JSON.stringify(a.sort()) !== JSON.stringify(b.sort()))
        differ.push({ written: all[Math.floor(i / 3)], ours, theirs });
    }
    expect(differ).toEqual([]);
  });
});

test.skipIf(!isThere)(
  "one line end after a file changes nothing, as where it was a line of an export; anything else does, to both verifiers",
  async () => {
    const texts = [`${file}\n`, `${file}\n\n`, `${file}\r\n`, ` ${file}`];
    const second = secondOf(texts);
    for (const [i, text] of texts.entries()) {
      const found = [await firstOf(text), second[i]!];
      for (const one of found) expect(one).toEqual(i === 0 ? [] : ["form:  not-canonical"]);
    }
  },
);
