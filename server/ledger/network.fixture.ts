import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { computeAddress, getCreateAddress, SigningKey } from "ethers";
import { type Anvil, runAnvil } from "./anvil.ts";
import { deployment } from "./contract.ts";
import { makeKeys } from "./keys.ts";
import { type FaultProxy, openProxy } from "./proxy.fixture.ts";
import type { Rpc } from "./rpc.ts";

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
  readonly address: string;
  readonly relayer: string;
  mine(blocks?: number): Promise<void>;
  head(): Promise<number>;
  /** Replaces the last `depth` blocks by empty ones, but for what is kept. What is not is in no block and in no pool. */
  reorg(depth: number, kept?: Kept[]): Promise<void>;
  fund(account: string, wei: bigint): Promise<void>;
  close(): Promise<void>;
}

export interface NetworkOptions {
  /** As seconds between blocks, for each transaction at once, or when a test says so. */
  mining?: number | "auto" | "by hand";
  /** Blocks after which one is final, divided by two: anvil's `finalized` is that many epochs of slots behind. */
  slots?: number;
  folder?: string;
}

const ETHER = 10n ** 18n;
const hex = (number: number | bigint) => `0x${number.toString(16)}`;
const quiet = { info: () => undefined, warn: () => undefined, error: () => undefined };

export async function openNetwork(options: NetworkOptions = {}): Promise<Network> {
  const { mining = "by hand", slots = 32 } = options;
  const folder = options.folder ?? (await mkdtemp(join(tmpdir(), "network-")));
  const chainId = String(700_000_000 + Math.floor(Math.random() * 1e8));
  const anvil: Anvil = await runAnvil(
    join(folder, "outside"),
    [
      ...["--accounts", "0", "--no-mining", "--hardfork", "osaka", "--gas-limit", "60000000"],
      ...["--chain-id", chainId, "--slots-in-an-epoch", String(slots), "--auto-impersonate"],
    ],
    quiet,
  );
  const node = anvil.rpc;
  const proxy = await openProxy(node);
  const keys = await makeKeys(folder);
  const relayer = computeAddress(new SigningKey(keys.relayer)).toLowerCase();
  const network: Network = {
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
    close: async () => {
      await proxy.close();
      anvil.kill();
      await anvil.gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
  const payer = computeAddress(new SigningKey(keys.owner));
  await network.fund(payer, ETHER);
  await network.fund(relayer, 100n * ETHER);
  const logKey = computeAddress(new SigningKey(keys.log));
  const creation = { from: payer, data: deployment(payer, logKey), gas: hex(8_000_000) };
  await node.call("eth_sendTransaction", [creation]);
  await network.mine();
  const address = getCreateAddress({ from: payer, nonce: 0 }).toLowerCase();
  if ((await node.call("eth_getCode", [address, "latest"])) === "0x") throw new Error("The contract was not created.");
  await node.call("anvil_mine", [hex(2 * slots)]); // so that it is final
  if (mining === "auto") await node.call("evm_setAutomine", [true]);
  else if (mining !== "by hand") await node.call("evm_setIntervalMining", [mining]);
  return { ...network, address };
}
