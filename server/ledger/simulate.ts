import { z } from "zod";
import { type Chain, NotNow } from "./chain.ts";
import { errorName } from "./contract.ts";
import { hex } from "./node.ts";
import type { Party } from "./plan.ts";
import { RpcError } from "./rpc.ts";

/** What the contract said to a call that was tried. `reason` is the refusing error's name; `gasUsed` is null where nobody counts. */
export interface Tried {
  data: string;
  reason: string | null;
  gasUsed: number | null;
}

const Hex = z.string().regex(/^0x[0-9a-f]*$/i);
const Simulated = z.tuple([
  z.object({
    calls: z.array(
      z.object({
        status: z.enum(["0x0", "0x1"]),
        returnData: Hex,
        gasUsed: Hex.transform(Number).optional(),
        error: z.object({ data: z.unknown().optional() }).nullish(),
      }),
    ),
  }),
]);

/** Nodes without `eth_simulateV1`, found by asking. */
const simple = new WeakSet<Chain>();
const NO_SUCH_METHOD = new Set([-32601, -32004]);

/**
 * Tries calls on top of the last block, each on top of those before it. A node that cannot do so tries only the first:
 * fewer answers come than there were calls.
 */
export async function tryInOrder(calls: { data: string; gas: number }[], party: Party): Promise<Tried[]> {
  const [first] = calls;
  if (!first) return [];
  if (simple.has(party.chain)) return [await tryOne(first, party)];
  try {
    return await tryTogether(calls, party);
  } catch (error) {
    if (!(error instanceof RpcError) || !NO_SUCH_METHOD.has(error.code)) throw error;
    simple.add(party.chain);
    return [await tryOne(first, party)];
  }
}

async function tryTogether(calls: { data: string; gas: number }[], { chain, domain, relayer }: Party) {
  const gas = calls.reduce((sum, call) => sum + call.gas, 0);
  const block = {
    blockOverrides: { time: hex(chain.nextTimestamp()), gasLimit: hex(Math.max(chain.roundGas, gas)) },
    calls: calls.map(({ data, gas }) => ({ from: relayer, to: domain.address, data, gas: hex(gas) })),
  };
  const said = Simulated.safeParse(await chain.call("eth_simulateV1", [{ blockStateCalls: [block] }, "latest"]));
  if (!said.success || said.data[0].calls.length !== calls.length)
    throw new NotNow("node-doubtful", "The ledger's node simulates something else than was asked.");
  return said.data[0].calls.map(({ status, returnData, gasUsed, error }) => ({
    data: returnData,
    reason: status === "0x1" ? null : errorName(error?.data ?? returnData),
    gasUsed: gasUsed ?? null,
  }));
}

async function tryOne({ data, gas }: { data: string; gas: number }, { chain, domain, relayer }: Party): Promise<Tried> {
  const call = { from: relayer, to: domain.address, data, gas: hex(gas) };
  try {
    const said = Hex.safeParse(await chain.call("eth_call", [call, "latest"]));
    if (!said.success) throw new NotNow("node-doubtful", "The ledger's node answers a call with no bytes.");
    return { data: said.data, reason: null, gasUsed: null };
  } catch (error) {
    // Only a revert is the contract's answer; a node has other reasons of its own.
    if (!(error instanceof RpcError) || !(Hex.safeParse(error.data).success || /revert/i.test(error.message)))
      throw error;
    return { data: "0x", reason: errorName(error.data), gasUsed: null };
  }
}
