import { describe, expect, test } from "vitest";
import { LIMIT_EXCEEDED, NodeLies, NodeSaysNo, resultIn, searchLogs, UNAVAILABLE } from "./logs.ts";
import { type AskChain, type Log, readRecord } from "./read.ts";

const HEAD = 1_000;
const address = `0x${"ab".repeat(20)}`;
/** Most of what happened was in a few blocks. */
const blocks = [1, 40, 41, 41, 41, 41, 42, 500, 501, 999, HEAD];
const logs = blocks.map((block, i) => ({ blockNumber: hex(block), data: hex(i) }) as Log);

/** A node that says no as `no` tells it to, and what it was asked. */
function node(no: (wide: number, found: number, first: number) => unknown, head = () => HEAD) {
  const asked: [number, number][] = [];
  const ask: AskChain = async (method, params) => {
    if (method === "eth_blockNumber") return hex(head());
    const { fromBlock, toBlock } = params[0] as { fromBlock: string; toBlock: string };
    const [first, last] = [Number(fromBlock), toBlock === "latest" ? head() : Number(toBlock)];
    asked.push([first, last]);
    const found = logs.filter(({ blockNumber }) => Number(blockNumber) >= first && Number(blockNumber) <= last);
    const why = no(last - first + 1, found.length, first);
    if (why !== null) throw why;
    return found;
  };
  return { ask, asked };
}

async function all(ask: AskChain, between: Parameters<typeof searchLogs>[2] = { from: 0 }): Promise<Log[]> {
  const found: Log[] = [];
  for await (const piece of searchLogs(ask, { address }, between)) found.push(...piece.logs);
  return found;
}
const no = (code: number, message = "") => new NodeSaysNo({ code, message });

describe("a search for events", () => {
  test("is one question where the node takes it", async () => {
    const { ask, asked } = node(() => null);
    expect(await all(ask)).toEqual(logs);
    expect(asked).toEqual([[0, HEAD]]);
  });

  test.each<[string, (wide: number, found: number) => unknown]>([
    ["4 results", (_, found) => (found > 4 ? no(-32005, "query returned more than 4 results") : null)],
    ["a range of 100 blocks", (wide) => (wide > 100 ? no(-32602, "block range too large") : null)],
    ["a range of 7 blocks", (wide) => (wide > 7 ? no(-32600, "ranges over 7 blocks are not supported") : null)],
    ["one block", (wide) => (wide > 1 ? no(-32000, "exceed maximum block range: 1") : null)],
    ["what fits its answer", (_, found) => (found > 5 ? no(LIMIT_EXCEEDED, "It is too large.") : null)],
  ])("of a node that takes no more than %s finds all there is, once and in order", async (_, says) => {
    for (const between of [{ from: 0 }, { from: 0, to: HEAD }, { from: 0, to: HEAD, widest: 300 }]) {
      const { ask, asked } = node(says);
      expect(await all(ask, between)).toEqual(logs);
      expect(asked.length).toBeLessThan(3 * HEAD);
    }
  });

  test("ends with the node's own words where not even one block is told", async () => {
    const { ask, asked } = node((_, __, first) => (first > 40 ? null : no(-32005, "more than 10000 results")));
    await expect(all(ask)).rejects.toThrow("more than 10000 results");
    expect(asked.at(-1)).toEqual([0, 0]);
  });

  test("passes over nothing where the chain grows meanwhile", async () => {
    let head = 40;
    const { ask } = node(
      (wide) => (wide > 1 ? no(-32602) : null),
      () => Math.min(HEAD, head++),
    );
    expect(await all(ask)).toEqual(logs);
  });

  test("is wider again after a busy stretch", async () => {
    const { ask, asked } = node((_, found) => (found > 4 ? no(-32005) : null));
    await all(ask);
    expect(asked.length).toBeLessThan(80);
  });

  test.each([
    ["asked too often for a day", no(-32005, "daily request count exceeded, request rate limited, slow your quota")],
    ["asked too often", no(-32005, "Too Many Requests")],
    ["away", no(UNAVAILABLE, "The ledger’s node does not answer.")],
    ["no node", new Error("ECONNREFUSED")],
  ])("is not asked again in halves of a node that is %s", async (_, why) => {
    const { ask, asked } = node(() => why);
    await expect(all(ask)).rejects.toBe(why);
    expect(asked).toHaveLength(1);
  });
});

describe("a search of a node that lies about its newest block", () => {
  const lies = (head: unknown, most = 1) => {
    const { ask, asked } = node((wide) => (wide > most ? no(-32602, "block range too large") : null));
    return { asked, ask: (async (...q) => (q[0] === "eth_blockNumber" ? head : ask(...q))) as AskChain };
  };

  test.each(["none", null, "", 7, "0x", "-0x1", "1e3", "0x20000000000000", `0x${"f".repeat(64)}`])(
    "ends at once where it says %j",
    async (head) => {
      const { ask, asked } = lies(head);
      await expect(all(ask)).rejects.toBeInstanceOf(NodeLies);
      expect(asked).toHaveLength(1);
    },
  );

  test("ends at once where that is before the first block that is asked for", async () => {
    await expect(all(lies("0x9").ask, { from: 10 })).rejects.toBeInstanceOf(NodeLies);
  });

  test("ends with a reason where there is no end of blocks", async () => {
    for (const between of [{ from: 0 }, { from: 0, to: 0xfffffffffffff, widest: 10_000 }]) {
      const { ask, asked } = lies("0xfffffffffffff");
      await expect(all(ask, between)).rejects.toThrow("more than 50000 questions");
      expect(asked).toHaveLength(50_000);
    }
  });
});

test("a record is found at a node that searches a few blocks at a time", async () => {
  const ledger = { chainId: "1", address };
  const record = `0x${"01".repeat(32)}`;
  const topics = ["0x", `0x${"c0".repeat(32)}`, record];
  const { ask } = node((wide) => (wide > 60 ? no(-32602, "block range too large") : null));
  const rpc: AskChain = async (method, params) => {
    if (method === "eth_chainId") return "0x1";
    const found = await ask(method, params);
    if (method !== "eth_getLogs") return found;
    const wanted = (params[0] as { topics: [string[]] }).topics[0][0]!;
    return (found as Log[])
      .filter(({ data }) => data === "0x7")
      .map((log) => ({
        ...log,
        address,
        data: "0x",
        topics: [wanted, ...topics.slice(1)],
        blockHash: "0xb7",
        transactionHash: "0x77",
      }));
  };
  expect(await readRecord(rpc, ledger, record)).toMatchObject({ record, block: 500 });
});

describe("a node's HTTP answer", () => {
  const error = { code: -32602, message: "block range too large" };
  const answer = (body: unknown, status = 200) => resultIn(new Response(JSON.stringify(body), { status }));

  test("is its result", async () => expect(await answer({ result: "0x1" })).toBe("0x1"));
  test.each([200, 400, 403, 413])("is its no, also with status %i", async (status) => {
    await expect(answer({ error }, status)).rejects.toMatchObject(error);
    await expect(answer({ error }, status)).rejects.toBeInstanceOf(NodeSaysNo);
  });
  test("is too large by its status alone", async () => {
    await expect(resultIn(new Response("<html>", { status: 413 }))).rejects.toMatchObject({ code: LIMIT_EXCEEDED });
  });
  test.each([401, 429, 500, 503])("is none with status %i, whatever error comes with it", async (status) => {
    await expect(answer({ error }, status)).rejects.not.toBeInstanceOf(NodeSaysNo);
    await expect(answer({ result: "0x1" }, status)).rejects.not.toBeInstanceOf(NodeSaysNo);
  });
  test.each([200, 500, 502])("is none where it is no JSON, with status %i", async (status) => {
    await expect(resultIn(new Response("<html>", { status }))).rejects.not.toBeInstanceOf(NodeSaysNo);
  });
});

function hex(n: number): string {
  return `0x${n.toString(16)}`;
}
