import { beforeAll, describe, expect, test } from "vitest";
import { scopesOf } from "../consent/grant.ts";
import { digestOf, structHash } from "../consent/typed-data.ts";
import { randomHex } from "../keyring/bytes.ts";
import { clinicianKeys, newSeed } from "../keyring/keyring.ts";
import { foldHead } from "../ledger/read.ts";
import type { Line } from "./api.ts";
import type { TreeHead } from "./checkpoint.ts";
import { birthLeaf, entryHash, GENESIS, leafOf } from "./log.ts";
import { leafHash, openTree } from "./merkle.ts";
import { type Checked, type Mark, walk } from "./walk.ts";
import { aClinic, anchoredLog, type Clinic, chainOf, ledger, sourceOf, visitId } from "./world.fixture.ts";

let whole: Awaited<ReturnType<typeof aClinic>>;
beforeAll(async () => {
  whole = await aClinic();
});

const copy = (): Clinic => structuredClone({ ...whole, ana: undefined, osei: undefined }) as unknown as Clinic;

async function check(
  clinic: Clinic,
  more: { session?: { first: number; last: number }; mark?: Mark; checkpoint?: TreeHead | "unsigned" } = {},
) {
  const verdicts = new Map<number, Checked>();
  const outcome = await walk({
    source: sourceOf(clinic),
    chain: chainOf(clinic),
    ledger,
    session: more.session && { visitId, goes: [], ...more.session },
    mark: more.mark,
    checkpoint: more.checkpoint,
    signal: new AbortController().signal,
    breathe: async () => {},
    onChecked: (batch) => {
      for (const checked of batch) verdicts.set(checked.number, checked);
    },
  });
  const changed = [...verdicts.values()].filter(({ verdict }) => verdict.is === "changed");
  const whats = changed.flatMap(({ verdict }) => (verdict.is === "changed" ? verdict.differs.map((d) => d.what) : []));
  return { ...outcome, verdicts, red: changed.map(({ number }) => number).sort((a, b) => a - b), whats };
}

/** As a log would be whose lines were never others. */
function resealed(clinic: Clinic): void {
  let previous = GENESIS;
  for (const { entry } of clinic.lines) {
    entry.previous = previous;
    entry.hash = previous = entryHash(entry as never);
  }
}

const numberOf = (action: string, nth = 0) =>
  whole.lines.filter(({ entry }) => entry.action === action)[nth]!.entry.number;
const lineOf = (clinic: Clinic, number: number) => clinic.lines.find(({ entry }) => entry.number === number)!;

/** Another value of the same kind. */
function another(value: unknown): unknown {
  if (typeof value === "string") {
    if (/^0x[0-9a-f]+$/.test(value)) return value.slice(0, -1) + (value.endsWith("0") ? "1" : "0");
    if (!Number.isNaN(Date.parse(value)) && value.includes("T"))
      return new Date(Date.parse(value) + 600_000).toISOString();
    return `${value}x`;
  }
  if (typeof value === "number") return value + 1;
  if (typeof value === "boolean") return !value;
  if (value === null) return "changed";
  return { changed: 1 };
}

test("an untouched log holds: nothing is red, and every act was held against the ledger", async () => {
  const { red, faults, verdicts, mark } = await check(copy());
  expect(red).toEqual([]);
  expect(faults).toEqual([]);
  const states = [...verdicts.values()].map(({ action, verdict }) => [action, verdict.is]);
  const acts = ["key.enrolled", "consent.granted", "guest.allowed", "record.added", "guest.revoked", "consent.revoked"];
  expect(states).toEqual(states.map(([action]) => [action, acts.includes(action!) ? "holds" : "chained"]));
  expect(mark?.number).toBe(whole.last);
});

test("a session alone holds as it does within the whole", async () => {
  const { red, faults, verdicts } = await check(copy(), { session: { first: 3, last: whole.last - 1 } });
  expect(red).toEqual([]);
  expect(faults).toEqual([]);
  expect([...verdicts.keys()]).toEqual(whole.lines.map(({ entry }) => entry.number).slice(2, -1));
});

describe("any single field changed turns exactly its line red", () => {
  const fields = [
    "at",
    "actor",
    "action",
    "visitId",
    "object",
    "consent",
    "refusal",
    "detail",
    "salt",
    "hash",
    "previous",
  ] as const;
  test.each(fields)("entry.%s", async (field) => {
    for (const { entry } of whole.lines) {
      const clinic = copy();
      const line = lineOf(clinic, entry.number);
      (line.entry as Record<string, unknown>)[field] = another(entry[field]);
      expect((await check(clinic)).red, `line ${entry.number} ${entry.action}`).toEqual([entry.number]);
    }
  });

  test.each(["at", "actor", "visitId", "object", "consent", "refusal", "detail", "salt"] as const)(
    "entry.%s, with its hash made anew",
    async (field) => {
      for (const { entry } of whole.lines.slice(0, -1)) {
        const clinic = copy();
        const line = lineOf(clinic, entry.number);
        (line.entry as Record<string, unknown>)[field] = another(entry[field]);
        line.entry.hash = entryHash(line.entry as never);
        expect((await check(clinic)).red, `line ${entry.number} ${entry.action}`).toEqual([entry.number]);
      }
    },
  );

  test.each(["kind", "object", "transaction", "block", "blockHash"] as const)("act.%s", async (field) => {
    for (const { entry, act } of whole.lines) {
      if (!act) continue;
      const clinic = copy();
      (lineOf(clinic, entry.number).act as Record<string, unknown>)[field] = another(act[field]);
      expect((await check(clinic)).red, entry.action).toEqual([entry.number]);
    }
  });

  test("an act taken away from its line", async () => {
    for (const { entry, act } of whole.lines) {
      if (!act) continue;
      const clinic = copy();
      lineOf(clinic, entry.number).act = null;
      expect((await check(clinic)).red, entry.action).toEqual([entry.number]);
    }
  });

  test.each(["sent", "saved", "parked"] as const)("an act that is on the ledger and said to be %s", async (state) => {
    const clinic = copy();
    const number = numberOf("record.added");
    lineOf(clinic, number).act!.state = state;
    expect((await check(clinic)).red).toEqual([number]);
  });

  const recordFields = [
    "id",
    "visitId",
    "consent",
    "kind",
    "author",
    "byPatient",
    "commitment",
    "number",
    "signedAt",
    "signature",
    "approval",
    "blob",
  ] as const;
  test.each(recordFields)("record.%s", async (field) => {
    for (const [at, record] of whole.records.entries()) {
      const clinic = copy();
      (clinic.records[at] as Record<string, unknown>)[field] = another(record[field]);
      expect((await check(clinic)).red, `record ${at}`).toEqual([numberOf("record.added", at)]);
    }
  });

  const consentFields = ["visitId", "consent", "signature", "grantedAt"] as const;
  test.each(consentFields)("consent.%s", async (field) => {
    const clinic = copy();
    (clinic.consents[0] as Record<string, unknown>)[field] = another(clinic.consents[0]![field]);
    expect((await check(clinic)).red).toEqual([numberOf("consent.granted")]);
  });

  test.each(["patient", "grantee", "visit", "scopes", "validFrom", "validUntil", "terms", "salt"] as const)(
    "consent.consent.%s",
    async (field) => {
      const clinic = copy();
      const consent = clinic.consents[0]!.consent as Record<string, unknown>;
      consent[field] = another(consent[field]);
      expect((await check(clinic)).red).toEqual([numberOf("consent.granted")]);
    },
  );

  test.each([
    ["revokedAt", null],
    ["revokedAt", "2026-11-20T00:00:00.000Z"],
    ["revocation", null],
    ["revocation", "0x01"],
  ] as const)("consent.%s as %s", async (field, value) => {
    const clinic = copy();
    (clinic.consents[0] as Record<string, unknown>)[field] = value;
    expect((await check(clinic)).red).toEqual([numberOf("consent.revoked")]);
  });
});

describe("what was changed is told in its own words", () => {
  test("a signing time is read back from what was signed", async () => {
    const clinic = copy();
    const was = clinic.records[1]!.signedAt;
    clinic.records[1]!.signedAt -= 1800;
    const { verdicts } = await check(clinic);
    expect(verdicts.get(numberOf("record.added", 1))!.verdict).toEqual({
      is: "changed",
      differs: [
        {
          what: "signed-at",
          sealed: new Date(was * 1000).toISOString(),
          now: new Date((was - 1800) * 1000).toISOString(),
        },
      ],
    });
  });

  test("so are the patient's choices", async () => {
    const clinic = copy();
    const consent = clinic.consents[0]!.consent as { scopes: number };
    consent.scopes = scopesOf({ video: "allow", prescriptions: "allow", files: "allow" });
    const { verdicts } = await check(clinic);
    expect(verdicts.get(numberOf("consent.granted"))!.verdict).toEqual({
      is: "changed",
      differs: [{ what: "choices", sealed: "ask, allow", now: "allow, allow" }],
    });
  });
});

describe("lines taken out, put in and moved", () => {
  test("any line taken out shows at the one after it", async () => {
    for (const { entry } of whole.lines.slice(0, -1)) {
      const clinic = copy();
      clinic.lines = clinic.lines.filter((line) => line.entry.number !== entry.number);
      const { red, whats } = await check(clinic);
      expect(red, `line ${entry.number}`).toEqual([entry.number + 1]);
      expect(whats).toContain("gap");
    }
  });

  test("a line that was logged under no visit, or under the number of another, shows at the next of its visit", async () => {
    for (const ofVisit of [null, 1]) {
      const clinic = copy();
      const lines = clinic.lines.filter(({ entry }) => entry.visitId === visitId);
      const [at, next] = [lines[3]!.entry.number, lines[4]!.entry.number];
      lineOf(clinic, at).entry = { ...lineOf(clinic, at).entry, ofVisit, ...(ofVisit === null && { visitId: null }) };
      resealed(clinic);
      const { red, whats } = await check(clinic);
      expect(whats).toContain("of-visit");
      expect(red).toContain(ofVisit === null ? next : at);
    }
  });

  test("the last lines cut off show as missing, also when the head was cut with them", async () => {
    const clinic = copy();
    clinic.lines = clinic.lines.slice(0, -2);
    const first = await check(clinic);
    expect(first.faults).toContainEqual({ is: "cut", lines: 2 });
    clinic.last -= 2;
    const { mark } = await check(copy());
    expect((await check(clinic, { mark: mark! })).faults).toContainEqual({ is: "cut", lines: 2 });
    // The revocation among them is on the ledger, so even a browser that never looked before sees it.
    expect((await check(clinic)).whats).toContain("omitted");
  });

  test("a line put in, numbered like none or before the first", async () => {
    for (const number of [0, -3, whole.last + 5]) {
      const clinic = copy();
      const line = structuredClone(lineOf(clinic, 4)) as Line;
      line.entry.number = number;
      line.entry.hash = entryHash(line.entry as never);
      clinic.lines.push(line);
      expect((await check(clinic)).red[0]).toBe(number);
    }
  });

  test("two lines that changed places are both red", async () => {
    const clinic = copy();
    const [a, b] = [lineOf(clinic, 9).entry, lineOf(clinic, 10).entry];
    [a.number, b.number] = [b.number, a.number];
    expect((await check(clinic)).red).toEqual([9, 10]);
  });

  test("a log made anew from a line on is caught by the browser that saw it before", async () => {
    const { mark } = await check(copy());
    const clinic = copy();
    let previous = "";
    for (const { entry } of clinic.lines) {
      if (entry.number === 4) entry.at = "2026-11-24T10:00:00.000Z";
      if (entry.number > 4) entry.previous = previous;
      entry.hash = entryHash(entry as never);
      previous = entry.hash;
    }
    expect((await check(clinic)).red).toEqual([]); // what the log's own chain cannot tell
    expect((await check(clinic, { mark: mark! })).red).toEqual([mark!.number]);
  });

  test("a log made anew cannot say another doctor signed: the ledger knows whose key it is", async () => {
    const clinic = copy();
    const number = numberOf("record.added");
    let previous = "";
    for (const { entry } of clinic.lines) {
      if (entry.number === number) entry.actor = { is: "staff", id: "liam" };
      if (entry.number > number) entry.previous = previous;
      entry.hash = entryHash(entry as never);
      previous = entry.hash;
    }
    const { red, whats } = await check(clinic);
    expect([red, whats]).toEqual([[number], ["who"]]);
  });
});

describe("records left out", () => {
  test("a record the ledger has and no line tells of is its permission's to answer for", async () => {
    const clinic = copy();
    const number = numberOf("record.added", 3);
    // Taken out, and everything after it numbered and sealed anew: the log's own chain is whole.
    clinic.lines = clinic.lines.filter(({ entry }) => entry.number !== number);
    clinic.records.pop();
    const ofIt = clinic.lines.filter(({ entry }) => entry.visitId === visitId);
    for (const [before, { entry }] of ofIt.entries()) entry.ofVisit = before + 1;
    for (const [before, { entry }] of clinic.lines.entries()) entry.number = before + 1;
    resealed(clinic);
    clinic.last -= 1;
    const { red, whats } = await check(clinic);
    expect([red, whats]).toEqual([[numberOf("consent.granted")], ["omitted"]]);
  });

  test("a node that keeps an event from us is contradicted by the consent's head", async () => {
    const clinic = copy();
    clinic.heads.set(clinic.consents[0]!.id, `0x${"ab".repeat(25)}00000300000102`);
    const { red, whats } = await check(clinic);
    expect([red, whats]).toEqual([[numberOf("consent.granted")], ["head"]]);
  });

  test("a record somebody else signed in the doctor's place is red", async () => {
    const clinic = copy();
    const thief = await clinicianKeys(newSeed());
    const record = clinic.records[0]!;
    const { consent, kind, commitment, number, signedAt } = record;
    record.author = thief.signer;
    record.signature = await thief.sign(digestOf("Record", { consent, kind, commitment, number, signedAt }, ledger));
    expect((await check(clinic)).whats).toEqual(["author", "signature"]);
  });
});

test("a guest's permission that is said to be the doctor's, or the line of another guest, is red", async () => {
  const given = numberOf("guest.allowed");
  const asDoctors = copy();
  asDoctors.consents[1]!.guest = null;
  expect(await check(asDoctors)).toMatchObject({ red: [given], whats: ["guest"] });
  const asGuests = copy();
  asGuests.consents[0]!.guest = "f".repeat(32);
  expect(await check(asGuests)).toMatchObject({ red: [numberOf("consent.granted")], whats: ["guest"] });
});

test("what is not on the ledger yet never holds, and is never red for it", async () => {
  const clinic = copy();
  const number = numberOf("record.added", 3);
  const object = lineOf(clinic, number).entry.object!;
  const logged = clinic.logs.findIndex(({ topics }) => topics[2] === object);
  clinic.logs.splice(logged, 1);
  const { consent } = clinic.records[3]!;
  const ids = clinic.records.slice(0, 3).map(({ id }) => id);
  clinic.heads.set(consent, `${foldHead(consent, ids)}00000200000102`);
  for (const state of ["saved", "sent", "parked"] as const) {
    const reason = state === "parked" ? "KindIsNotAllowed" : null;
    Object.assign(lineOf(clinic, number).act!, { state, reason, transaction: null, block: null, blockHash: null });
    const { red, verdicts } = await check(clinic);
    expect(red).toEqual([]);
    expect(verdicts.get(number)!.verdict).toEqual({ is: "pending", reason });
  }
});

test("a record of a kind or a shape that was never signed is red, not an error", async () => {
  for (const change of [{ kind: 77 }, { commitment: "gone" }, { number: -1 }, { signedAt: 0.5 }, { signature: "" }]) {
    const clinic = copy();
    Object.assign(clinic.records[1]!, change);
    expect((await check(clinic)).red).toEqual([numberOf("record.added", 1)]);
  }
  expect(structHash("Approval", { record: randomHex(32) })).toHaveLength(66);
});

test("stopping stops", async () => {
  const stop = new AbortController();
  stop.abort();
  const clinic = copy();
  const options = { source: sourceOf(clinic), chain: chainOf(clinic), ledger, breathe: async () => {}, onChecked() {} };
  await expect(walk({ ...options, signal: stop.signal })).rejects.toThrow();
});

describe("a log that was made anew from one line on, every later hash with it", () => {
  /** Line 4 says something else, and everything after it is chained to that. */
  async function madeAnew() {
    const clinic = copy();
    let previous = "";
    for (const { entry } of clinic.lines) {
      if (entry.number === 4) (entry as Record<string, unknown>).at = "2026-01-01T00:00:00.000Z";
      if (entry.number > 4) entry.previous = previous;
      if (entry.number >= 4) entry.hash = entryHash(entry as never);
      previous = entry.hash;
    }
    return clinic;
  }
  const headAt = (size: number) => {
    const leaves = whole.lines.slice(0, size - 1).map(({ entry }) => leafHash(leafOf(entry.hash)));
    return { size, root: openTree([leafHash(birthLeaf(ledger)), ...leaves]).root() };
  };

  test("holds by its own chain, and is not what the log signed", async () => {
    const clinic = await madeAnew();
    expect(await check(clinic)).toMatchObject({ red: [], faults: [] });
    const { faults } = await check(clinic, { checkpoint: headAt(9) });
    expect(faults).toEqual([{ is: "rewritten", by: "checkpoint", lines: 8 }]);
  });

  test("is not what the ledger anchored", async () => {
    const clinic = await madeAnew();
    clinic.logs.push(anchoredLog(headAt(5)), anchoredLog(headAt(7)));
    expect((await check(clinic)).faults).toEqual([{ is: "rewritten", by: "ledger", lines: 4 }]);
  });

  test("and one that was left as it was is both", async () => {
    const clinic = copy();
    clinic.logs.push(anchoredLog(headAt(5)));
    expect((await check(clinic, { checkpoint: headAt(whole.lines.length + 1) })).faults).toEqual([]);
  });

  test("one that was cut shorter than what was signed lacks lines", async () => {
    const clinic = copy();
    const removed = clinic.lines.splice(-2).length;
    clinic.last = clinic.lines.length;
    const { faults } = await check(clinic, { checkpoint: headAt(whole.lines.length + 1) });
    expect(faults).toContainEqual({ is: "cut", lines: removed });
  });

  test("a checkpoint that nobody signed is said to be none", async () => {
    expect((await check(copy(), { checkpoint: "unsigned" })).faults).toEqual([{ is: "unsigned" }]);
  });
});
