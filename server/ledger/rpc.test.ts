import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";
import { afterEach, describe, expect, test } from "vitest";
import { hex, logsOf } from "./node.ts";
import { NoAnswer, openNodeRpc, RpcError } from "./rpc.ts";

let server: Server;
afterEach(() => new Promise((closed) => server.close(closed)));

test("a node that repeats the address it was asked at gives no key away", async () => {
  server = createServer((request, response) => {
    const told = { code: -32005, message: `too many requests for ${request.url}`, data: { see: request.url } };
    response.end(JSON.stringify({ jsonrpc: "2.0", id: 1, error: told }));
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  const { port } = server.address() as AddressInfo;
  const rpc = openNodeRpc(new URL(`http://me:100%25%@127.0.0.1:${port}/v3/not-a-real-key?token=nor-this-one`));
  const error = await rpc.call("eth_chainId", []).catch((thrown: unknown) => thrown);
  rpc.close();
  expect(error).toBeInstanceOf(RpcError);
  expect(error).toMatchObject({ code: -32005, data: undefined });
  expect((error as RpcError).message).toMatch(/^too many requests/);
  expect((error as RpcError).message).not.toMatch(/not-a-real-key|nor-this-one/);
});

type Body = { id: number; method: string; params: [{ fromBlock: string; toBlock: string }] };
const HEAD = 300;
const log = (block: number) => ({
  address: `0x${"ab".repeat(20)}`,
  topics: [],
  data: "0x",
  blockNumber: hex(block),
  blockHash: `0x${block.toString(16).padStart(64, "0")}`,
  transactionHash: `0x${"77".repeat(32)}`,
});

describe("a node that takes no wide search", () => {
  const tooWide = (id: number) => JSON.stringify({ jsonrpc: "2.0", id, error: { code: -32600, message: "too wide" } });
  const answers = (wide: (id: number) => [number, string]) =>
    listening(async (request, response) => {
      const { id, method, params } = JSON.parse(await text(request)) as Body;
      const say = (result: unknown) => response.end(JSON.stringify({ jsonrpc: "2.0", id, result }));
      if (method === "eth_blockNumber") return say(hex(HEAD));
      const [first, last] = [params[0].fromBlock, params[0].toBlock].map((at) => (at === "latest" ? HEAD : Number(at)));
      if (last! - first! < 9) return say([5, 6, 150, HEAD].filter((at) => at >= first! && at <= last!).map(log));
      const [status, body] = wide(id);
      response.writeHead(status).end(body);
    });

  test.each<[string, (id: number) => [number, string]]>([
    ["with an error", (id) => [200, tooWide(id)]],
    ["as a bad request, with an error", (id) => [400, tooWide(id)]],
    ["as forbidden, with an error", (id) => [403, tooWide(id)]],
    ["as too large a request", () => [413, "<html>"]],
  ])("and says so %s is asked piece by piece, and nothing is passed over", async (_, wide) => {
    const rpc = openNodeRpc(await answers(wide));
    const found = await logsOf(rpc, log(0).address, [], 4);
    rpc.close();
    expect(found.map(({ blockNumber }) => Number(blockNumber))).toEqual([5, 6, 150, HEAD]);
  });

  test.each([
    [400, "<html>"],
    [401, tooWide(1)],
    [403, "<html>"],
    [429, tooWide(1)],
    [500, tooWide(1)],
  ])("is not taken for one that says only HTTP %i", async (status, body) => {
    const rpc = openNodeRpc(await answers(() => [status, body]));
    await expect(logsOf(rpc, log(0).address, [], 4)).rejects.toBeInstanceOf(NoAnswer);
    rpc.close();
  });
});

async function listening(answer: RequestListener): Promise<URL> {
  server = createServer(answer);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  return new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
}
