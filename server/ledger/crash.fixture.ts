/**
 * `crash.fixture.ts FOLDER DOCTOR`: a ledger that is there to be killed. On being told it `writes`: visits of six patients
 * at a time, each act queued by itself or with its neighbour, and every one told once it is acknowledged. It dies, or its
 * chain does, at the point it is told, `rests` until all is final and then tells what the books and the chain hold, or
 * `closes`. DOCTOR is the private key of the clinician they all see.
 */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { asc, gt } from "drizzle-orm";
import { readConsent } from "../../lib/ledger/read.ts";
import { readRecords } from "../../lib/ledger/records.fixture.ts";
import { act as acts, ledgerTransaction } from "../storage/schema.ts";
import type { LedgerCall } from "./act.ts";
import type { KeptCall } from "./contract.ts";
import { enroll, grant, openHouse, person, record, revoke } from "./ledger.fixture.ts";
import type { Point } from "./points.ts";

const PATIENTS = 6;

/** Who dies: this process, its chain, or both at once. */
export type Who = "app" | "chain" | "both";
/** What it is told to do. */
export type Order =
  | { write: true }
  | { arm: { at: Point; who: Who } }
  | { rest: { afterAct: number; afterBlock: number } }
  | { close: true };
export interface Acknowledged {
  acknowledged: { id: string; call: LedgerCall }[];
}
/** What is kept and what is on the chain, of everything after an act and a block. */
export interface Books {
  acts: { id: string; order: number; call: KeptCall; state: string; reason: string | null }[];
  nonces: number[];
  consents: Record<string, { head: string; status: string; records: string[] }>;
  /** By number: a digest of the block and its receipts. */
  blocks: [number, string][];
  state: string;
  alarms: string[];
}

const [folder = "", key = ""] = process.argv.slice(2);
process.on("disconnect", () => process.exit());
let armed: { at: Point; who: Who } | null = null;
const house = await openHouse(folder, (point) => {
  if (point === armed?.at) strike(armed.who);
});
const { ledger, storage } = house;
const doctor = person(key);
if ((await storage.read.$count(acts)) === 0) {
  await house.queue([enroll(doctor)]);
  // Long enough that closing keeps a snapshot.
  for (let n = 0; n < 55; n++) {
    await house.queue([grant(ledger.about, person(), doctor)]);
    await ledger.whenIdle();
  }
}
let writing = false;
let writers: Promise<unknown> = Promise.resolve();
process.on("message", async (order: Order) => {
  if ("arm" in order) armed = order.arm;
  else if ("write" in order) {
    writing = true;
    writers = Promise.all(Array.from({ length: PATIENTS }, visits));
  } else {
    writing = false;
    await writers;
    if ("close" in order) {
      await house.close();
      process.disconnect();
    } else {
      await ledger.whenIdle();
      process.send?.({ books: await books(order.rest) });
    }
  }
});
process.send?.({ ready: true });

function strike(who: Who): void {
  armed = null;
  process.send?.({ struck: true });
  if (who !== "app") {
    try {
      process.kill(JSON.parse(readFileSync(join(folder, "ledger", "anvil.pid"), "utf8")).pid, "SIGKILL");
    } catch {
      // Dead already.
    }
  }
  if (who !== "chain") process.kill(process.pid, "SIGKILL");
}

async function visits(_: unknown, patient: number): Promise<void> {
  for (let visit = patient; writing; visit++) {
    const ana = person();
    const given = grant(ledger.about, ana, doctor);
    const prescribe = (number: number) => record(ledger.about, given, doctor, number);
    const steps: LedgerCall[][] = [[given, prescribe(1)], [prescribe(2)], [prescribe(3), prescribe(4)]];
    if (visit % 3 === 0) steps.push([revoke(ledger.about, given, ana)]);
    for (const calls of steps) {
      await setImmediate(); // the database never lets go by itself, and orders must be heard
      if (!writing) return;
      const ids = await house.queue(calls);
      process.send?.({ acknowledged: ids.map((id, i) => ({ id, call: calls[i]! })) } satisfies Acknowledged);
    }
  }
}

async function books({ afterAct, afterBlock }: { afterAct: number; afterBlock: number }): Promise<Books> {
  const rows = await storage.read.select().from(acts).where(gt(acts.order, afterAct)).orderBy(asc(acts.order));
  const kept = rows.map((row) => ({ ...row, call: row.call as KeptCall }));
  const sent = await storage.read.select().from(ledgerTransaction).orderBy(asc(ledgerTransaction.nonce));
  const ask = (method: string, params: unknown[]) => ledger.rpc(method, params);
  const consents: Books["consents"] = {};
  for (const id of new Set(kept.flatMap(({ call }) => call.consentId ?? []))) {
    const { head, status } = await readConsent(ask, ledger.about, id);
    const records = (await readRecords(ask, ledger.about, id)).map(({ record }) => record);
    consents[id] = { head, status, records };
  }
  const { block: head, state } = await ledger.status();
  const blocks: Books["blocks"] = [];
  for (let number = afterBlock + 1; number <= head; number++) {
    const block = (await ask("eth_getBlockByNumber", [`0x${number.toString(16)}`, false])) as {
      transactions: string[];
    };
    const receipts = await Promise.all(block.transactions.map((hash) => ask("eth_getTransactionReceipt", [hash])));
    blocks.push([
      number,
      createHash("sha256")
        .update(JSON.stringify([block, receipts]))
        .digest("hex"),
    ]);
  }
  return { acts: kept, nonces: sent.map(({ nonce }) => nonce), consents, blocks, state, alarms: house.alarms };
}
