import { randomUUID } from "node:crypto";
import { join } from "node:path";
import { and, asc, count, desc, eq, inArray, min, or, sql } from "drizzle-orm";
import { computeAddress, getCreateAddress, SigningKey, Transaction } from "ethers";
import type { Receipt } from "../../lib/ledger/receipt.ts";
import { Refusal } from "../../lib/refusal.ts";
import { act as acts, ledgerBlock, ledgerTransaction } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import type { LedgerCall, LedgerLog, Moved } from "./act.ts";
import { openChain } from "./chain.ts";
import { deployment, isOurDeployment, type KeptCall, withIdentity } from "./contract.ts";
import { openJournal } from "./journal.ts";
import { makeKeys, readKeys } from "./keys.ts";
import { openOutbox } from "./outbox.ts";
import { type Party, whatWouldItSay } from "./plan.ts";
import type { AtPoint } from "./points.ts";
import { readOnly } from "./reads.ts";
import { promise } from "./receipts.ts";
import { sign } from "./transaction.ts";

export { RpcError } from "./rpc.ts";

export interface LedgerStatus {
  block: number;
  /** Acts that are kept but not on the ledger yet. */
  behind: number;
  state: "ok" | "behind" | "read-only";
}

/** An act in the outbox. What no patient or clinician signed has no receipt. */
export interface Queued {
  id: string;
  receipt: Receipt | null;
}

export interface Ledger {
  readonly about: { label: string; local: boolean; chainId: string; address: string };
  /**
   * Puts an act and its receipt into the caller's transaction: the promise is as durable as what it promises. Throws `Refusal("ledger.read-only")` when the
   * ledger takes no acts; a `revoke` or `remove` is kept all the same, since closing access must never fail.
   */
  queue(tx: Writer, act: { call: LedgerCall; visitId?: string | undefined; object: string }): Promise<Queued>;
  /** What the contract would say now, counting the acts that are still queued: null is yes, else the custom error's name. Not inside a transaction. */
  simulate(call: LedgerCall): Promise<string | null>;
  /** Something was queued and committed. */
  kick(): void;
  status(): Promise<LedgerStatus>;
  /** Reads for browsers. Throws a `Refusal` for what is not allowed and `RpcError` for what the node answers. */
  rpc(method: string, params: unknown): Promise<unknown>;
  /** Resolves once everything queued is final or parked. */
  whenIdle(): Promise<void>;
  close(): Promise<void>;
}

export interface LedgerOptions {
  storage: Storage;
  /** The install's data folder: keys go to `secrets/`, the chain's own files to `ledger/`. */
  folder: string;
  log: LedgerLog;
  /** After the commit that moved it. */
  onMoved(act: Moved): void;
  /** How long, in minutes, the ledger may take with a signed act: what receipts promise. */
  deadlineMinutes?: number | undefined;
  /** How many blocks must follow an act's block before it is final. */
  confirmations?: number | undefined;
  /** Called at the moments between which the process may die; for tests. */
  at?: AtPoint | undefined;
}

/** An act that has waited longer than this, in milliseconds, makes the ledger `behind`. */
const PATIENCE = 5_000;
/** Covers creating the contract, below what one transaction may use. */
const DEPLOYMENT_GAS = 8_000_000;

/** Opens the embedded ledger: makes it the first time, else brings it back from its journal and checks it. */
export async function openLedger(options: LedgerOptions): Promise<Ledger> {
  const { storage, folder, log, onMoved, deadlineMinutes = 10, confirmations = 1, at = () => undefined } = options;
  const keys = (await readKeys(folder)) ?? (await firstKeys(storage, folder));
  const relayerKey = new SigningKey(keys.relayer);
  const owner = new SigningKey(keys.owner);
  const relayer = computeAddress(relayerKey);
  const address = getCreateAddress({ from: relayer, nonce: 0 }).toLowerCase();
  const snapshots = { storage, folder: join(folder, "ledger"), key: keys.relayer, at };
  const journal = await openJournal({ ...snapshots, chainId: keys.chainId, relayer, log });
  const chain = await openChain({ journal, snapshots, log });
  const party: Party = { chain, domain: { chainId: keys.chainId, address }, owner, relayer };
  try {
    await deployOnce(storage, party, relayerKey, computeAddress(keys.log));
    await checkBooks(storage, party);
  } catch (error) {
    await chain.close();
    throw error;
  }
  const outbox = openOutbox({ ...party, storage, relayerKey, log, onMoved, confirmations, at });
  const promiser = { logKey: new SigningKey(keys.log), domain: party.domain, minutes: deadlineMinutes };
  const reads = readOnly(address, () => chain.head().number);

  return {
    about: { label: "Local ledger", local: true, chainId: keys.chainId, address },
    queue: async (tx, { call, visitId, object }) => {
      const closing = call.is === "revoke" || call.is === "remove";
      if (chain.readOnly() !== null && !closing) throw new Refusal("ledger.read-only");
      const id = randomUUID();
      const savedAt = new Date();
      const [row] = await tx
        .insert(acts)
        .values({
          id,
          kind: call.is,
          call: withIdentity(call),
          visitId: visitId ?? null,
          object,
          state: "saved",
          savedAt,
          movedAt: savedAt,
        })
        .returning({ order: acts.order });
      const receipt = promise(call, row!.order, savedAt, promiser);
      if (receipt) await tx.update(acts).set({ receipt }).where(eq(acts.id, id));
      return { id, receipt };
    },
    simulate: async (call) => {
      const kept = withIdentity(call);
      // Read before the chain is: what reaches it in between is refused a second time, and so changes nothing.
      return whatWouldItSay([...(await stillQueued(storage, kept)), kept], party);
    },
    kick: outbox.kick,
    status: async () => {
      const [waiting] = await storage.read
        .select({ n: count(), since: min(acts.savedAt) })
        .from(acts)
        .where(inArray(acts.state, ["saved", "sent"]));
      const behind = waiting?.n ?? 0;
      const late = waiting?.since != null && Date.now() - waiting.since.getTime() > PATIENCE;
      return {
        block: chain.head().number,
        behind,
        state: chain.readOnly() !== null ? "read-only" : late ? "behind" : "ok",
      };
    },
    rpc: async (method, params) => {
      const [allowed, checked] = reads.ask(method, params);
      return reads.answer(allowed, await chain.call(allowed, checked));
    },
    whenIdle: outbox.whenIdle,
    close: async () => {
      await outbox.close();
      await chain.close();
    },
  };
}

/** Keys are made only where there is no chain yet: new ones would not fit an old one. */
async function firstKeys(storage: Storage, folder: string) {
  if ((await storage.read.$count(ledgerTransaction)) > 0)
    throw new Error(`${join(folder, "secrets", "ledger.json")} is missing. Put it back from a backup to start.`);
  return makeKeys(folder);
}

/** The contract is the relayer's first transaction, stored and journaled like any other. */
async function deployOnce(
  storage: Storage,
  { chain, domain, owner, relayer }: Party,
  key: SigningKey,
  logKey: string,
): Promise<void> {
  const data = deployment(computeAddress(owner), logKey);
  const fresh = sign(key, { to: null, data, gas: DEPLOYMENT_GAS }, 0, domain.chainId);
  const stored = await storage.keepBooks(async (tx) => {
    const row = { ...fresh, account: relayer, nonce: 0, signedAt: new Date() };
    await tx.insert(ledgerTransaction).values(row).onConflictDoNothing();
    const [first] = await tx
      .select()
      .from(ledgerTransaction)
      .where(and(eq(ledgerTransaction.account, relayer), eq(ledgerTransaction.nonce, 0)));
    return first!;
  });
  if (stored.block === null && chain.readOnly() === null) {
    const receipt = () =>
      chain.call("eth_getTransactionReceipt", [stored.hash]) as Promise<{ blockNumber: string } | null>;
    if ((await receipt()) === null) await chain.mine([stored.raw]);
    const block = Number((await receipt())?.blockNumber);
    await storage.keepBooks((tx) =>
      tx.update(ledgerTransaction).set({ block }).where(eq(ledgerTransaction.hash, stored.hash)),
    );
  }
  const sent = Transaction.from(stored.raw);
  if (!isOurDeployment(sent.data)) chain.stopWriting("its contract was made by another version");
  if ((await chain.call("eth_getCode", [domain.address, "latest"])) === "0x") chain.stopWriting("its contract is gone");
}

/** What was said to be on the ledger must be: a journal that was cut short or rewritten agrees with itself. */
async function checkBooks(storage: Storage, { chain }: Party): Promise<void> {
  const last = await storage.read
    .select({ block: acts.block, said: acts.blockHash, is: ledgerBlock.hash })
    .from(acts)
    .leftJoin(ledgerBlock, eq(ledgerBlock.number, acts.block))
    .where(inArray(acts.state, ["ledger", "final"]))
    .orderBy(desc(acts.order))
    .limit(100);
  const wrong = last.find(({ said, is }) => said !== is);
  if (wrong) chain.stopWriting(`block ${wrong.block} is not what an act remembers`);
}

/** Acts not on the ledger yet that bear on this one, in order. */
async function stillQueued(storage: Storage, call: KeptCall): Promise<KeptCall[]> {
  const enrollments = inArray(acts.kind, ["enroll", "remove"]);
  const bearing = call.consentId ? or(sql`${acts.call}->>'consentId' = ${call.consentId}`, enrollments) : enrollments;
  const rows = await storage.read
    .select({ call: acts.call })
    .from(acts)
    .where(and(inArray(acts.state, ["saved", "sent"]), bearing))
    .orderBy(asc(acts.order));
  return rows.map((row) => row.call as KeptCall);
}
