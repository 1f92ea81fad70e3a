import { readFileSync } from "node:fs";
import canonicalize from "canonicalize";
import { describe, expect, test } from "vitest";
import { Evidence, fileNameOf, LARGEST_EVIDENCE, textOf } from "./evidence.ts";
import { tampered } from "./tampered.fixture.ts";
import { type CheckName, type Verified, verifyEvidence } from "./verify-evidence.ts";

const file = readFileSync(new URL("../../docs/evidence.example.json", import.meta.url), "utf8");
const evidence = Evidence.parse(JSON.parse(file));
/** Nightly every line, block and transaction; by day the first and the last of each. */
const all = process.env.EVIDENCE_ALL === "1";

const failing = ({ checks }: Verified) => checks.filter(({ holds }) => !holds);
const verify = (text: string) => verifyEvidence(text).then(failing);
/** What fails after a change of which the file's own form says nothing. */
async function faultsOf(change: (copy: Evidence) => void): Promise<string[]> {
  const copy = structuredClone(evidence);
  change(copy);
  return (await verify(textOf(copy))).flatMap(({ name, faults }) =>
    faults.map(({ at, why }) => `${name}: ${at} ${why}`),
  );
}

/** Which check must name a change there: the first that fits. */
const namedBy: [place: RegExp, name: CheckName][] = [
  [/^(madeAt|ledger\.label|ledger\.local|visit\.clinic|visit\.clinician|logKey|seal)$/, "seal"],
  [/^(ledger|visit\.id|consents)/, "consent"],
  [/^records/, "covers"],
  [/^log\.anchor(\.size|\.root)?$/, "ledger"],
  [/^(lines|log)/, "log"],
  [/^(blocks|transactions|state)/, "ledger"],
  [/^opened/, "content"],
];

test("the example in docs holds, and says what it rests on", async () => {
  const verified = await verifyEvidence(file);
  expect(failing(verified)).toEqual([]);
  expect(verified.blocks.map(({ hash }) => hash)).toContain(evidence.state.block);
  expect(verified.enrolledSince).toBeGreaterThan(1_700_000_000);
  expect(fileNameOf(evidence)).toMatch(/^visit-\d+-[a-z]{3}-\d{4}\.assent\.json$/);
});

describe("a file in which something is another", () => {
  const files = [...tampered(file, all)];

  test("T-EV1 every field changed once is caught, and named", { timeout: 120_000 }, async () => {
    const missed: string[] = [];
    const values = files.filter(({ how }) => how === "changed");
    for (const { at, text } of values) {
      const found = await verify(canonicalize(JSON.parse(text))!);
      const form = found.find(({ name }) => name === "form")?.faults[0]?.at;
      const expected = namedBy.find(([place]) => place.test(at))?.[1];
      const named = form === undefined ? found.some(({ name }) => name === expected) : form === at;
      if (!named) missed.push(`${at}: ${found.map(({ name }) => name).join(" ")}`);
    }
    expect(values.length).toBeGreaterThan(150);
    expect(missed).toEqual([]);
  });

  test("T-EV1 whatever is taken out, put in or there twice is caught", { timeout: 120_000 }, async () => {
    const missed: string[] = [];
    for (const { at, how, text } of files.filter((one) => one.how !== "changed"))
      if ((await verify(canonicalize(JSON.parse(text))!)).length === 0) missed.push(`${at} ${how}`);
    // Contents may be left out: a file without them says less, and what it says holds.
    expect(missed).toEqual(["opened removed"]);
  });

  test("is named to the field, and what does not depend on it holds", async () => {
    expect(await faultsOf(({ opened }) => Object.assign(opened[1]!.content, { slip: "another" }))).toEqual([
      "content: opened.1.content content",
    ]);
    expect(await faultsOf(({ consents }) => Object.assign(consents[0]!, { text: "I allow everything." }))).toEqual([
      "seal: seal not-sealed",
      "consent: consents.0.text text",
    ]);
  });

  test("a record that is left out is missed three times: by the seal, the ledger's word and the log", async () => {
    const found = await faultsOf(({ records }) => records.splice(2, 1));
    expect(found).toContain("complete: consents.0 head");
    expect(found).toContain("complete: consents.0 count");
    expect(found.some((one) => one.startsWith("log: lines.") && one.endsWith("untrue"))).toBe(true);
  });

  test("a line that is left out is missed, also where it tells of no act", async () => {
    const at = evidence.lines.findIndex(({ entry }) => entry.action === "visit.admitted");
    const found = await faultsOf(({ lines }) => lines.splice(at, 1));
    expect(found).toContain(`complete: lines.${at}.entry.ofVisit gap`);
  });

  test("a permission that was taken back is not shown as one that lives", async () => {
    const found = await faultsOf(({ consents }) => Object.assign(consents[0]!, { revocation: null }));
    expect(found).toContain("ledger: consents.0.revocation revoked-there");
  });

  test("records in another order than the ledger's are not what it folded", async () => {
    expect(await faultsOf(({ records }) => records.reverse())).toContain("complete: consents.0 head");
  });
});

describe("T-EV2 what is no evidence", () => {
  const root = evidence.log.anchor.root;
  test.each<[what: string, text: string, why: string]>([
    ["nothing", "", "not-json"],
    ["no JSON", "{", "not-json"],
    ["null", "null", "shape"],
    ["a list", "[]", "shape"],
    ["another format", canonicalize({ ...evidence, format: "assent/evidence/2" })!, "shape"],
    ["a prototype", `{"__proto__":${file}}`, "shape"],
    ["a file that does not end", " ".repeat(LARGEST_EVIDENCE + 1), "too-long"],
    ["nested without end", `${"[".repeat(200_000)}${"]".repeat(200_000)}`, "shape"],
    ["written otherwise", JSON.stringify(evidence, null, 2), "not-canonical"],
    ["a key twice", `${file.slice(0, -1)},"madeAt":"${evidence.madeAt}"}`, "not-canonical"],
  ])("%s is refused with the reason", async (_, text, why) => {
    const [first] = await verify(text);
    expect(first).toMatchObject({ name: "form", holds: false });
    expect(first!.faults[0]!.why).toBe(why);
  });

  test.each<[what: string, change: (copy: Evidence) => unknown, fault: string]>([
    ["a proof that is cut off", ({ state }) => state.account.pop(), "ledger: state.account state"],
    ["a proof that goes on", ({ state }) => state.doctor.push(state.doctor[0]!), "ledger: state.doctor state"],
    ["a proof of other words", ({ state }) => state.consents.reverse(), "ledger: state.consents.0 state"],
    ["no proof of a word", ({ state }) => state.consents.pop(), "ledger: state.consents shape"],
    ["an inclusion proof that is too long", ({ lines }) => lines[0]!.proof.push(root), "log: lines.0 not-included"],
    ["one that is empty", ({ lines }) => lines[0]!.proof.splice(0), "log: lines.0 not-included"],
    ["a line of another visit", ({ lines }) => Object.assign(lines[0]!.entry, { visitId: null }), "log: lines.0 visit"],
    ["a consistency proof that is too long", ({ log }) => log.anchor.proof.push(root), "log: log.anchor inconsistent"],
    [
      "an anchor that is larger than the log",
      ({ log }) => Object.assign(log.anchor, { size: 9e15 }),
      "log: log.anchor inconsistent",
    ],
    [
      "a checkpoint of another log",
      ({ log }) => Object.assign(log, { checkpoint: log.checkpoint.replaceAll("assent/", "assent/1") }),
      "log: log.checkpoint checkpoint",
    ],
    [
      "a checkpoint that is cut off",
      ({ log }) => Object.assign(log, { checkpoint: "" }),
      "log: log.checkpoint checkpoint",
    ],
    [
      "a cosignature of nobody who is named",
      ({ log }) => Object.assign(log, { checkpoint: `${log.checkpoint}— somebody.example AAAAAAAA\n` }),
      "log: log.checkpoint witness",
    ],
    ["a witness who did not sign", ({ log }) => log.witnesses.push(log.key), "log: log.witnesses.1 not-cosigned"],
    [
      "a block that nothing is in",
      ({ state, blocks }) => Object.assign(state, { block: blocks[0]!.hash }),
      "ledger: state.account state",
    ],
    [
      "a transaction of somebody else",
      ({ transactions }) => transactions.splice(0, 1, { ...transactions[1]!, index: 7 }),
      "ledger: transactions.0 transaction",
    ],
  ])("%s is refused with the reason", async (_, change, fault) => {
    expect(await faultsOf(change)).toContain(fault);
  });
});
