import { execFile, spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asc, desc, eq, gt } from "drizzle-orm";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { consentId } from "../../lib/consent/typed-data.ts";
import { foldHead, readClinician, readConsent } from "../../lib/ledger/read.ts";
import { readRecords } from "../../lib/ledger/records.fixture.ts";
import { actId } from "../../lib/ledger/submission.ts";
import { act as acts, ledgerBlock, ledgerTransaction } from "../storage/schema.ts";
import { openStorage } from "../storage/storage.ts";
import { startVictim } from "../storage/victim.fixture.ts";
import type { LedgerCall } from "./act.ts";
import {
  enroll,
  type Grant,
  grant,
  type House,
  openHouse,
  type Person,
  person,
  type Record,
  record,
  revoke,
} from "./ledger.fixture.ts";

/** A clinic with a visit on its ledger, closed; every test has its own copy. */
let template: string;
let doctor: Person;
let ana: Person;
let given: Grant;
let open: House | undefined;
let folders: string[] = [];

beforeAll(async () => {
  const house = await openHouse();
  template = house.folder;
  [doctor, ana] = [person(), person()];
  given = grant(house.ledger.about, ana, doctor);
  await house.queue([enroll(doctor), given, record(house.ledger.about, given, doctor, 1)]);
  await house.ledger.whenIdle();
  await house.close();
}, 60_000);
afterEach(async () => {
  await open?.close();
  open = undefined;
  for (const folder of folders) await rm(folder, { recursive: true, force: true });
  folders = [];
});
afterAll(() => rm(template, { recursive: true, force: true }));

async function copy(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "ledger-"));
  folders.push(folder);
  await cp(template, folder, { recursive: true });
  return folder;
}

async function reopen(folder: string): Promise<House> {
  open = await openHouse(folder);
  return open;
}

const migrations = join(import.meta.dirname, "../storage/migrations");
/** Changes the stored books behind the ledger's back. */
async function tamper(folder: string, how: Parameters<Awaited<ReturnType<typeof openStorage>>["keepBooks"]>[0]) {
  const storage = await openStorage(folder, migrations);
  await storage.keepBooks(how);
  await storage.close();
}

const blocksOf = (house: House) => house.storage.read.select().from(ledgerBlock).orderBy(asc(ledgerBlock.number));
const asking = (house: House) => (method: string, params: unknown[]) => house.ledger.rpc(method, params);

interface Died {
  folder: string;
  pid: number;
  calls: LedgerCall[];
}

/** A process that queued a visit's acts and was killed at this point. */
async function killedAt(point: string): Promise<Died> {
  const folder = await copy();
  const victim = startVictim(join(import.meta.dirname, "dies.fixture.ts"), [folder, point]);
  const said = await victim.hears<Omit<Died, "folder">>("calls");
  expect(await victim.gone).toBe("SIGKILL");
  return { folder, ...said };
}

describe("a process killed", () => {
  test.each([
    ["between signing and storing", "storing"],
    ["between storing and sending", "stored"],
    ["between sending and journaling", "journaling"],
    ["between journaling and mining", "journaled"],
    ["between mining and keeping the hash", "mined"],
    ["between keeping the hash and knowing of it", "hashed"],
    ["between knowing of the block and asking for receipts", "sent"],
    ["between receipts and moving the acts", "received"],
    ["after moving the acts", "moved"],
  ])(
    "%s loses and doubles nothing",
    async (_, point) => {
      const { folder, pid, calls } = await killedAt(point);
      await vi.waitFor(async () => expect(await isRunning(pid)).toBe(false), { timeout: 5_000 }); // anvil goes with us

      const house = await reopen(folder);
      await house.ledger.whenIdle();
      const rows = await house.storage.read.select().from(acts).orderBy(desc(acts.order)).limit(calls.length);
      expect(rows.map(({ state, reason }) => reason ?? state)).toEqual(calls.map(() => "final"));
      const records = calls.filter((call): call is Record => call.is === "record");
      const id = consentId(records[0]!.consent);
      const on = await readRecords(asking(house), house.ledger.about, id);
      expect(on.map(({ record: is }) => is)).toEqual(records.map(actId));
      expect(await readConsent(asking(house), house.ledger.about, id)).toMatchObject({
        granteeCount: 3,
        head: foldHead(id, records.map(actId)),
      });
      const enrolled = calls.find((call) => call.is === "enroll");
      expect((await readClinician(asking(house), house.ledger.about, enrolled!.clinician)).epoch).toBe(1);
      const nonces = await house.storage.read.select().from(ledgerTransaction).orderBy(asc(ledgerTransaction.nonce));
      expect(nonces.map(({ nonce }) => nonce)).toEqual(nonces.map((__, i) => i));
      expect(house.alarms).toEqual([]);
    },
    60_000,
  );
});

test("what was stored too long ago to count is sent all the same, and parked with the contract's reason", async () => {
  const { folder } = await killedAt("stored");
  vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 25 * 3_600_000 });
  try {
    const house = await reopen(folder);
    await house.ledger.whenIdle();
    const rows = await house.storage.read.select().from(acts).orderBy(desc(acts.order)).limit(5);
    expect(rows.reverse().map(({ state, reason }) => reason ?? state)).toEqual([
      "final",
      "WindowIsOver",
      ...["ConsentIsNotGranted", "ConsentIsNotGranted", "ConsentIsNotGranted"],
    ]);
    expect(house.alarms).toEqual([]);
  } finally {
    vi.useRealTimers();
  }
}, 60_000);

describe("a start", () => {
  test("replays to the same blocks and receipts, without a snapshot and from one", async () => {
    const folder = await copy();
    const first = await openHouse(folder);
    for (let number = 2; number <= 55; number++) {
      await first.queue([record(first.ledger.about, given, doctor, number)]);
      await first.ledger.whenIdle(); // a block, and one to make it final
    }
    const blocks = await blocksOf(first);
    const everything = async (house: House) =>
      Promise.all(
        blocks.map(async ({ number }) => {
          const block = (await house.ledger.rpc("eth_getBlockByNumber", [`0x${number.toString(16)}`, false])) as {
            transactions: string[];
          };
          return [block, ...block.transactions.map((hash) => house.ledger.rpc("eth_getTransactionReceipt", [hash]))];
        }),
      ).then((all) => Promise.all(all.map((parts) => Promise.all(parts))));
    const was = await everything(first);
    await first.close();
    const snapshot = join(folder, "ledger", "snapshot");
    expect((await stat(snapshot)).mode & 0o777).toBe(0o600);

    const fromSnapshot = await reopen(folder);
    expect(fromSnapshot.news).toContainEqual(expect.objectContaining({ snapshot: blocks.length - 1 }));
    expect(await everything(fromSnapshot)).toEqual(was);
    await fromSnapshot.queue([record(fromSnapshot.ledger.about, given, doctor, 56)]);
    await fromSnapshot.ledger.whenIdle();
    const longer = await blocksOf(fromSnapshot);
    await fromSnapshot.close();

    await rm(snapshot);
    const from = performance.now();
    const replayed = await reopen(folder);
    console.log(`${longer.length} blocks: open in ${Math.round(performance.now() - from)} ms without a snapshot`);
    expect(await everything(replayed)).toEqual(was);
    expect(await blocksOf(replayed)).toEqual(longer);
    expect(replayed.news).toContainEqual(expect.objectContaining({ blocks: longer.length - 1, snapshot: null }));
    expect(replayed.alarms).toEqual([]);
    await replayed.close();
    open = undefined;

    // A snapshot nobody vouches for is not used.
    await writeFile(snapshot, `${"0".repeat(64)}\n{"block":{"number":1}}`);
    expect((await (await reopen(folder)).ledger.status()).state).toBe("ok");
  }, 60_000);

  test.each<[string, (tx: Parameters<Parameters<typeof tamper>[1]>[0]) => Promise<unknown>, number]>([
    [
      "a block's time was changed",
      (tx) => tx.update(ledgerBlock).set({ timestamp: 4_000_000_000 }).where(eq(ledgerBlock.number, 2)),
      1,
    ],
    [
      "a block's transactions were taken out",
      (tx) => tx.update(ledgerBlock).set({ transactions: [] }).where(eq(ledgerBlock.number, 2)),
      1,
    ],
    [
      "a hash was changed",
      (tx) =>
        tx
          .update(ledgerBlock)
          .set({ hash: `0x${"00".repeat(32)}` })
          .where(eq(ledgerBlock.number, 3)),
      2,
    ],
    ["a block is gone", (tx) => tx.delete(ledgerBlock).where(eq(ledgerBlock.number, 2)), 1],
    ["the last blocks are gone", (tx) => tx.delete(ledgerBlock).where(gt(ledgerBlock.number, 1)), 1],
    ["an act remembers another block", (tx) => tx.update(acts).set({ blockHash: "0x00" }).where(eq(acts.block, 2)), 3],
    [
      "the last blocks and what was on them are gone",
      async (tx) => {
        await tx.delete(acts);
        await tx.delete(ledgerBlock).where(gt(ledgerBlock.number, 1));
      },
      1,
    ],
  ])("after %s serves what holds, and takes nothing but what closes access", async (_, how, block) => {
    const folder = await copy();
    await tamper(folder, async (tx) => void (await how(tx)));
    const house = await reopen(folder);
    const { ledger } = house;
    await vi.waitFor(async () => expect(await ledger.status()).toMatchObject({ state: "read-only", block }));
    expect(Number(await ledger.rpc("eth_blockNumber", []))).toBe(block);
    const next = record(ledger.about, given, doctor, 2);
    await expect(house.queue([next])).rejects.toMatchObject({ code: "ledger.read-only" });
    await house.queue([revoke(ledger.about, given, ana)]);
    await ledger.whenIdle();
    expect(house.moves).toEqual([]);
    expect(house.alarms.length).toBeGreaterThan(0);
  });

  test("without its keys, or with damaged ones, says which file to put back", async () => {
    const folder = await copy();
    const keys = join(folder, "secrets", "ledger.json");
    expect((await stat(keys)).mode & 0o777).toBe(0o600);
    const kept = await readFile(keys);
    await writeFile(keys, kept.subarray(0, 40));
    await expect(openHouse(folder)).rejects.toThrow(/secrets\/ledger\.json is damaged/);
    await rm(keys);
    await expect(openHouse(folder)).rejects.toThrow(/secrets\/ledger\.json is missing/);
  });

  test("ends an anvil that outlived its process, and no other", async () => {
    const folder = await copy();
    const sleeper = spawn("sleep", ["60"], { stdio: "ignore" });
    const started = (await readFile(`/proc/${sleeper.pid}/stat`, "utf8")).split(") ")[1]!.split(" ")[19];
    const pidFile = join(folder, "ledger", "anvil.pid");
    const ended = new Promise((resolve) => sleeper.on("exit", (_, signal) => resolve(signal)));
    await writeFile(pidFile, JSON.stringify({ pid: sleeper.pid, started: "1" }));
    await (await reopen(folder)).close();
    expect(sleeper.exitCode ?? sleeper.signalCode).toBeNull();
    await writeFile(pidFile, JSON.stringify({ pid: sleeper.pid, started }));
    await reopen(folder);
    expect(await ended).toBe("SIGKILL");
  });
});

function isRunning(pid: number): Promise<boolean> {
  return new Promise((resolve) => {
    execFile("ps", ["-o", "stat=", "-p", String(pid)], (error, out) => resolve(!error && !out.startsWith("Z")));
  });
}
