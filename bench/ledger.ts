/**
 * How fast do acts get onto the embedded ledger, and how fast is it back? A backlog of 10,000; sign → saved and sign → on
 * the ledger under 20 writers who each wait for theirs; the restart of it all without a snapshot.
 *
 * Floors, in the same run: the backlog's blocks and the restart's against a bare anvil that is given the very same raw
 * transactions; saved against an insert of as many bytes into the bare database under as many writers; on the ledger
 * against one transaction sent to a bare anvil and mined.
 */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { asc, eq } from "drizzle-orm";
import { Transaction } from "ethers";
import type { LedgerCall } from "../server/ledger/act.ts";
import { type Anvil, startAnvil } from "../server/ledger/anvil.ts";
import { readKeys } from "../server/ledger/keys.ts";
import { enroll, type Grant, grant, openHouse, person, record } from "../server/ledger/ledger.fixture.ts";
import { openPGlite } from "../server/storage/pglite.ts";
import { act as acts, ledgerBlock } from "../server/storage/schema.ts";
import { percentile } from "../server/storage/seeded.fixture.ts";
import { type Measured, median, report } from "./parts/report.ts";

const RUNS = Number(process.env.RUNS ?? 3);
const ACTS = Number(process.env.ACTS ?? 10_000);
const WRITERS = 20;
/** Acts a writer makes, one after the other. */
const EACH = 15;
const CONSENTS = 100;

const since = (began: number) => performance.now() - began;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

type Figures = Record<string, { value: number; floor: number }>;

async function measure(): Promise<Figures> {
  const folder = await mkdtemp(join(tmpdir(), "bench-ledger-"));
  const arrived = new Map<string, () => void>();
  let house = await openHouse(folder, undefined, {
    onMoved: ({ id, state }) => state === "ledger" && arrived.get(id)?.(),
  });
  try {
    const doctor = person();
    const consents = Array.from({ length: CONSENTS }, () => grant(house.ledger.about, person(), doctor));
    await house.queue([enroll(doctor), ...consents]);
    await house.ledger.whenIdle();
    const numbers = new Map<Grant, number>();
    const prescribe = (given: Grant) => {
      const number = (numbers.get(given) ?? 0) + 1;
      numbers.set(given, number);
      return record(house.ledger.about, given, doctor, number);
    };

    const saved: number[] = [];
    const onLedger: number[] = [];
    await Promise.all(
      consents.slice(0, WRITERS).map(async (given) => {
        for (let n = 0; n < EACH; n++) {
          const call = prescribe(given);
          const signed = performance.now();
          const id = await house.storage.transact(async (tx, finish) => {
            const queued = await house.ledger.queue(tx, { call, object: given.consent.visit });
            const actor = { is: "system", id: "bench" } as const;
            return finish({ actor, action: "record.added", actId: queued.id }, queued.id);
          });
          saved.push(since(signed));
          const there = new Promise<void>((resolve) => arrived.set(id, resolve));
          house.ledger.kick();
          await there;
          onLedger.push(since(signed));
        }
      }),
    );
    await house.ledger.whenIdle();

    const backlog: LedgerCall[] = Array.from({ length: ACTS }, (_, i) => prescribe(consents[i % CONSENTS]!));
    const before = (await house.ledger.status()).block;
    for (let i = 0; i < ACTS; i += 500)
      await house.storage.keepBooks(async (tx) => {
        for (const call of backlog.slice(i, i + 500)) await house.ledger.queue(tx, { call, object: call.is });
      });
    const kicked = performance.now();
    house.ledger.kick();
    await house.ledger.whenIdle();
    const drained = since(kicked);

    if ((await house.storage.read.$count(acts, eq(acts.state, "final"))) !== 1 + CONSENTS + WRITERS * EACH + ACTS)
      throw new Error("Not every act is on the ledger.");
    const blocks = await house.storage.read.select().from(ledgerBlock).orderBy(asc(ledgerBlock.number));
    await house.close();
    await rm(join(folder, "ledger"), { recursive: true });
    const opening = performance.now();
    house = await openHouse(folder);
    const restored = since(opening);
    if ((await house.ledger.status()).state !== "ok") throw new Error("The ledger came back differently.");

    const bare = await replayed(folder, blocks, before);
    const insert = await inserts();
    const ms = (values: number[], floors: number[], share: number) => ({
      value: Math.round(percentile(values, share) * 10) / 10,
      floor: Math.round(percentile(floors, share) * 10) / 10,
    });
    return {
      throughput: { value: Math.round(ACTS / (drained / 1_000)), floor: Math.round(ACTS / (bare.backlog / 1_000)) },
      "saved p50": ms(saved, insert, 0.5),
      "saved p95": ms(saved, insert, 0.95),
      "on the ledger p50": ms(onLedger, bare.alone, 0.5),
      "on the ledger p95": ms(onLedger, bare.alone, 0.95),
      restore: { value: Math.round(restored), floor: Math.round(bare.all) },
    };
  } finally {
    await house.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/** The same transactions in the same blocks, given to a bare anvil: milliseconds for all, for those after a block, and for each that was alone. */
async function replayed(folder: string, blocks: (typeof ledgerBlock.$inferSelect)[], after: number) {
  const { chainId } = (await readKeys(folder))!;
  const anvil: Anvil = await startAnvil(join(folder, "bare"), { chainId, timestamp: blocks[0]!.timestamp }, quiet);
  try {
    const { rpc } = anvil;
    const sender = Transaction.from(blocks.flatMap(({ transactions }) => transactions)[0]!).from!;
    await rpc.call("anvil_setBalance", [sender, `0x${(2n ** 120n).toString(16)}`]);
    const began = performance.now();
    let backlog = began;
    const alone: number[] = [];
    for (const { number, timestamp, transactions } of blocks.slice(1)) {
      if (number === after + 1) backlog = performance.now();
      const sent = performance.now();
      for (const raw of transactions) await rpc.call("eth_sendRawTransaction", [raw]);
      await rpc.call("evm_mine", [timestamp]);
      if (transactions.length === 1) alone.push(since(sent));
    }
    const head = (await rpc.call("eth_getBlockByNumber", ["latest", false])) as { hash: string };
    if (head.hash !== blocks.at(-1)?.hash) throw new Error("The bare anvil made other blocks.");
    return { all: since(began), backlog: since(backlog), alone };
  } finally {
    anvil.kill();
    await anvil.gone;
  }
}

/** As many bytes as a record is, one row a commit, under as many writers: milliseconds of each. */
async function inserts(): Promise<number[]> {
  const folder = await mkdtemp(join(tmpdir(), "bench-database-"));
  const database = await openPGlite(join(folder, "database"));
  try {
    await database.exec("CREATE TABLE kept (what text)");
    const times: number[] = [];
    await Promise.all(
      Array.from({ length: WRITERS }, async () => {
        for (let n = 0; n < EACH; n++) {
          const began = performance.now();
          await database.query("INSERT INTO kept VALUES ($1)", ["x".repeat(1_500)]);
          times.push(since(began));
        }
      }),
    );
    return times;
  } finally {
    await database.close();
    await rm(folder, { recursive: true, force: true });
  }
}

const runs: Figures[] = [];
for (let run = 0; run < RUNS; run++) runs.push(await measure());
const parts = Object.fromEntries(
  Object.keys(runs[0]!).map((name): [string, Measured] => [
    name,
    {
      values: runs.map((run) => run[name]!.value),
      floors: runs.map((run) => run[name]!.floor),
      unit: name === "throughput" ? "acts/s" : "ms",
    },
  ]),
);
report({ question: "ledger", unit: "acts/s", runs: RUNS, headline: "throughput", parts });

/** With `--assert`: what holds on any machine, with room. For the long night. */
if (process.argv.includes("--assert")) {
  const restore = median(parts.restore!.values);
  if (restore > 30_000) throw new Error(`Bringing ${ACTS} acts back took ${restore} ms; 30,000 are allowed.`);
}
