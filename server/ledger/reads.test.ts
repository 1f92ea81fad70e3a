import { id } from "ethers";
import { expect, test } from "vitest";
import { openChain } from "../../lib/audit/chain.ts";
import { NodeLies, NodeSaysNo } from "../../lib/ledger/logs.ts";
import { readRecord } from "../../lib/ledger/read.ts";
import { browserReads } from "./reads.ts";

const contract = `0x${"a".repeat(40)}`;
const [SINCE, HEAD] = [7_000_000, 7_020_000];
const consent = `0x${"c0".repeat(32)}`;
const record = `0x${"01".repeat(32)}`;
const recorded = {
  address: contract,
  topics: [id("RecordedByPatient(bytes32,bytes32)"), consent, record],
  data: "0x",
  blockNumber: hex(7_012_345),
  blockHash: "0xb7",
  transactionHash: "0x77",
};

/** The window on a node that takes ten thousand blocks at a time and none backwards, and what that node was asked. */
function open() {
  const searched: { fromBlock: string; toBlock: string }[] = [];
  const window = browserReads({
    ...{ contract, since: SINCE, head: () => HEAD },
    call: async (method, params) => {
      if (method === "eth_chainId") return "0x1";
      if (method === "eth_blockNumber") return hex(HEAD);
      const search = params[0] as { fromBlock: string; toBlock: string };
      searched.push(search);
      const [first, last] = [search.fromBlock, search.toBlock].map((at) => (at === "latest" ? HEAD : Number(at)));
      if (first! > last!) throw new NodeSaysNo({ code: -32602, message: "invalid block range params" });
      if (last! - first! >= 10_000)
        throw new NodeSaysNo({ code: -32005, message: "exceed maximum block range: 10000" });
      return [recorded].filter(({ blockNumber }) => Number(blockNumber) >= first! && Number(blockNumber) <= last!);
    },
  });
  return { window, searched };
}

test("a browser's search begins where the ledger did, however it asks for everything", async () => {
  const { window, searched } = open();
  for (const fromBlock of ["earliest", "0x0", hex(SINCE), hex(SINCE + 1)])
    await window("eth_getLogs", [{ fromBlock, toBlock: hex(SINCE + 9_999) }]);
  expect(searched.map(({ fromBlock }) => Number(fromBlock))).toEqual([SINCE, SINCE, SINCE, SINCE + 1]);
});

test("a browser's search that ends before the ledger began finds nothing, and the node is not asked backwards", async () => {
  const { window, searched } = open();
  for (const toBlock of ["earliest", "0x270f", hex(SINCE - 1)])
    expect(await window("eth_getLogs", [{ fromBlock: "0x0", toBlock }])).toEqual([]);
  expect(searched).toEqual([]);
});

test("a ledger far from block 0 is read through the window with few questions, by name and as a whole", async () => {
  const ledger = { chainId: "1", address: contract };
  const named = open();
  expect(await readRecord(named.window, ledger, record)).toMatchObject({ record, block: 7_012_345 });
  expect(named.searched.length).toBeLessThan(20);
  const session = open();
  const read = openChain(session.window, { address: contract }, [consent]);
  await read.readOn();
  expect(read.recordsOf(consent)).toEqual([record]);
  expect(session.searched.length).toBeLessThan(20);
  const whole = open();
  const chain = openChain(whole.window, { address: contract });
  await chain.readOn();
  expect(chain.recordsOf(consent)).toEqual([record]);
  expect(chain.upTo).toBe(HEAD);
  expect(whole.searched.length).toBeLessThan(5);
});

test.each([[undefined], [[consent]]])("who knows where the ledger began asks nothing older (%j)", async (consents) => {
  const { window } = open();
  const asked: [string, unknown[]][] = [];
  const ask: typeof window = (...question) => {
    asked.push(question as [string, unknown[]]);
    return window(...question);
  };
  const chain = openChain(ask, { address: contract, since: SINCE }, consents);
  await chain.readOn();
  expect(chain.recordsOf(consent)).toEqual([record]);
  expect(asked.length).toBeLessThan(10);
});

test("who reads the whole ledger of a node that names no newest block hears that it lies", async () => {
  await expect(openChain(async () => "none", { address: contract }).readOn()).rejects.toBeInstanceOf(NodeLies);
});

function hex(n: number): string {
  return `0x${n.toString(16)}`;
}
