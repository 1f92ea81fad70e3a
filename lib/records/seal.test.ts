import { beforeAll, expect, test } from "vitest";
import { type Keys, keysFor, newSeed } from "../keyring/keyring.ts";
import {
  assertNotRolledBack,
  comesAfter,
  type Kept,
  keepFor,
  keptHolds,
  openKept,
  RolledBack,
  seenOf,
} from "./seal.ts";

const what = { visit: "a".repeat(32), type: "notes" } as const;
let keys: Keys;
let first: Kept;
let second: Kept;
let third: Kept;
let branch: Kept;

beforeAll(async () => {
  keys = await keysFor(newSeed(), "clinician");
  first = await keepFor(what, { text: "one" }, null, keys);
  second = await keepFor(what, { text: "two" }, await seenOf(first), keys);
  third = await keepFor(what, { text: "three" }, await seenOf(second), keys);
  branch = await keepFor(what, { text: "another two" }, await seenOf(first), keys);
});

test("each version names the one it takes the place of", async () => {
  expect([first.version, second.version, third.version]).toEqual([1, 2, 3]);
  expect(await openKept(what, third, keys)).toEqual({ text: "three" });
  expect(await comesAfter(first, null)).toBe(true);
  expect(await comesAfter(second, first)).toBe(true);
  for (const [kept, before] of [
    [second, null],
    [third, first],
    [third, branch],
    [first, first],
  ] as const)
    expect(await comesAfter(kept, before)).toBe(false);
});

test("T-K2: a version that is older than what was seen, or did not come of it, is noticed", async () => {
  for (const [kept, seen] of [
    [first, null],
    [second, first],
    [second, second],
    [third, first],
  ] as const)
    expect(await assertNotRolledBack(kept, seen && (await seenOf(seen)))).toEqual(await seenOf(kept));
  for (const [kept, seen] of [
    [first, second],
    [first, third],
    [branch, second],
    [third, branch],
  ] as const)
    await expect(assertNotRolledBack(kept, await seenOf(seen))).rejects.toThrow(RolledBack);
});

test("nothing of it can be changed, and it is nothing else's", async () => {
  const changed: Partial<Kept>[] = [
    { version: 3 },
    { previous: first.previous },
    { sealed: third.sealed },
    { seal: third.seal },
    { recipient: (await keysFor(newSeed(), "clinician")).recipient },
  ];
  expect(await keptHolds(what, second, keys.signer)).toBe(true);
  for (const change of changed) expect(await keptHolds(what, { ...second, ...change }, keys.signer)).toBe(false);
  for (const other of [
    { ...what, visit: "b".repeat(32) },
    { ...what, type: "folder" },
  ] as const)
    await expect(openKept(other, second, keys)).rejects.toThrow("not what was kept");
});
