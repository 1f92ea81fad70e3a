import { AbiCoder, id as topicOf } from "ethers";
import { describe, expect, test } from "vitest";
import { NodeLies } from "./logs.ts";
import { type AskChain, foldHead, isFinal, readConsent, readRecord } from "./read.ts";
import { readRecords } from "./records.fixture.ts";

const word = (byte: string) => `0x${byte.repeat(32)}`;
const ledger = { chainId: "140737488355400", address: `0x${"ab".repeat(20)}` };
const [consent, one, two] = [word("c0"), word("01"), word("02")];

const recorded = (record: string, change: object = {}) => ({
  address: ledger.address,
  topics: [topicOf("RecordedByGrantee(bytes32,bytes32)"), consent, record],
  data: "0x",
  blockNumber: "0x7",
  blockHash: word("b7"),
  transactionHash: word("77"),
  ...change,
});

/** A node that answers as it is told. */
function node(answers: { logs?: (topic: unknown) => unknown[]; chainId?: string; state?: unknown[] }): AskChain {
  return async (method, params) => {
    if (method === "eth_chainId") return `0x${BigInt(answers.chainId ?? ledger.chainId).toString(16)}`;
    if (method === "eth_getLogs") return answers.logs?.((params[0] as { topics: unknown[] }).topics[0]) ?? [];
    return AbiCoder.defaultAbiCoder().encode(["tuple(bytes25,uint24,uint24,uint8)"], [answers.state]);
  };
}

describe("a line held against the chain", () => {
  test("is found with its place, or is not there", async () => {
    expect(await readRecord(node({ logs: () => [recorded(one)] }), ledger, one)).toEqual({
      record: one,
      consent,
      byPatient: false,
      block: 7,
      blockHash: word("b7"),
      transaction: word("77"),
    });
    expect(await readRecord(node({}), ledger, one)).toBeNull();
  });

  test.each([
    ["another record", [recorded(two)], undefined],
    ["another contract's log", [recorded(one, { address: `0x${"cd".repeat(20)}` })], undefined],
    ["another event", [recorded(one, { topics: [topicOf("Granted(bytes32)"), consent, one] })], undefined],
    ["one record twice", [recorded(one), recorded(one)], undefined],
    ["another chain", [recorded(one)], "1"],
  ])("a node that answers with %s is caught", async (_, logs, chainId) => {
    const liar = node({ logs: () => logs, ...(chainId ? { chainId } : {}) });
    await expect(readRecord(liar, ledger, one)).rejects.toBeInstanceOf(NodeLies);
  });

  test("a revocation that is kept but not told is caught", async () => {
    const state = [`0x${"00".repeat(25)}`, 0, 0, 2];
    await expect(readConsent(node({ state }), ledger, consent)).rejects.toBeInstanceOf(NodeLies);
  });
});

describe("all records of a consent", () => {
  test("are proved by their fold: none missing, none added, none moved", async () => {
    const logs = () => [recorded(one), recorded(two)];
    const ids = (await readRecords(node({ logs }), ledger, consent)).map(({ record }) => record);
    const head = foldHead(consent, [one, two]);
    expect(foldHead(consent, ids)).toBe(head);
    for (const wrong of [[one], [two, one], [one, two, two], []]) expect(foldHead(consent, wrong)).not.toBe(head);
  });

  test("begin with the consent's own id, cut to 25 bytes", () => {
    expect(foldHead(consent, [])).toBe(`0x${"c0".repeat(25)}`);
  });
});

describe("what can no longer be undone", () => {
  const place = { block: 100, blockHash: word("b1"), transaction: word("71") };
  const at =
    (heads: { latest: number; finalized?: number }): AskChain =>
    async (_, [tag]) => {
      const head = heads[tag as "latest" | "finalized"];
      if (head === undefined) throw new Error("unknown tag");
      return { number: `0x${head.toString(16)}` };
    };
  test.each([
    ["on a ledger of one clinic: once a block follows", true, { latest: 100 }, false],
    ["and then it is", true, { latest: 101 }, true],
    ["on a network: when the network says so", false, { latest: 400, finalized: 99 }, false],
    ["and then it is, too", false, { latest: 102, finalized: 100 }, true],
    ["on one that does not say: when it is deep", false, { latest: 163 }, false],
    ["as deep as this", false, { latest: 164 }, true],
  ])("%s", async (_, local, heads, expected) => {
    expect(await isFinal(at(heads), place, local)).toBe(expected);
  });
});
