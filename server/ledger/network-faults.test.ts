import { afterEach, expect, test } from "vitest";
import { type Network, openNetwork } from "./network.fixture.ts";
import type { Outage } from "./proxy.fixture.ts";

/* What the other tests here stand on: that the faults are faults. */

let network: Network;
afterEach(() => network.close());

const ask = async (method: string, params: unknown[] = [], patience = 500) => {
  const answer = await fetch(network.proxy.url, {
    method: "POST",
    body: JSON.stringify({ jsonrpc: "2.0", id: 1, method, params }),
    signal: AbortSignal.timeout(patience),
  });
  if (!answer.ok) throw new Error(String(answer.status));
  return ((await answer.json()) as { result: unknown }).result;
};

test("the proxy says what the node says, fails in every way it is told, and comes back", async () => {
  network = await openNetwork();
  expect(Number(await ask("eth_chainId"))).toBe(Number(network.chainId));
  for (const outage of ["refused", "reset", "hang", "500", "429", "html", "half", "empty"] satisfies Outage[]) {
    await network.proxy.fail(outage);
    await expect(ask("eth_chainId")).rejects.toThrow();
    await network.proxy.fail(null);
    expect(Number(await ask("eth_chainId"))).toBe(Number(network.chainId));
  }
  network.proxy.lie = ({ method }, truth) => (method === "eth_chainId" ? { result: "0x1" } : truth());
  expect(await ask("eth_chainId")).toBe("0x1");
  expect(Number(await ask("eth_blockNumber"))).toBe(await network.head());
});

test("a reorg replaces as many blocks as it is told, and what is final stays", async () => {
  network = await openNetwork();
  const hashAt = async (tag: string) => ((await ask("eth_getBlockByNumber", [tag, false])) as { hash: string }).hash;
  await network.mine(10);
  const head = await network.head();
  const [below, above, final] = [
    await hashAt(`0x${(head - 5).toString(16)}`),
    await hashAt("latest"),
    await hashAt("finalized"),
  ];
  await network.reorg(5);
  expect(await hashAt(`0x${(head - 5).toString(16)}`)).toBe(below);
  expect(await hashAt("latest")).not.toBe(above);
  expect(await hashAt("finalized")).toBe(final);
  expect(await network.head()).toBe(head);
});
