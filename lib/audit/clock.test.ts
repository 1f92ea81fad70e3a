import { expect, test } from "vitest";
import { entryHash, GENESIS } from "./log.ts";
import { type Checked, walk } from "./walk.ts";
import { aClinic, chainOf, ledger, sourceOf } from "./world.fixture.ts";

const MINUTE = 60_000;
const DAY = 86_400_000;
const clinic = await aClinic();
const times = clinic.lines.map(({ entry }) => entry.at);

/** What a walk doubts, where lines were written at these times, and what it finds changed. */
async function doubts(at: readonly string[], mined = at): Promise<{ odd: [number, string, number][]; red: number[] }> {
  let previous = GENESIS;
  for (const [i, { entry }] of clinic.lines.entries()) {
    Object.assign(entry, { at: at[i], previous });
    entry.hash = previous = entryHash(entry as never);
  }
  for (const log of clinic.logs) {
    const line = clinic.lines.findIndex(({ act }) => act?.transaction === log.transactionHash);
    log.blockTimestamp = `0x${Math.floor(Date.parse(mined[line] ?? "") / 1_000).toString(16)}`;
  }
  const checked: Checked[] = [];
  await walk({
    ...{ source: sourceOf(clinic), chain: chainOf(clinic), ledger, signal: new AbortController().signal },
    breathe: async () => {},
    onChecked: (batch) => checked.push(...batch),
  });
  return {
    odd: checked.flatMap(({ number, odd }) => (odd ? [[number, odd.against, odd.by] as [number, string, number]] : [])),
    red: checked.filter(({ verdict }) => verdict.is === "changed").map(({ number }) => number),
  };
}
const moved = (at: string, by: number) => new Date(Date.parse(at) + by).toISOString();
/** A line that queued no act, so that nothing but its neighbours says when it was. */
const quiet = clinic.lines.findIndex(({ act }, i) => i > 2 && act === null && clinic.lines[i + 1]?.act === null);

test("a clock that goes doubts nothing", async () => {
  expect(await doubts(times)).toEqual({ odd: [], red: [] });
});

test("T-LOG6 a line that says an earlier time than the one before it is doubted, and is not a changed one", async () => {
  const back = times.map((at, i) => (i === quiet ? moved(at, -DAY) : at));
  expect(await doubts(back)).toEqual({ odd: [[quiet + 1, "line", expect.any(Number)]], red: [] });
});

test("T-LOG6 after a jump to tomorrow the line is doubted at which the clock is right again", async () => {
  const ahead = times.map((at, i) => (i === quiet ? moved(at, DAY) : at));
  expect((await doubts(ahead)).odd).toEqual([[quiet + 2, "line", expect.any(Number)]]);
});

test("T-LOG6 a clock that is a day off all the time is doubted wherever the ledger says so, early or late", async () => {
  const acts = clinic.lines.flatMap(({ act, entry }) => (act ? [entry.number] : []));
  for (const by of [-DAY, DAY, -6 * MINUTE, 6 * MINUTE]) {
    const mined = times.map((at) => moved(at, -by));
    const { odd, red } = await doubts(times, mined);
    expect(odd.map(([number, against]) => [number, against])).toEqual(acts.map((number) => [number, "ledger"]));
    expect(red).toEqual([]);
  }
  const close = times.map((at) => moved(at, 4 * MINUTE));
  expect((await doubts(times, close)).odd).toEqual([]);
});
