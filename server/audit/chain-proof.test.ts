import { keccak256, Transaction, type TransactionLike, Wallet } from "ethers";
import { describe, expect, test } from "vitest";
import { provenAt, trieOver } from "../../lib/audit/trie.ts";
import { blockAt, NotAsHashed, type ProvenBlock, transactionsIn } from "./chain-proof.ts";

const wallet = Wallet.createRandom();
const to = `0x${"ab".repeat(20)}`;
const hex = (n: number | bigint | null) => `0x${(n ?? 0).toString(16)}`;
const kinds: TransactionLike[] = [
  { type: 0, gasPrice: 7n },
  { type: 1, gasPrice: 7n, accessList: [{ address: to, storageKeys: [`0x${"01".repeat(32)}`] }] },
  { type: 2, maxFeePerGas: 9n, maxPriorityFeePerGas: 1n },
];
const raws = await Promise.all(
  kinds.map((kind, nonce) =>
    wallet.signTransaction({ ...kind, nonce, to, chainId: 5, gasLimit: 21_000, value: 3, data: "0x1234" }),
  ),
);

/** A transaction as a node tells of it. */
function told(raw: string) {
  const sent = Transaction.from(raw);
  const { r, s, yParity, v } = sent.signature!;
  return {
    ...{
      hash: keccak256(raw),
      type: hex(sent.type),
      nonce: hex(sent.nonce),
      gas: hex(sent.gasLimit),
      to,
      input: sent.data,
    },
    ...{ value: hex(sent.value), chainId: hex(sent.chainId), from: wallet.address.toLowerCase(), r, s, v: hex(v) },
    ...(sent.type === 0
      ? { gasPrice: hex(sent.gasPrice) }
      : { yParity: hex(yParity), accessList: sent.accessList ?? [] }),
    ...(sent.type === 1 ? { gasPrice: hex(sent.gasPrice) } : {}),
    ...(sent.type === 2
      ? { maxFeePerGas: hex(sent.maxFeePerGas), maxPriorityFeePerGas: hex(sent.maxPriorityFeePerGas), gasPrice: hex(8) }
      : {}),
  };
}

const keyOf = (index: number) => (index === 0 ? "0x80" : hex(index).replace(/^0x(.)$/, "0x0$1"));
const { root } = trieOver(raws.map((raw, i) => [keyOf(i), raw] as const));
const blockOf = (change: object = {}): ProvenBlock => ({
  ...{ hash: `0x${"1".repeat(64)}`, number: 7, header: "0x" },
  block: { hash: "", number: "0x7", transactionsRoot: root, transactions: raws.map(told), ...change },
});
const hashes = new Set(raws.map((raw) => keccak256(raw)));

describe("transactions of a block", () => {
  test("are proven to be in it, also those that others signed", () => {
    const found = transactionsIn(blockOf(), hashes, new Map([[keccak256(raws[2]!), raws[2]!]]));
    expect(found.map(({ raw }) => raw)).toEqual(raws);
    for (const { index, raw, proof } of found) expect(provenAt(root, keyOf(index), proof)).toBe(raw);
  });

  test("are left out where one of them is of a kind that we can't write, or the block has another root", () => {
    const newer = [...raws.map(told), { hash: `0x${"2".repeat(64)}`, type: "0x7e" }];
    expect(transactionsIn(blockOf({ transactions: newer }), hashes, new Map())).toEqual([]);
    expect(transactionsIn(blockOf({ transactionsRoot: `0x${"3".repeat(64)}` }), hashes, new Map())).toEqual([]);
  });
});

test("a header that does not hash to its block's hash is not passed on", async () => {
  const block = { ...blockOf().block, hash: `0x${"4".repeat(64)}`, stateRoot: root };
  await expect(blockAt(async () => block, 7)).rejects.toThrow(NotAsHashed);
  await expect(blockAt(async () => null, 7)).rejects.toThrow(NotAsHashed);
});
