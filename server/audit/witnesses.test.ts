import { once } from "node:events";
import { writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { ed25519 } from "@noble/curves/ed25519.js";
import { afterEach, beforeEach, expect, test } from "vitest";
import { openCheckpoint } from "../../lib/audit/checkpoint.ts";
import { isConsistent } from "../../lib/audit/merkle.ts";
import { COSIGNATURE, cosign, cosignedAt, keyText, readKeyText, readNote } from "../../lib/audit/note.ts";
import { witness as witnesses } from "../storage/schema.ts";
import { type LogHouse, openLogHouse } from "./log.fixture.ts";
import { openWitness, serveWitness } from "./witness.ts";
import { openWitnesses } from "./witnesses.ts";

let there: LogHouse;
let server: Server | undefined;
const servers: Server[] = [];
const secret = new Uint8Array(32).fill(9);
const key = { name: "witness.example", kind: COSIGNATURE, key: ed25519.getPublicKey(secret) };

beforeEach(async () => {
  there = await openLogHouse();
}, 60_000);
afterEach(async () => {
  for (const one of servers.splice(0)) {
    one.closeAllConnections();
    one.close();
  }
  await there.close();
});

/** A witness of this log, which an admin has added under this key. */
async function added(known = key): Promise<void> {
  const state = join(there.folder, "cosigned.json");
  const log = readKeyText(there.log.key);
  await addedAt(serveWitness(await openWitness({ state, key, secret, log, now: () => new Date() })), known);
}
async function addedAt(witness: Server, known = key, id = "w"): Promise<void> {
  server = witness.listen(0, "127.0.0.1");
  servers.push(server);
  await once(server, "listening");
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const row = { id, url, key: keyText(known), addedAt: new Date() };
  await there.storage.keepBooks((tx) => tx.insert(witnesses).values(row));
}
const badSecret = new Uint8Array(32).fill(8);
const bad = { name: "bad.example", kind: COSIGNATURE, key: ed25519.getPublicKey(badSecret) };
/** Another witness, which answers every question so. */
const addedBad = (answers: Parameters<typeof createServer>[1]) => addedAt(createServer(answers), bad, "bad");
const row = async (id = "w") => (await there.storage.read.select().from(witnesses)).find((one) => one.id === id)!;
async function seals(lines: number): Promise<void> {
  await there.happens(lines);
  await there.log.seal();
  await there.log.witnesses();
}

test("a witness cosigns each checkpoint, and its line is served with the log’s own", async () => {
  await added();
  for (const lines of [3, 300]) {
    await seals(lines);
    const { note, size } = there.log.signed()!;
    expect(cosignedAt(readNote(note), key)).not.toBeNull();
    expect(openCheckpoint(note, there.ledger.about, there.ledger.logKey).size).toBe(size);
    expect(await row()).toMatchObject({ size, trouble: null });
  }
  await there.reopen();
  expect(cosignedAt(readNote(there.log.signed()!.note), key)).not.toBeNull();
});

test("what a witness knows more than we noted of it is taken from its answer", async () => {
  await added();
  await seals(3);
  await there.storage.keepBooks((tx) => tx.update(witnesses).set({ size: 0 }));
  await seals(4);
  expect(await row()).toMatchObject({ size: 8, trouble: null });
});

test("a witness that is away holds up nothing, and is said to be", async () => {
  await added();
  server!.close();
  await seals(3);
  expect(there.log.signed()!.size).toBe(4);
  expect((await row()).trouble).toBe("away");
});

test("evidence of older lines is under the last checkpoint that was cosigned, and of newer ones waits for nobody who is away", async () => {
  await added();
  await seals(3);
  const cosigned = there.log.signed()!;
  server!.closeAllConnections();
  server!.close();
  await seals(4);
  const newest = there.log.signed()!;
  // The ledger may keep more of the log by now than was cosigned: the smaller of the two begins the larger.
  const { signed, consistency } = (await there.log.under([1, 3], newest.size))!;
  expect(signed).toEqual(cosigned);
  expect(isConsistent(cosigned, newest, consistency)).toBe(true);
  expect((await there.log.under([1, 5], 1))!.signed).toEqual(newest);
  expect(await there.log.under([newest.size], 1)).toBeNull();
});

test("evidence waits three seconds for a witness that says nothing, and not at all once that is away", async () => {
  await addedAt(createServer(() => undefined));
  await there.happens(3);
  await there.log.seal();
  const newest = there.log.signed()!;
  const waited = async () => {
    const from = performance.now();
    expect((await there.log.under([1], 1))!.signed).toEqual(newest);
    return performance.now() - from;
  };
  // The log gives a witness five seconds.
  expect(await waited()).toBeLessThan(4_000);
  server!.closeAllConnections();
  expect(await waited()).toBeLessThan(1_500);
  expect((await row()).trouble).toBe("away");
});

test("a witness that does not stop talking is hung up on, and nothing is kept of what it says", async () => {
  let said = 0;
  let talks!: Server;
  const hungUp = new Promise<void>((ended) => {
    talks = createServer((_, response) => {
      const piece = Buffer.alloc(64 * 1024, "a");
      const say = () => {
        // An end of its own, for who would read it all.
        while (said < 256 * 1024 * 1024 && !response.destroyed) {
          said += piece.length;
          if (!response.write(piece)) return void response.once("drain", say);
        }
      };
      response.once("close", ended);
      say();
    });
  });
  await addedAt(talks);
  await seals(3);
  await hungUp;
  expect(said).toBeLessThan(64 * 1024 * 1024);
  expect((await row()).trouble).toBe("away");
});

test.each([
  ["a longer log", { size: 900, root: `0x${"1".repeat(64)}` }, "knows-more"],
  ["another log", { size: 2, root: `0x${"1".repeat(64)}` }, "knows-another"],
])("a witness that has seen %s under our name is an alarm", async (_, head, trouble) => {
  await writeFile(join(there.folder, "cosigned.json"), JSON.stringify(head));
  await added();
  await seals(3);
  expect((await row()).trouble).toBe(trouble);
  expect(cosignedAt(readNote(there.log.signed()!.note), key)).toBeNull();
});

test("a cosignature by another key than the admin gave is not taken", async () => {
  await added({ ...key, key: ed25519.getPublicKey(new Uint8Array(32).fill(8)) });
  await seals(3);
  expect((await row()).trouble).toBe("away");
  expect(readNote(there.log.signed()!.note).signatures).toHaveLength(2);
});

test("a witness that switches to another protocol holds up no other, now or later", async () => {
  await addedBad((_, response) =>
    response.socket!.write("HTTP/1.1 101 x\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n"),
  );
  await added();
  for (const lines of [3, 4]) {
    await seals(lines);
    expect(await row()).toMatchObject({ size: there.log.signed()!.size, trouble: null });
    expect((await row("bad")).trouble).toBe("away");
  }
});

test.each([
  ["is no date", 9e12],
  ["no date is written so late", 253_402_301_800],
  ["is in two days", Date.now() / 1000 + 172_800],
  ["is of two days ago", Date.now() / 1000 - 172_800],
])("a cosignature whose time %s is not taken, and the others’ are", async (_, time) => {
  await addedBad((_, response) => {
    const { text } = readNote(there.log.signed()!.note);
    response.end(cosign(text, bad, badSecret, Math.floor(time)));
  });
  await added();
  await seals(3);
  const { note, size } = there.log.signed()!;
  expect(cosignedAt(readNote(note), key)).not.toBeNull();
  expect(await row()).toMatchObject({ size, trouble: null });
  expect(readNote(note).signatures).toHaveLength(3);
  expect(await row("bad")).toMatchObject({ size: 0, cosignedAt: null, trouble: "away" });
});

test("evidence has the first witness’s word that comes, and does not wait for a slow one", async () => {
  await addedBad(() => undefined);
  await added();
  for (const lines of [3, 4]) {
    await there.happens(lines);
    await there.log.seal();
    // Asked all the same: whoever is slow now is asked about what came before.
    const all = there.log.witnesses();
    const from = performance.now();
    const { signed } = (await there.log.under([lines], 1))!;
    expect(performance.now() - from).toBeLessThan(2_800);
    expect(cosignedAt(readNote(signed.note), key)).not.toBeNull();
    servers[0]!.closeAllConnections();
    await all;
    await there.storage.keepBooks((tx) => tx.update(witnesses).set({ trouble: null }));
  }
});

test("a witness that was taken away and added again signs a checkpoint once", async () => {
  await added();
  await seals(3);
  await there.storage.keepBooks((tx) => tx.update(witnesses).set({ size: 0 }));
  await there.log.witnesses();
  expect(cosignedAt(readNote(there.log.signed()!.note), key)).not.toBeNull();
  expect((await row()).size).toBe(4);
});

test("a witness whose word never comes, whatever it waits for, is away, and is asked again", async () => {
  await added();
  await seals(3);
  await there.storage.keepBooks((tx) => tx.update(witnesses).set({ size: 2 }));
  let asked = 0;
  const ask = openWitnesses({
    ...{ storage: there.storage, named: ["127.0.0.1"], now: () => new Date(), newest: () => there.log.signed() },
    ...{ took: () => undefined, log: { info: () => undefined, warn: () => undefined, error: () => undefined } },
    longest: 50,
    proof: () => {
      asked += 1;
      return new Promise<never>(() => undefined);
    },
  });
  await ask("all");
  expect((await row()).trouble).toBe("away");
  await ask("all");
  expect(asked).toBe(2);
});
