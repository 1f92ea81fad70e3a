import { beforeAll, describe, expect, test } from "vitest";
import { entryHash } from "./log.ts";
import { boundOf, emptied, emptiedIn, openGo } from "./retained.ts";
import { type Checked, walk } from "./walk.ts";
import { aClinic, type Clinic, chainOf, ledger, sourceOf, visitId } from "./world.fixture.ts";

const since = "2033-01-01T00:00:00.000Z";
const batch = "b".repeat(32);

let whole: Awaited<ReturnType<typeof aClinic>>;
beforeAll(async () => {
  whole = await aClinic();
});

/** The clinic years later: what was told of its visit is emptied, and a line of its own tells of that. */
function later(): Clinic {
  const clinic = structuredClone({ ...whole, ana: undefined, osei: undefined }) as unknown as Clinic;
  const go = openGo();
  for (const line of clinic.lines) {
    if (line.entry.visitId !== visitId) continue;
    line.entry = { ...line.entry, ...emptied, detail: { since, batch } };
    go.add(line.entry);
  }
  const last = clinic.lines.at(-1)!.entry;
  const bare = {
    ...{ number: last.number + 1, at: since, actor: emptied.actor, action: "trail.retained" as const },
    ...{ visitId: null, ofVisit: null, object: batch, consent: null, refusal: null, detail: { ...go.told(), since } },
    ...{ salt: `0x${"7".repeat(32)}`, previous: last.hash },
  };
  clinic.lines.push({ entry: { ...bare, hash: entryHash(bare) }, act: null });
  clinic.last = bare.number;
  return clinic;
}

/** The whole log, or the one session alone, by what the server says of it. */
async function check(clinic: Clinic, session?: { goes: number[] }) {
  const own = clinic.lines.map(({ entry }) => entry).filter((entry) => entry.visitId === visitId);
  const numbers = own.map(({ number }) => number);
  const verdicts = new Map<number, Checked>();
  const { faults } = await walk({
    ...{ source: sourceOf(clinic), chain: chainOf(clinic), ledger, signal: new AbortController().signal },
    session: session && { visitId, first: Math.min(...numbers), last: Math.max(...numbers), ...session },
    breathe: async () => {},
    onChecked: (lines) => {
      for (const checked of lines) verdicts.set(checked.number, checked);
    },
  });
  const changed = [...verdicts.values()].filter(({ verdict }) => verdict.is === "changed");
  const whats = changed.flatMap(({ verdict }) => (verdict.is === "changed" ? verdict.differs.map((d) => d.what) : []));
  return { faults, whats, red: changed.map(({ number }) => number) };
}

/** As whoever has the database and the server would: the go's line is made anew. */
function retold(clinic: Clinic, change: { at?: string }): void {
  const { entry } = clinic.lines.at(-1)!;
  const go = openGo();
  for (const line of emptiedOf(clinic)) go.add(line.entry);
  const { since: said } = emptiedIn(emptiedOf(clinic)[0]!.entry)!;
  Object.assign(entry, change, { detail: { ...go.told(), since: said } });
  entry.hash = entryHash(entry as never);
}

const emptiedOf = (clinic: Clinic) => clinic.lines.filter(({ entry }) => emptiedIn(entry));

test("a log of which a visit was emptied still holds, line by line and to the ledger", async () => {
  const clinic = later();
  expect(emptiedOf(clinic).length).toBeGreaterThan(5);
  expect(await check(clinic)).toEqual({ faults: [], whats: [], red: [] });
});

test("a line that was emptied, of which none tells, is found", async () => {
  const clinic = later();
  clinic.lines.pop();
  clinic.last -= 1;
  expect((await check(clinic)).faults).toContainEqual({ is: "emptied", lines: emptiedOf(clinic).length });
});

const changes: [string, (clinic: Clinic) => void][] = [
  [
    "another line was emptied with them",
    (clinic) => {
      const other = clinic.lines.find(({ entry }) => entry.visitId === null && entry.action !== "trail.retained")!;
      other.entry = { ...other.entry, ...emptied, detail: { since, batch } };
      other.act = null;
    },
  ],
  [
    "an emptied one has another time",
    (clinic) => Object.assign(emptiedOf(clinic)[2]!.entry, { at: "2026-11-24T13:00:00.000Z" }),
  ],
  [
    "one was emptied before it was old enough",
    (clinic) => {
      emptiedOf(clinic)[0]!.entry.detail = { since: "2030-01-01T00:00:00.000Z", batch };
    },
  ],
  [
    "a young one was emptied that says it was done in years to come",
    (clinic) => {
      for (const { entry } of emptiedOf(clinic)) entry.detail = { since: "2099-01-01T00:00:00.000Z", batch };
      retold(clinic, { at: "2026-11-25T00:00:00.000Z" });
    },
  ],
  ["the go itself says another time than its line", (clinic) => retold(clinic, { at: "2026-11-25T00:00:00.000Z" })],
  [
    "a young one was emptied that says it is an old one",
    (clinic) => {
      for (const { entry } of emptiedOf(clinic)) entry.at = entry.at.replace("2026", "2019");
      retold(clinic, {});
    },
  ],
  [
    "the line that tells of them tells of fewer",
    (clinic) => {
      const { entry } = clinic.lines.at(-1)!;
      entry.detail = { ...(entry.detail as object), lines: 1 };
      entry.hash = entryHash(entry as never);
    },
  ],
];

test.each(changes)("where %s, that is found", async (_, change) => {
  const clinic = later();
  change(clinic);
  expect((await check(clinic)).whats).toContain("retained");
});

describe("one session alone", () => {
  const goes = (clinic: Clinic) => [clinic.lines.at(-1)!.entry.number];

  test("of which lines were emptied holds as it does within the whole log", async () => {
    const clinic = later();
    expect(await check(clinic, { goes: goes(clinic) })).toEqual({ faults: [], whats: [], red: [] });
  });

  // The first is of a line before the go's own, which is in no session.
  test.each(changes.slice(1))("is no better than the whole log where %s", async (_, change) => {
    const clinic = later();
    change(clinic);
    const { whats, faults } = await check(clinic, { goes: goes(clinic) });
    expect(whats.includes("retained") || faults.some(({ is }) => is === "emptied")).toBe(true);
  });

  test("whose emptied lines no line tells of is told of, wherever that line is said to be", async () => {
    const clinic = later();
    const fault = { is: "emptied", lines: emptiedOf(clinic).length };
    expect((await check(clinic, { goes: [] })).faults).toEqual([fault]);
    expect((await check(clinic, { goes: [1, 7_000] })).faults).toEqual([fault]);
    const { entry } = clinic.lines.at(-1)!;
    Object.assign(entry.detail as object, { lines: 3 });
    expect((await check(clinic, { goes: goes(clinic) })).faults).toEqual([fault]);
  });
});

test("an emptied line that says anything is none: its hash gives it away", async () => {
  const clinic = later();
  const { entry } = emptiedOf(clinic)[1]!;
  entry.detail = { since, batch, name: "Ana" };
  const { whats } = await check(clinic);
  expect(whats).toContain("hash");
});

test.each([
  ["2026-11-23T10:00:00.000Z", 6, "2020-11-23T10:00:00.000Z"],
  ["2028-02-29T10:00:00.000Z", 6, "2022-02-28T10:00:00.000Z"],
  ["2028-02-29T10:00:00.000Z", 8, "2020-02-29T10:00:00.000Z"],
  ["2026-01-01T00:00:00.000Z", 10, "2016-01-01T00:00:00.000Z"],
])("on %s, %i years ago was %s", (now, years, bound) => {
  expect(boundOf(new Date(now), years).toISOString()).toBe(bound);
});
