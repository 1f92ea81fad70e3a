import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { openNodeRpc, RpcError } from "./rpc.ts";

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
