import { encodeRlp, keccak256, Transaction, type TransactionLike, toBeArray } from "ethers";
import { transactionKey, trieOver } from "../../lib/audit/trie.ts";
import { toHex } from "../../lib/keyring/bytes.ts";
import type { AskChain } from "../../lib/ledger/read.ts";

/** Thrown where the node's answer is not what its own hashes say: another version of the protocol, or no honest node. */
export class NotAsHashed extends Error {}

/** A block as a node tells it, with every field of its header. */
interface NodeBlock extends Record<string, unknown> {
  hash: string;
  number: string;
  transactionsRoot: string;
  transactions: NodeTransaction[];
}
type NodeTransaction = Record<string, unknown> & { hash: string };

/** A header's fields in their order; those from `baseFeePerGas` on came one after the other, and an older chain lacks the last ones. */
const FIELDS = [
  ...["parentHash", "sha3Uncles", "miner", "stateRoot", "transactionsRoot", "receiptsRoot", "logsBloom", "difficulty"],
  ...["number", "gasLimit", "gasUsed", "timestamp", "extraData", "mixHash", "nonce", "baseFeePerGas"],
  ...["withdrawalsRoot", "blobGasUsed", "excessBlobGas", "parentBeaconBlockRoot", "requestsHash"],
];
const QUANTITIES = new Set([
  ...["difficulty", "number", "gasLimit", "gasUsed", "timestamp", "baseFeePerGas", "blobGasUsed", "excessBlobGas"],
]);

export interface ProvenBlock {
  readonly hash: string;
  readonly number: number;
  readonly header: string;
  readonly block: NodeBlock;
}

/** A block with its header's bytes, which hash to its hash. Throws `NotAsHashed`. */
export async function blockAt(rpc: AskChain, number: number): Promise<ProvenBlock> {
  const block = (await rpc("eth_getBlockByNumber", [quantity(number), true])) as NodeBlock | null;
  if (!block) throw new NotAsHashed("The ledger’s node does not have a block that it told of.");
  const fields = FIELDS.filter((name) => typeof block[name] === "string").map((name) =>
    QUANTITIES.has(name) ? minimal(block[name] as string) : (block[name] as string),
  );
  const header = encodeRlp(fields);
  if (keccak256(header) !== block.hash) throw new NotAsHashed("A block’s header does not hash to its hash.");
  return { hash: block.hash, number, header, block };
}

export interface ProvenTransaction {
  readonly block: string;
  readonly index: number;
  readonly raw: string;
  readonly proof: string[];
}

/**
 * These of a block's transactions, each with the proof that it is in it. `known` are those that we signed, by their hashes; what
 * others sent is put together again. None where one of them is of a kind that we can't write.
 */
export function transactionsIn(
  { hash, block }: ProvenBlock,
  wanted: ReadonlySet<string>,
  known: ReadonlyMap<string, string>,
): ProvenTransaction[] {
  const raws = block.transactions.map((sent) => known.get(sent.hash) ?? written(sent));
  if (raws.some((raw) => raw === null)) return [];
  const trie = trieOver(raws.map((raw, i) => [transactionKey(i), raw!] as const));
  if (trie.root !== block.transactionsRoot) return [];
  return block.transactions.flatMap((sent, index) =>
    wanted.has(sent.hash)
      ? [{ block: hash, index, raw: raws[index]!, proof: trie.proofOf(transactionKey(index)) }]
      : [],
  );
}

const quantity = (n: number) => `0x${n.toString(16)}`;
/** As RLP has a number: without a zero in front. */
const minimal = (hex: string) => toHex(toBeArray(hex));

/** A transaction's own bytes, from what a node tells of it; null where they don't hash to what it is called. */
function written(sent: NodeTransaction): string | null {
  try {
    const { r, s, yParity, v, input, gas, maxFeePerBlobGas, ...rest } = sent as Record<string, string>;
    const raw = Transaction.from({
      ...(rest as TransactionLike),
      ...{ type: Number(rest.type), nonce: Number(rest.nonce), gasLimit: gas, data: input, from: null, hash: null },
      ...(maxFeePerBlobGas ? { maxFeePerBlobGas } : {}),
      signature: { r: r!, s: s!, v: Number(yParity ?? v) },
    } as TransactionLike).serialized;
    return keccak256(raw) === sent.hash ? raw : null;
  } catch {
    return null; // a kind that is newer than we are
  }
}
