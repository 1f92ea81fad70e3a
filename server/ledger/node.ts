import { Interface } from "ethers";
import { z } from "zod";
import { consentLedgerAbi } from "../../lib/ledger/abi.ts";
import { NodeLies, NodeSaysNo, searchLogs } from "../../lib/ledger/logs.ts";
import type { AskChain, Log } from "../../lib/ledger/read.ts";
import { type Block, type Fees, NotNow, type Receipt } from "./chain.ts";
import { NoAnswer, type Rpc, RpcError } from "./rpc.ts";

/** What a node says about blocks, transactions and the contract, held to its shape: what has another is no answer. */

const contract = new Interface(consentLedgerAbi);

/** In wei, where a node does not say what it is. */
const USUAL_TIP = 10n ** 9n;
/** In wei: a tip is paid whatever it is, so no node talks us into more than a network asks on its worst day. */
const HIGHEST_TIP = 10n ** 11n;

const Quantity = z.string().regex(/^0x[0-9a-f]{1,64}$/i);
const Count = z
  .string()
  .regex(/^0x[0-9a-f]{1,13}$/i)
  .transform(Number);
const Hash = z
  .string()
  .regex(/^0x[0-9a-f]{64}$/i)
  .toLowerCase();
const Address = z
  .string()
  .regex(/^0x[0-9a-f]{40}$/i)
  .toLowerCase();
const Bytes = z.string().regex(/^0x([0-9a-f]{2})*$/i);

const NodeBlock = z.object({
  number: Count,
  hash: Hash,
  timestamp: Count,
  baseFeePerGas: Quantity.optional(),
  transactions: z.array(Hash),
});
export type NodeBlock = z.infer<typeof NodeBlock>;

const NodeLog = z.object({
  address: Address,
  topics: z.array(Hash).max(4),
  data: Bytes,
  blockNumber: Quantity,
  blockHash: Hash,
  transactionHash: Hash,
});

const NodeReceipt = z
  .object({
    transactionHash: Hash,
    blockNumber: Count,
    blockHash: Hash,
    status: z.enum(["0x0", "0x1"]),
    gasUsed: Count,
    logs: z.array(NodeLog),
  })
  .transform(({ status, ...rest }): Receipt => ({ ...rest, succeeded: status === "0x1" }));

export async function blockAt(rpc: Pick<Rpc, "call">, at: number | "latest" | "finalized"): Promise<NodeBlock | null> {
  const tag = typeof at === "number" ? hex(at) : at;
  const block = believe(NodeBlock.nullable(), await rpc.call("eth_getBlockByNumber", [tag, false]));
  if (block && typeof at === "number" && block.number !== at)
    throw new NoAnswer("The ledger's node tells another block.");
  return block;
}

export async function blocksAt(rpc: Pick<Rpc, "callAll">, numbers: number[]): Promise<(NodeBlock | null)[]> {
  const said = await rpc.callAll(numbers.map((number) => ["eth_getBlockByNumber", [hex(number), false]]));
  const blocks = said.map((one) => believe(NodeBlock.nullable(), one));
  if (blocks.some((block, i) => block && block.number !== numbers[i]))
    throw new NoAnswer("The ledger's node tells another block.");
  return blocks;
}

export async function receiptsOf(rpc: Pick<Rpc, "callAll">, hashes: string[]): Promise<(Receipt | null)[]> {
  const said = await rpc.callAll(hashes.map((hash) => ["eth_getTransactionReceipt", [hash]]));
  return said.map((one) => believe(NodeReceipt.nullable(), one));
}

/** Events of one contract, in order. Throws `NotNow` where they cannot be believed. */
export async function logsOf(
  rpc: Pick<Rpc, "call">,
  address: string,
  topics: (string | null)[],
  from: number,
): Promise<Log[]> {
  const doubtful = (why: unknown) => new NotNow("node-doubtful", (why as Error).message);
  const ask: AskChain = async (method, params) => {
    const said = await rpc.call(method, params);
    if (method !== "eth_getLogs") return said;
    try {
      return believe(z.array(NodeLog), said);
    } catch (error) {
      throw doubtful(error);
    }
  };
  const logs: Log[] = [];
  try {
    for await (const piece of searchLogs(ask, { address, topics }, { from }))
      for (const log of piece.logs) logs.push(log);
    return logs;
  } catch (error) {
    if (error instanceof RpcError) throw error;
    throw error instanceof NodeLies || error instanceof NodeSaysNo ? doubtful(error) : error;
  }
}

/** Which of these the node has, in a block or waiting for one. */
export async function known(rpc: Pick<Rpc, "callAll">, hashes: string[]): Promise<boolean[]> {
  const said = await rpc.callAll(hashes.map((hash) => ["eth_getTransactionByHash", [hash]]));
  return said.map((one, i) => believe(z.object({ hash: Hash }).nullable(), one)?.hash === hashes[i]);
}

export async function quantity(rpc: Pick<Rpc, "call">, method: string, params: unknown[]): Promise<bigint> {
  return BigInt(believe(Quantity, await rpc.call(method, params)));
}

export async function count(rpc: Pick<Rpc, "call">, method: string, params: unknown[]): Promise<number> {
  return believe(Count, await rpc.call(method, params));
}

export async function bytes(rpc: Pick<Rpc, "call">, method: string, params: unknown[]): Promise<string> {
  return believe(Bytes, await rpc.call(method, params));
}

/** What a transaction offers for each unit of gas, in wei; null where the network tells no base fee. */
export async function feesOf(rpc: Pick<Rpc, "call">): Promise<Fees | null> {
  const base = (await blockAt(rpc, "latest"))?.baseFeePerGas;
  if (base === undefined) return null;
  const asked = await quantity(rpc, "eth_maxPriorityFeePerGas", []).catch(unlessSaid(USUAL_TIP));
  const tip = asked < HIGHEST_TIP ? asked : HIGHEST_TIP;
  return { highest: 2n * BigInt(base) + tip, tip };
}

/** What a view of the contract at this address answers now. Throws `TypeError` for arguments that do not fit its types. */
export async function view(
  rpc: Pick<Rpc, "call">,
  address: string,
  name: "anchored" | "clinicianState" | "owner" | "logKey",
  args: unknown[] = [],
): Promise<unknown> {
  const data = contract.encodeFunctionData(name, args);
  const answer = await bytes(rpc, "eth_call", [{ to: address, data }, "latest"]);
  return contract.decodeFunctionResult(name, answer)[0];
}

/** What stands for an answer when the node says no; without an answer it stays without. */
export function unlessSaid<T>(instead: T) {
  return (error: unknown): T => {
    if (error instanceof RpcError) return instead;
    throw error;
  };
}

export function hex(number: number | bigint): string {
  return `0x${number.toString(16)}`;
}

export const bare = ({ number, hash, timestamp }: Block): Block => ({ number, hash, timestamp });

function believe<T extends z.ZodType>(shape: T, said: unknown): z.output<T> {
  const parsed = shape.safeParse(said);
  if (!parsed.success) throw new NoAnswer("The ledger's node answers something else than was asked.");
  return parsed.data;
}
