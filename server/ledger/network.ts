import { keccak256 } from "ethers";
import type { LedgerLog } from "./act.ts";
import { type Block, type Chain, NotNow, NotTaken, type Receipt, SURE } from "./chain.ts";
import { bare, blockAt, blocksAt, count, feesOf, known, quantity, receiptsOf, unlessSaid } from "./node.ts";
import { openNodeRpc, type Rpc, RpcError } from "./rpc.ts";

export interface NetworkOptions {
  url: URL;
  /** A node of somebody else's, which has to agree before an act moves. */
  confirmUrl: URL | null;
  chainId: string;
  /** Sender of our transactions. */
  relayer: string;
  /** Blocks after which one is final; null asks the network. */
  confirmations: number | null;
  /** Milliseconds between two looks at the network while something waits. */
  poll?: number | undefined;
  /** Milliseconds within which a node answers, or doesn't. */
  deadline?: number | undefined;
  /** What is wrong with the contract on this node, or null. Asked whenever a connection is new. */
  whatIsWrong(rpc: Rpc): Promise<string | null>;
  log: LedgerLog;
}

/** What is wrong with a node that has not come as far as the contract: the only thing that time mends. */
export const NO_CONTRACT = "there is no contract at this address on this chain";

const POLL = 2_000;
const IDLE = 30_000;
/** Below what any network's block holds. */
const ROUND_GAS = 16_777_216;
/** Where a network knows no finality of its own. */
const DEEP_ENOUGH = 64;

/** Any EVM network, through a node that may be down, late, or lie: what it says counts when it agrees with itself, and with a second node where there is one. */
export function openNetwork(options: NetworkOptions): Chain {
  const { chainId, relayer, confirmations, log } = options;
  const poll = options.poll ?? POLL;
  const nodes = [options.url, ...(options.confirmUrl ? [options.confirmUrl] : [])].map((url) =>
    openNodeRpc(url, options.deadline),
  );
  const [first, second] = nodes as [Rpc, Rpc | undefined];
  let head: Block = { number: 0, hash: "", timestamp: 0 };
  let lower = 0;
  let why: string | null = null;
  /** Whether the node on this connection was found to be on our chain. Another may answer on the next. */
  const same = new Set<Rpc>();

  return {
    local: false,
    roundGas: ROUND_GAS,
    pace: { waiting: poll, hurried: poll, idle: Math.max(poll, IDLE) },
    head: () => head,
    nextTimestamp: () => Math.max(head.timestamp + 1, Math.floor(Date.now() / 1000)),
    readOnly: () => why,
    stopWriting,
    call: (method, params) => ask((rpc) => rpc.call(method, params)),
    callAll: (calls) => ask((rpc) => rpc.callAll(calls)),
    send: async (raws) => {
      for (const raw of raws) await send(raw);
    },
    advance,
    receipts,
    hashesOf: async (numbers) => (await ask((rpc) => blocksAt(rpc, numbers))).map((block) => block?.hash ?? null),
    finalBlock,
    fees: async () => {
      const fees = await ask(feesOf);
      if (fees === null) throw new NotNow("node-doubtful", "The network tells no base fee.");
      return fees;
    },
    balance: () => ask((rpc) => quantity(rpc, "eth_getBalance", [relayer, "latest"])),
    nonce: () => ask((rpc) => count(rpc, "eth_getTransactionCount", [relayer, "latest"])),
    knows: (hashes) => ask((rpc) => known(rpc, hashes)),
    close: async () => {
      for (const rpc of nodes) rpc.close();
    },
  };

  /** Every question goes through here: on a new connection only after the node has said which chain it is on. */
  async function ask<T>(question: (rpc: Rpc) => Promise<T>, rpc: Rpc = first): Promise<T> {
    try {
      if (!same.has(rpc)) await meet(rpc);
      return await question(rpc);
    } catch (error) {
      if (error instanceof RpcError || error instanceof NotNow) throw error;
      same.delete(rpc);
      throw new NotNow(rpc === first ? "node-down" : "second-node-down", String((error as Error).message));
    }
  }

  async function meet(rpc: Rpc): Promise<void> {
    assertOurs(await quantity(rpc, "eth_chainId", []), rpc);
    const wrong = await options.whatIsWrong(rpc);
    if (wrong !== null) {
      if (rpc === first && wrong !== NO_CONTRACT) stopWriting(wrong);
      throw new NotNow(rpc === first ? "node-doubtful" : "second-node-differs", wrong);
    }
    same.add(rpc);
  }

  function assertOurs(said: bigint, rpc: Rpc): void {
    if (String(said) === chainId) return;
    same.delete(rpc);
    const sentence = `the node is on chain ${said}, this ledger on ${chainId}`;
    if (rpc === first) stopWriting(sentence);
    throw new NotNow(rpc === first ? "node-doubtful" : "second-node-differs", sentence);
  }

  async function advance(): Promise<void> {
    const block = await ask(async (rpc) => {
      assertOurs(await quantity(rpc, "eth_chainId", []), rpc);
      return blockAt(rpc, "latest");
    });
    if (!block) throw new NotNow("node-doubtful", "The network has no last block.");
    if (block.number < head.number && ++lower < SURE) return;
    lower = 0;
    head = bare(block);
  }

  async function send(raw: string): Promise<void> {
    try {
      await ask((rpc) => rpc.call("eth_sendRawTransaction", [raw]));
    } catch (error) {
      if (!(error instanceof RpcError)) throw error;
      // Some nodes refuse what they have already; that it is there is what counts.
      const [has] = await ask((rpc) => known(rpc, [keccak256(raw)]));
      if (!has) throw new NotTaken(error.message);
    }
  }

  async function receipts(hashes: string[]): Promise<(Receipt | null)[]> {
    const said = await ask((rpc) => believable(rpc, hashes));
    const there = hashes.filter((_, i) => said[i]);
    if (!second || there.length === 0) return said;
    const again = await ask((rpc) => believable(rpc, there), second);
    const agrees = JSON.stringify(again) === JSON.stringify(said.filter((one) => one));
    if (!agrees) throw new NotNow("second-node-differs", "The second node does not have the same receipts.");
    return said;
  }

  /** Receipts that name a block which names them. */
  async function believable(rpc: Rpc, hashes: string[]): Promise<(Receipt | null)[]> {
    const said = await receiptsOf(rpc, hashes);
    const numbers = [...new Set(said.flatMap((receipt) => (receipt ? [receipt.blockNumber] : [])))];
    const blocks = new Map((await blocksAt(rpc, numbers)).map((block, i) => [numbers[i], block]));
    for (const [i, receipt] of said.entries()) {
      if (receipt && !fits(receipt, hashes[i]!, blocks.get(receipt.blockNumber)))
        throw new NotNow("node-doubtful", "A receipt and the block that it names differ.");
    }
    return said;
  }

  async function finalBlock(): Promise<Pick<Block, "number" | "hash">> {
    const said = await ask(finalOf);
    if (!second) return said;
    const other = await ask(finalOf, second);
    if (said.hash === other.hash) return said;
    // One of them is behind: what both call final is the lower one.
    const [lowest, rpc] = said.number < other.number ? [said, second] : [other, first];
    const there = await ask((node) => blockAt(node, lowest.number), rpc);
    if (there?.hash !== lowest.hash)
      throw new NotNow("second-node-differs", "The second node has another final block.");
    return lowest;
  }

  async function finalOf(rpc: Rpc): Promise<Pick<Block, "number" | "hash">> {
    const tagged = confirmations === null ? await blockAt(rpc, "finalized").catch(unlessSaid("unknown")) : "unknown";
    if (tagged !== "unknown" && tagged !== null) return tagged as Block;
    const latest = await blockAt(rpc, "latest");
    const number = tagged === null ? 0 : Math.max(0, (latest?.number ?? 0) - (confirmations ?? DEEP_ENOUGH));
    const block = await blockAt(rpc, number);
    if (!block) throw new NotNow("node-doubtful", "A block that should be final is not there.");
    return block;
  }

  function stopWriting(reason: string): void {
    if (why === null) log.error({ reason }, "The ledger is read-only until somebody has looked, and started again.");
    why ??= reason;
  }
}

function fits(receipt: Receipt, hash: string, block: { hash: string; transactions: string[] } | null | undefined) {
  if (!block || receipt.transactionHash !== hash || receipt.blockHash !== block.hash) return false;
  const ours = (log: Receipt["logs"][number]) =>
    log.transactionHash === hash && log.blockHash === block.hash && Number(log.blockNumber) === receipt.blockNumber;
  return block.transactions.includes(hash) && receipt.logs.every(ours);
}
