import { readFile, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { id as digest } from "ethers";
import { afterAll, beforeAll, expect, test } from "vitest";
import { foldHead } from "../../lib/ledger/read.ts";
import { madeFolder } from "../storage/made.fixture.ts";
import { percentile, rounds, seeded, unhurried } from "../storage/seeded.fixture.ts";
import { Ended, startVictim, type Victim } from "../storage/victim.fixture.ts";
import type { LedgerCall } from "./act.ts";
import type { Acknowledged, Books, Order, Who } from "./crash.fixture.ts";
import type { Point } from "./points.ts";

const ROUNDS = rounds(40);
/** How long, in milliseconds, the ledger may take to come back, process and chain. */
const READY = 5_000;
const underWay: Point[] = [
  "storing",
  "stored",
  "journaling",
  "journaled",
  "mined",
  "hashed",
  "sent",
  "received",
  "moved",
];
const whileClosing: Point[] = ["snapshotting", "snapshotted"];

let folder: string;
let victim: Victim;
beforeAll(async () => {
  folder = await madeFolder("ledger-crash");
});
afterAll(async () => {
  victim?.kill();
  await victim?.gone;
  await rm(folder, { recursive: true, force: true });
});

test(
  `R1 R3 R4 R5 a ledger whose app, chain or both are killed ${ROUNDS} times, and whose files are harmed, loses and doubles nothing`,
  async () => {
    const chance = seeded("ledger, killed");
    const doctor = digest("Dr. Osei");
    /** What was acknowledged and has not been held against the books yet. */
    const owed = new Map<string, LedgerCall>();
    const blocks = new Map<number, string>();
    const ready: number[] = [];
    const points = new Map<string, number>();
    let lastAct = 0;
    let total = 0;

    const count = (point: string) => points.set(point, (points.get(point) ?? 0) + 1);
    const order = (what: Order) => victim.tell(what);
    async function start(): Promise<void> {
      victim = startVictim(join(import.meta.dirname, "crash.fixture.ts"), [folder, doctor], (message) => {
        if ("acknowledged" in message)
          for (const { id, call } of (message as Acknowledged).acknowledged) owed.set(id, call);
      });
    }
    async function back(): Promise<void> {
      await start();
      await victim.hears("ready");
      ready.push(victim.age());
    }

    /** Everything that was acknowledged is on the ledger once, with the same bytes and in order; what was there still is. */
    async function holds(): Promise<void> {
      const before = Math.max(0, blocks.size - 20);
      const told = victim.hears<{ books: Books }>("books");
      order({ rest: { afterAct: lastAct, afterBlock: before } });
      const { books } = await told;
      expect(books.state).toBe("ok");
      expect(books.alarms.filter((alarm) => /read-only/.test(alarm))).toEqual([]);
      expect(books.acts.filter(({ state, reason }) => state !== "final" || reason !== null)).toEqual([]);
      expect(books.nonces).toEqual(books.nonces.map((_, i) => i));
      const kept = new Map(books.acts.map((act) => [act.id, act.call]));
      expect(kept.size).toBe(books.acts.length);
      for (const [id, call] of owed) expect(kept.get(id)).toMatchObject(call);
      for (const [id, { head, status, records }] of Object.entries(books.consents)) {
        const calls = books.acts.map(({ call }) => call).filter((call) => call.consentId === id);
        expect(records).toEqual(calls.flatMap((call) => call.recordId ?? []));
        expect(head).toBe(foldHead(id, records));
        expect(status).toBe(calls.some((call) => call.is === "revoke") ? "revoked" : "granted");
      }
      for (const [number, hash] of books.blocks) {
        if (blocks.has(number)) expect(hash).toBe(blocks.get(number));
        blocks.set(number, hash);
      }
      total += owed.size;
      owed.clear();
      lastAct = books.acts.at(-1)?.order ?? lastAct;
    }

    await start();
    await victim.hears("ready"); // the first time it is made
    for (let round = 1; round <= ROUNDS; round++) {
      const closing = round % 6 === 0;
      const who: Who = closing ? "app" : chance.oneOf<Who>(["app", "both", "chain"]);
      const at = closing ? chance.oneOf(whileClosing) : chance.next() < 0.5 ? chance.oneOf(underWay) : null;
      order({ write: true });
      await victim.hears("acknowledged");
      await pause(chance.between(0, 300));
      if (at) {
        const struck = victim.hears("struck").then(() => at, orEnded);
        order({ arm: { at, who } });
        if (closing) order({ close: true });
        count(await struck);
      } else {
        await strike(folder, victim, who);
        count("any time");
      }
      if (who !== "chain") {
        await victim.gone;
        // As often as three times before it is up again, sometimes with its files harmed in between.
        while (chance.next() < 0.2) {
          await start();
          await pause(chance.between(0, percentile(ready, 0.5) || 1_000));
          await strike(folder, victim, chance.oneOf<Who>(["app", "both"]));
          await victim.gone;
        }
        if (chance.next() < 0.3) await chance.oneOf(harms)(folder);
        await back();
      }
      await holds();
    }
    const p95 = Math.round(percentile(ready, 0.95));
    console.log(
      `${total} acts and ${blocks.size} blocks in ${ROUNDS} rounds; ready again p95 ${p95} ms; killed at`,
      Object.fromEntries(points),
    );
    expect(p95).toBeLessThan(unhurried(READY));
  },
  ROUNDS * 20_000,
);

/** It had nothing to keep a snapshot of, and ended as it was told. */
function orEnded(error: unknown): string {
  if (!(error instanceof Ended)) throw error;
  return "closed";
}

async function strike(folder: string, victim: Victim, who: Who): Promise<void> {
  if (who !== "app") {
    const file = await readFile(join(folder, "ledger", "anvil.pid"), "utf8").catch(() => "");
    try {
      process.kill(JSON.parse(file).pid, "SIGKILL");
    } catch {
      // Not there yet, or gone.
    }
  }
  if (who !== "chain") victim.kill();
}

/** What can happen to the chain's own files, which are never needed. */
const harms: ((folder: string) => Promise<unknown>)[] = [
  (folder) => rm(join(folder, "ledger"), { recursive: true, force: true }),
  (folder) => rm(join(folder, "ledger", "snapshot"), { force: true }),
  (folder) => truncate(join(folder, "ledger", "snapshot"), 1_000).catch(() => undefined),
  async (folder) => {
    const path = join(folder, "ledger", "snapshot");
    const bytes = await readFile(path).catch(() => null);
    if (bytes === null) return;
    bytes[Math.floor(bytes.length / 2)]! ^= 1;
    await writeFile(path, bytes);
  },
];
