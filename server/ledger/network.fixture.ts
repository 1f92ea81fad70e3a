import { rm } from "node:fs/promises";
import { join } from "node:path";
import { computeAddress, getCreateAddress, SigningKey, Transaction, Wallet } from "ethers";
import type { Log, Place } from "../../lib/ledger/read.ts";
import { madeFolder } from "../storage/made.fixture.ts";
import type { LedgerCall } from "./act.ts";
import { type Anvil, runAnvil } from "./anvil.ts";
import { deployment, encode, eventOf, withIdentity } from "./contract.ts";
import { makeKeys } from "./keys.ts";
import { type House, openHouse } from "./ledger.fixture.ts";
import type { AtPoint } from "./points.ts";
import { type FaultProxy, openProxy } from "./proxy.fixture.ts";
import type { Rpc } from "./rpc.ts";
import type { NetworkSettings } from "./settings.ts";

/** A raw transaction that a reorg keeps, in its first block, its second … */
export type Kept = [raw: string, block: number];

/** An outside network for one install: an anvil, the install's contract on it, its relayer funded, and a proxy on the way. */
export interface Network {
  /** Past the proxy. */
  readonly node: Rpc;
  readonly proxy: FaultProxy;
  readonly chainId: string;
  /** The install's data folder, with the keys that the contract knows. */
  readonly folder: string;
  address: string;
  readonly relayer: string;
  mine(blocks?: number): Promise<void>;
  head(): Promise<number>;
  /** Replaces the last `depth` blocks by empty ones, but for what is kept. What is not is in no block and in no pool. */
  reorg(depth: number, kept?: Kept[]): Promise<void>;
  fund(account: string, wei: bigint): Promise<void>;
  /** Our relayer's raw transactions in the last `depth` blocks, in order. */
  ours(depth: number): Promise<string[]>;
  /** A raw transaction with which a stranger sends this before everyone else, in a block that replaces the last `depth`. */
  byStranger(what: LedgerCall | { data: string }, depth?: number): Promise<string>;
  /** The next block, with what of the pool can pay this base fee, in wei; the least that can be, unless told. */
  priced(baseFee?: bigint): Promise<void>;
  baseFee(): Promise<bigint>;
  /** What our relayer has in the pool, by nonce. */
  pool(): Promise<{ hash: string; nonce: number; data: string }[]>;
  /** Another way to the same node, with faults of its own. */
  another(): Promise<FaultProxy>;
  /** Waits until that is so. */
  until(isSo: () => Promise<boolean>, patience?: number): Promise<void>;
  /** Waits until that is so, and mines a block whenever a transaction waits for one. */
  mineUntil(isSo: () => Promise<boolean>, patience?: number): Promise<void>;
  /** Where the chain itself has an act, whoever sent it: one place, or none. */
  placesOf(call: LedgerCall): Promise<Place[]>;
  close(): Promise<void>;
}

export interface NetworkOptions {
  /** As seconds between blocks, for each transaction at once, or when a test says so. */
  mining?: number | "auto" | "by hand";
  /** Blocks after which one is final, divided by two: anvil's `finalized` is that many epochs of slots behind. */
  slots?: number;
}

type Pool = Record<string, Record<string, { hash: string; nonce: string; input: string }>>;
/** A ledger on a testnet, through its proxy, that looks often and waits for nothing long. */
export function openNetworkHouse(
  testnet: Network,
  { second, at, ...chosen }: { second?: FaultProxy | undefined; at?: AtPoint } & Partial<NetworkSettings> = {},
): Promise<House> {
  const network: NetworkSettings = {
    rpcUrl: new URL(testnet.proxy.url),
    confirmRpcUrl: second ? new URL(second.url) : null,
    address: testnet.address,
    name: null,
    confirmations: null,
    dailyGas: null,
    relayerKey: null,
    poll: 20,
    deadline: 500,
    stuckAfter: 100,
    ...chosen,
  };
  return openHouse(testnet.folder, at, { network });
}

/**
 * Keeps what a test does to the chain apart from the outbox's offers: a block that was made dear enough for those it knew
 * of would have room for the next. Hand `at` to the outbox; `alone` leaves its work out while an offer is under way.
 */
export function apartFromOffers(): { at: AtPoint; alone(work: () => Promise<void>): Promise<void> } {
  let working = Promise.resolve();
  let offering = false;
  return {
    at: async (point) => {
      if (point === "storing") {
        await working;
        offering = true;
      } else if (point === "sent") offering = false;
    },
    alone: async (work) => {
      if (offering) return;
      working = work();
      await working;
    },
  };
}

interface Mined {
  from: string;
  to: string;
  nonce: string;
  input: string;
  gas: string;
  chainId: string;
  maxFeePerGas: string;
  maxPriorityFeePerGas: string;
  r: string;
  s: string;
  yParity: string;
}

/** Milliseconds that a test waits for what it means. */
const PATIENCE = 15_000;
const ETHER = 10n ** 18n;
const hex = (number: number | bigint) => `0x${number.toString(16)}`;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function openNetwork(options: NetworkOptions = {}): Promise<Network> {
  const { mining = "by hand", slots = 32 } = options;
  const folder = await madeFolder("network");
  const chainId = String(700_000_000 + Math.floor(Math.random() * 1e8));
  const anvil: Anvil = await runAnvil(
    join(folder, "outside"),
    [
      ...["--accounts", "0", "--no-mining", "--hardfork", "osaka", "--gas-limit", "60000000"],
      ...["--chain-id", chainId, "--slots-in-an-epoch", String(slots), "--auto-impersonate"],
      // More than any reorg needs. Without it states go to the disk, and a reorg onto one of them finds an empty chain.
      ...["--prune-history", "1000"],
    ],
    quiet,
  );
  const node = anvil.rpc;
  const proxy = await openProxy(node);
  const proxies = [proxy];
  const keys = await makeKeys(folder);
  const stranger = Wallet.createRandom();
  const relayer = computeAddress(new SigningKey(keys.relayer)).toLowerCase();
  const testnet: Network = {
    node,
    proxy,
    chainId,
    folder,
    relayer,
    address: "",
    mine: async (blocks = 1) => void (await node.call("anvil_mine", [hex(blocks)])),
    head: async () => Number(await node.call("eth_blockNumber", [])),
    reorg: async (depth, kept = []) => void (await node.call("anvil_reorg", [depth, kept])),
    fund: async (account, wei) => void (await node.call("anvil_setBalance", [account, hex(wei)])),
    ours: async (depth) => {
      const head = await testnet.head();
      const raws: string[] = [];
      for (let number = head - depth + 1; number <= head; number++) {
        const block = (await node.call("eth_getBlockByNumber", [hex(number), true])) as { transactions: Mined[] };
        for (const mined of block.transactions) if (mined.from === relayer) raws.push(rawOf(mined));
      }
      return raws;
    },
    byStranger: async (what, depth = 0) => {
      const at = depth === 0 ? "pending" : hex((await testnet.head()) - depth);
      const domain = { chainId, address: testnet.address };
      const transaction = Transaction.from({
        type: 2,
        chainId: BigInt(chainId),
        nonce: Number(await node.call("eth_getTransactionCount", [stranger.address, at])),
        to: testnet.address,
        data: "data" in what ? what.data : encode(withIdentity(what), stranger.signingKey, domain),
        gasLimit: 10_000_000,
        maxFeePerGas: 10n ** 12n,
        maxPriorityFeePerGas: 10n ** 11n, // before everyone else
      });
      transaction.signature = stranger.signingKey.sign(transaction.unsignedHash);
      return transaction.serialized;
    },
    priced: async (baseFee = 7n) => {
      await node.call("anvil_setNextBlockBaseFeePerGas", [hex(baseFee)]);
      await testnet.mine();
    },
    baseFee: async () => {
      const last = (await node.call("eth_getBlockByNumber", ["latest", false])) as { baseFeePerGas: string };
      return BigInt(last.baseFeePerGas);
    },
    pool: async () => {
      const { pending, queued } = (await node.call("txpool_content", [])) as Record<"pending" | "queued", Pool>;
      const ours = [pending, queued].flatMap((part) =>
        Object.entries(part).flatMap(([from, sent]) => (from.toLowerCase() === relayer ? Object.values(sent) : [])),
      );
      return ours
        .map(({ hash, nonce, input }) => ({ hash, nonce: Number(nonce), data: input }))
        .sort((a, b) => a.nonce - b.nonce);
    },
    another: async () => {
      const proxy = await openProxy(node);
      proxies.push(proxy);
      return proxy;
    },
    until: async (isSo, patience = PATIENCE) => {
      for (const late = performance.now() + patience; !(await isSo()); await new Promise((go) => setTimeout(go, 10)))
        if (performance.now() > late) throw new Error("What the test waited for did not come.");
    },
    mineUntil: (isSo, patience) =>
      testnet.until(async () => {
        if (await isSo()) return true;
        const { pending } = (await node.call("txpool_status", [])) as { pending: string };
        if (Number(pending) > 0) await testnet.mine();
        return false;
      }, patience),
    placesOf: async (call) => {
      const filter = { address: testnet.address, topics: eventOf(withIdentity(call)), fromBlock: "0x0" };
      const logs = (await node.call("eth_getLogs", [{ ...filter, toBlock: "latest" }])) as Log[];
      return logs.map(({ transactionHash: transaction, blockNumber, blockHash }) => ({
        transaction,
        block: Number(blockNumber),
        blockHash,
      }));
    },
    close: async () => {
      for (const one of proxies) await one.close();
      anvil.kill();
      await anvil.gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
  await testnet.fund(stranger.address, 1_000_000n * ETHER);
  const payer = computeAddress(new SigningKey(keys.owner));
  await testnet.fund(payer, ETHER);
  await testnet.fund(relayer, 100n * ETHER);
  const logKey = computeAddress(new SigningKey(keys.log));
  const creation = { from: payer, data: deployment(payer, logKey), gas: hex(8_000_000) };
  await node.call("eth_sendTransaction", [creation]);
  await testnet.mine();
  testnet.address = getCreateAddress({ from: payer, nonce: 0 }).toLowerCase();
  if ((await node.call("eth_getCode", [testnet.address, "latest"])) === "0x")
    throw new Error("The contract was not created.");
  await node.call("anvil_mine", [hex(2 * slots)]); // so that it is final
  if (mining === "auto") await node.call("evm_setAutomine", [true]);
  else if (mining !== "by hand") await node.call("evm_setIntervalMining", [mining]);
  return testnet;
}

function rawOf({ to, nonce, input, gas, chainId, maxFeePerGas, maxPriorityFeePerGas, r, s, yParity }: Mined): string {
  const signature = { r: padded(r), s: padded(s), yParity: Number(yParity) as 0 | 1 };
  const fees = { maxFeePerGas, maxPriorityFeePerGas };
  const what = { type: 2, chainId, nonce: Number(nonce), to, data: input, gasLimit: gas, ...fees };
  return Transaction.from({ ...what, signature }).serialized;
}

const padded = (word: string) => `0x${word.slice(2).padStart(64, "0")}`;
