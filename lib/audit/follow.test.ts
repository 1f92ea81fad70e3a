import { computeAddress, SigningKey } from "ethers";
import { expect, test } from "vitest";
import { fromHex } from "../keyring/bytes.ts";
import { checkpointText, headDigest, ledgerKey, originOf } from "./checkpoint.ts";
import { type Followed, openFollower, remembering } from "./follow.ts";
import { leafHash, openTree, type Tree } from "./merkle.ts";
import { signatureLine } from "./note.ts";

const ledger = { chainId: "31337", address: `0x${"12".repeat(20)}` };
const key = new SigningKey(`0x${"07".repeat(32)}`);
const logKey = computeAddress(key).toLowerCase();

/** A log that is the other one in every leaf from the third on. */
const logOf = (salt: number) =>
  openTree(Array.from({ length: 50 }, (_, i) => leafHash(Uint8Array.of(i < 2 ? 0 : salt, i))));
const honest = logOf(1);
const forked = logOf(2);

function noteOf(tree: Tree, size: number, by = key): string {
  const head = { size, root: tree.root(size) };
  const line = signatureLine(ledgerKey(ledger, logKey), fromHex(by.sign(headDigest(head, ledger)).serialized));
  return `${checkpointText(originOf(ledger), head)}\n${line}`;
}

/** A browser, and what the server shows it. */
function browser(before: Followed = { note: null, alarm: null }) {
  const shown = { tree: honest, size: 10, note: undefined as string | null | undefined };
  const kept = { now: before };
  const follower = openFollower({
    ledger,
    logKey: async () => logKey,
    newest: async (since, also) => {
      const proofOf = (size: number | undefined) =>
        size === undefined || size > shown.size ? null : shown.tree.consistencyProof(size, shown.size);
      return {
        checkpoint: shown.note === undefined ? noteOf(shown.tree, shown.size) : shown.note,
        proof: proofOf(since),
        also: proofOf(also),
      };
    },
    before,
    changed: (now) => {
      kept.now = now;
    },
  });
  return { shown, kept, ...follower };
}

test("a log that grows is followed, and its newest checkpoint is kept", async () => {
  const ana = browser();
  for (const size of [10, 10, 11, 50]) {
    ana.shown.size = size;
    await ana.look();
    expect(ana.kept.now).toEqual({ note: noteOf(honest, size), alarm: null });
  }
});

test.each([
  ["a cut log", { size: 7 }, "shorter"],
  ["no log at all", { note: null }, "shorter"],
  ["another log", { tree: forked, size: 12 }, "other"],
  ["another log of the same size", { tree: forked }, "other"],
  ["a checkpoint by another key", { note: noteOf(honest, 12, new SigningKey(`0x${"08".repeat(32)}`)) }, "unsigned"],
  ["no checkpoint, but text", { note: "no note" }, "unsigned"],
] as const)("%s raises an alarm, and what was kept stays", async (_, change, is) => {
  const ana = browser();
  await ana.look();
  Object.assign(ana.shown, change);
  await ana.look();
  expect(ana.kept.now.alarm?.is).toBe(is);
  expect(ana.kept.now.note).toBe(noteOf(honest, 10));
});

test("a server that was behind is forgiven, one that showed two logs is not", async () => {
  const ana = browser();
  await ana.look();
  ana.shown.size = 7;
  await ana.look();
  ana.shown.size = 12;
  await ana.look();
  expect(ana.kept.now.alarm).toBeNull();
  ana.shown.tree = forked;
  ana.shown.size = 20;
  await ana.look();
  ana.shown.tree = honest;
  await ana.look();
  expect(ana.kept.now.alarm?.is).toBe("other");
  const later = browser(ana.kept.now);
  await later.look();
  expect(later.kept.now.alarm?.notes).toEqual([noteOf(honest, 12), noteOf(forked, 20)]);
});

test("T-LOG3 of two people who are shown two logs each finds out by one note of the other", async () => {
  const [ana, osei] = [browser(), browser()];
  osei.shown.tree = forked;
  await Promise.all([ana.look(), osei.look()]);
  expect([ana.kept.now.alarm, osei.kept.now.alarm]).toEqual([null, null]);
  await ana.compare(osei.kept.now.note!);
  await osei.compare(ana.kept.now.note!);
  const notes = [noteOf(forked, 10), noteOf(honest, 10), noteOf(honest, 10)];
  expect(ana.kept.now.alarm).toEqual({ is: "differs", notes });
  expect(osei.kept.now.alarm?.is).toBe("differs");
});

test("T-LOG3 a server that goes on with the log of whoever it is asked about is found out as well", async () => {
  const ana = browser();
  await ana.look();
  Object.assign(ana.shown, { tree: forked, size: 14 });
  await ana.compare(noteOf(forked, 12));
  expect(ana.kept.now.alarm?.is).toBe("differs");
  expect(ana.kept.now.note).toBe(noteOf(honest, 10));
});

test("T-LOG3 who saw nothing yet goes on from what the other was shown", async () => {
  const ana = browser();
  Object.assign(ana.shown, { tree: forked, size: 14 });
  await ana.compare(noteOf(forked, 12));
  Object.assign(ana.shown, { tree: honest, size: 20 });
  await ana.look();
  expect(ana.kept.now.alarm?.is).toBe("other");
});

test("of two people who are shown one log at two sizes neither is alarmed", async () => {
  const [ana, osei] = [browser(), browser()];
  osei.shown.size = 4;
  await Promise.all([ana.look(), osei.look()]);
  osei.shown.size = 13;
  await ana.compare(noteOf(honest, 4));
  await osei.compare(noteOf(honest, 10));
  expect([ana.kept.now.alarm, osei.kept.now.alarm]).toEqual([null, null]);
});

test("a note that the log did not sign alarms nobody, whoever sends it", async () => {
  const ana = browser();
  await ana.look();
  await ana.compare(noteOf(forked, 12, new SigningKey(`0x${"08".repeat(32)}`)));
  await ana.compare("anything");
  expect(ana.kept.now.alarm).toBeNull();
});

test("a page that saw nothing wrong does not forget for the others that two logs were shown", () => {
  const alarm = { is: "differs", notes: ["a", "b"] } as const;
  const calm = { note: noteOf(honest, 12), alarm: null };
  expect(remembering({ note: null, alarm }, calm)).toEqual({ ...calm, alarm });
  expect(remembering({ note: null, alarm: { is: "shorter", notes: [] } }, calm)).toEqual(calm);
});

test("what is remembered and is no note is as if nothing were", async () => {
  const ana = browser({ note: "no note", alarm: null });
  await ana.look();
  expect(ana.kept.now).toEqual({ note: noteOf(honest, 10), alarm: null });
});
