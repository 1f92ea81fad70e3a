import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkpointText } from "../../lib/audit/checkpoint.ts";
import { leafHash, openTree } from "../../lib/audit/merkle.ts";
import { COSIGNATURE, cosignedAt, ED25519, readNote, signText } from "../../lib/audit/note.ts";
import { submissionText } from "../../lib/audit/witness.ts";
import { openWitness } from "./witness.ts";

const secrets = {
  log: new Uint8Array(32).fill(1),
  witness: new Uint8Array(32).fill(2),
  other: new Uint8Array(32).fill(3),
};
const log = { name: "assent/1/0x00", kind: ED25519, key: ed25519.getPublicKey(secrets.log) };
const key = { name: "witness.example", kind: COSIGNATURE, key: ed25519.getPublicKey(secrets.witness) };
const treeOf = (size: number, salt = 0) =>
  openTree(Array.from({ length: size }, (_, i) => leafHash(Uint8Array.of(i < 5 ? 0 : salt, i))));
const tree = treeOf(40);
const another = treeOf(40, 1);

function noteAt(size: number, of = tree, secret = secrets.log, origin = log.name) {
  const text = checkpointText(origin, { size, root: of.root(size) });
  return `${text}\n${signText(text, { ...log, name: origin }, secret)}`;
}
const put = (old: number, size: number, of = tree) =>
  submissionText({ old, proof: old === 0 ? [] : of.consistencyProof(old, size), checkpoint: noteAt(size, of) });

let folder: string;
let state: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "assent-witness-"));
  state = join(folder, "cosigned.json");
});
afterEach(() => rm(folder, { recursive: true, force: true }));
const open = () => openWitness({ state, key, secret: secrets.witness, log, now: () => new Date(1_700_000_000_000) });

test("it cosigns what begins with the last it cosigned, and remembers it before it answers", async () => {
  const judge = await open();
  const first = await judge(put(0, 3));
  expect(first.status).toBe(200);
  expect(cosignedAt(readNote(noteAt(3) + first.text), key)).toBe(1_700_000_000);
  expect(JSON.parse(await readFile(state, "utf8"))).toEqual({ size: 3, root: tree.root(3) });
  expect((await judge(put(3, 40))).status).toBe(200);
  expect((await judge(put(40, 40))).status).toBe(200);
});

test("after a start it goes on from what it remembers", async () => {
  await (await open())(put(0, 9));
  const judge = await open();
  expect(await judge(put(0, 12))).toMatchObject({ status: 409, text: "9\n", type: "text/x.tlog.size" });
  expect((await judge(put(9, 12))).status).toBe(200);
});

test("T-LOG3 of two logs that differ it cosigns one: the other has no proof", async () => {
  const judge = await open();
  await judge(put(0, 9));
  expect((await judge(put(9, 20, another))).status).toBe(422);
  expect((await judge(put(9, 9, another))).status).toBe(409);
  expect((await judge(put(9, 20))).status).toBe(200);
});

test("of two that come at once one is told what the other left", async () => {
  const judge = await open();
  const answers = await Promise.all([judge(put(0, 9)), judge(put(0, 5))]);
  expect(answers.map(({ status }) => status)).toEqual([200, 409]);
});

test.each([
  [
    "an unknown log",
    submissionText({ old: 0, proof: [], checkpoint: noteAt(3, tree, secrets.log, "assent/2/0x00") }),
    404,
  ],
  ["a foreign signature", submissionText({ old: 0, proof: [], checkpoint: noteAt(3, tree, secrets.other) }), 403],
  ["an old size beyond it", put(0, 3).replace("old 0", "old 4"), 400],
  ["a proof where none belongs", submissionText({ old: 0, proof: [tree.root()], checkpoint: noteAt(3) }), 422],
  ["no old size", noteAt(3), 400],
  ["an old size with a nought before it", put(0, 3).replace("old 0", "old 00"), 400],
  ["a hash that is none", put(0, 3).replace("old 0\n", "old 0\nAAAA\n"), 400],
  ["too long a proof", submissionText({ old: 0, proof: Array(64).fill(tree.root()), checkpoint: noteAt(3) }), 400],
  ["nothing", "", 400],
])("%s is refused, and nothing is remembered", async (_, body, status) => {
  expect((await (await open())(body)).status).toBe(status);
  await expect(readFile(state)).rejects.toThrow();
});

test("a memory that cannot be read stops it, since it would forget", async () => {
  await writeFile(state, "{}");
  await expect(open()).rejects.toThrow("damaged");
});
