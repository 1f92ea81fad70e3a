import { asc, inArray } from "drizzle-orm";
import { keccak256 } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act as acts } from "../storage/schema.ts";
import type { LedgerCall } from "./act.ts";
import { enroll, type Grant, grant, type House, type Person, person, record, revoke } from "./ledger.fixture.ts";
import { type Network, openNetwork, openNetworkHouse } from "./network.fixture.ts";
import type { FaultProxy, Lie } from "./proxy.fixture.ts";

/**
 * C3: what a node may say instead of the truth. While it lies no act is said to be where it is not; afterwards each
 * arrives, or stays where it honestly must. A story that agrees with itself takes a second node to find out.
 */
interface Case {
  /** Which question is answered wrongly, and how. It is looked at after some such answers. */
  about: string;
  lie(world: World): Lie | Promise<Lie>;
  /** Instead of a grant and two records. */
  acts?(world: World): LedgerCall[];
  /** By a stranger: before ours are queued, or in the same block before them. */
  stranger?: { when: "before" | "between"; sends(world: World): LedgerCall };
  /** What must be so in the end besides. */
  afterwards?(world: World): Promise<void>;
  /** How each act ends; all `final` unless told. */
  ends?: string[];
}

interface World {
  network: Network;
  house: House;
  doctor: Person;
  ana: Person;
  given: Grant;
}

// biome-ignore lint/suspicious/noExplicitAny: what a node says is what a lie changes, whatever its shape.
type Anything = any;

/** Says something else to one kind of question. `ask` is the node itself. */
const instead =
  (about: string, change: (truth: Anything, params: Anything[]) => unknown): Lie =>
  async ({ method, params }, truth) => {
    const said = await truth();
    return method === about && said.error === undefined ? { result: await change(said.result, params) } : said;
  };
const never = new Promise<never>(() => undefined);
const nowhere = `0x${"ab".repeat(32)}`;
const moved = (receipt: Anything, place: object) =>
  receipt && { ...receipt, ...place, logs: receipt.logs.map((log: object) => ({ ...log, ...place })) };

const alone: Record<string, Case> = {
  "a head that stands still": {
    about: "eth_getBlockByNumber",
    lie: async ({ network }) => {
      const old = await network.node.call("eth_getBlockByNumber", ["latest", false]);
      return instead("eth_getBlockByNumber", (truth, [tag]) => (tag === "latest" ? old : truth));
    },
  },
  "no block has it": {
    about: "eth_getTransactionReceipt",
    lie: () => instead("eth_getTransactionReceipt", () => null),
  },
  "success of what failed": {
    about: "eth_getTransactionReceipt",
    lie: () => instead("eth_getTransactionReceipt", (truth) => truth && { ...truth, status: "0x1" }),
    stranger: { when: "between", sends: ({ house, given, ana }) => revoke(house.ledger.about, given, ana) },
    ends: ["ConsentIsRevoked", "ConsentIsRevoked", "ConsentIsRevoked"],
  },
  "failure of what succeeded": {
    about: "eth_getTransactionReceipt",
    lie: () => instead("eth_getTransactionReceipt", (truth) => truth && { ...truth, status: "0x0" }),
  },
  "a receipt from a block that is none": {
    about: "eth_getTransactionReceipt",
    lie: () => instead("eth_getTransactionReceipt", (truth) => moved(truth, { blockHash: nowhere })),
  },
  "a receipt from a block that has it not": {
    about: "eth_getTransactionReceipt",
    lie: async ({ network }) => {
      const { number: blockNumber, hash: blockHash } = (await network.node.call("eth_getBlockByNumber", [
        "0x1",
        false,
      ])) as Anything;
      return instead("eth_getTransactionReceipt", (truth) => moved(truth, { blockNumber, blockHash }));
    },
  },
  "a receipt without its events": {
    about: "eth_getTransactionReceipt",
    lie: () => instead("eth_getTransactionReceipt", (truth) => truth && { ...truth, logs: [] }),
  },
  "the receipt of another transaction": {
    about: "eth_getTransactionReceipt",
    lie: async ({ network }) => {
      const block = (await network.node.call("eth_getBlockByNumber", ["0x1", false])) as Anything;
      const other = await network.node.call("eth_getTransactionReceipt", [block.transactions[0]]);
      return instead("eth_getTransactionReceipt", (truth) => truth && other);
    },
  },
  "nothing to the question for a receipt": {
    about: "eth_getTransactionReceipt",
    lie: () => instead("eth_getTransactionReceipt", () => never),
  },
  "a yes to what is sent, which is thrown away": {
    about: "eth_sendRawTransaction",
    lie:
      () =>
      ({ method, params }, truth) =>
        method === "eth_sendRawTransaction" ? { result: keccak256(String(params[0])) } : truth(),
  },
  "an event that nobody made": {
    about: "eth_getLogs",
    acts: ({ house, given, doctor }) => [
      given,
      record(house.ledger.about, given, doctor, 1),
      record(house.ledger.about, given, doctor, 3),
    ],
    lie: () =>
      instead("eth_getLogs", (truth, [{ address, topics }]) =>
        truth.length > 0
          ? truth
          : [
              {
                ...{ address, topics, data: `0x${"00".repeat(31)}00`, blockNumber: "0x1", blockHash: nowhere },
                ...{ transactionHash: nowhere, transactionIndex: "0x0", logIndex: "0x0", removed: false },
              },
            ],
      ),
    ends: ["final", "final", "NumberLeavesGap"],
  },
  "no event where there is one": {
    about: "eth_getLogs",
    lie: () => instead("eth_getLogs", () => []),
    stranger: { when: "before", sends: ({ given }) => given },
    ends: ["ConsentIsAlreadyGranted", "final", "final"],
  },
  "a nonce that is far ahead": {
    about: "eth_getTransactionCount",
    lie: () => instead("eth_getTransactionCount", (truth) => `0x${(Number(truth) + 5).toString(16)}`),
  },
  "a nonce that is long past": {
    about: "eth_getTransactionCount",
    lie: () => instead("eth_getTransactionCount", () => "0x0"),
  },
  "an empty purse": {
    about: "eth_getBalance",
    lie: () => instead("eth_getBalance", () => "0x0"),
  },
  "a price that would empty the purse": {
    about: "eth_maxPriorityFeePerGas",
    lie: () => instead("eth_maxPriorityFeePerGas", () => `0x${(10n ** 14n).toString(16)}`),
    afterwards: async ({ network }) => {
      const left = BigInt(String(await network.node.call("eth_getBalance", [network.relayer, "latest"])));
      expect(left).toBeGreaterThan(99n * 10n ** 18n);
    },
  },
  "a yes to everything that is tried": {
    about: "eth_simulateV1",
    acts: ({ house, ana, doctor, given }) => {
      const forged = grant(house.ledger.about, ana, doctor);
      return [given, { ...forged, signature: given.signature }, record(house.ledger.about, given, doctor, 1)];
    },
    lie: () =>
      instead("eth_simulateV1", ([block]) => [
        { ...block, calls: block.calls.map((call: object) => ({ ...call, status: "0x1", error: undefined })) },
      ]),
    ends: ["final", "Reverted", "final"],
  },
  "null, whatever is asked": { about: "eth_chainId", lie: () => () => ({ result: null }) },
  "words instead of numbers": {
    about: "eth_chainId",
    lie: () => () => ({ result: { number: "many", hash: "soon", transactions: "some", logs: {}, status: true } }),
  },
};

/** Told by one of two nodes; the other is honest. */
const together: Record<string, Case & { by: "first" | "second" }> = {
  "the last block is final": {
    by: "first",
    about: "eth_getBlockByNumber",
    lie: ({ network }) =>
      instead("eth_getBlockByNumber", (truth, [tag]) =>
        tag === "finalized" ? network.node.call("eth_getBlockByNumber", ["latest", false]) : truth,
      ),
  },
  "a chain that the other does not have": {
    by: "second",
    about: "eth_getTransactionReceipt",
    lie: () => instead("eth_getTransactionReceipt", () => null),
  },
  "other blocks than the other has": {
    by: "second",
    about: "eth_getBlockByNumber",
    lie: () => instead("eth_getBlockByNumber", (truth) => truth && { ...truth, hash: nowhere }),
  },
  "nothing at all": { by: "second", about: "eth_chainId", lie: () => () => never },
};

describe.each([
  ["alone", alone, false],
  ["with a second node", together, true],
] as const)("C3 a node %s says", (_, table, withSecond) => {
  let network: Network;
  let second: FaultProxy | undefined;
  let house: House;
  let doctor: Person;

  beforeAll(async () => {
    network = await openNetwork({ slots: 2 });
    second = withSecond ? await network.another() : undefined;
    house = await openNetworkHouse(network, { second });
    doctor = person();
    const ids = await house.queue([enroll(doctor)]);
    await arrive(ids, ["final"]);
  }, 120_000);
  beforeEach(() => {
    house.alarms.length = 0;
  });
  afterAll(async () => {
    await house?.close();
    await network?.close();
  });

  const rowsOf = (ids: string[]) =>
    house.storage.read.select().from(acts).where(inArray(acts.id, ids)).orderBy(asc(acts.order));
  const said = (row: { state: string; reason: string | null }) => row.reason ?? row.state;

  async function arrive(ids: string[], ends: string[]): Promise<void> {
    const there = async () => (await rowsOf(ids)).every((row) => row.state === "final" || row.state === "parked");
    await network.mineUntil(async () => (await there()) || (await onLedger(ids)));
    await network.mine(5);
    await network.mineUntil(there);
    expect((await rowsOf(ids)).map(said)).toEqual(ends);
  }
  const onLedger = async (ids: string[]) =>
    (await rowsOf(ids)).every(({ state }) => ["ledger", "final", "parked"].includes(state));

  /** What is said of every act is what the node itself has, past the proxy. */
  async function assertHonest(ids: string[], calls: LedgerCall[]): Promise<void> {
    const final = (await network.node.call("eth_getBlockByNumber", ["finalized", false])) as { number: string };
    for (const [i, { state, transaction, block, blockHash }] of (await rowsOf(ids)).entries()) {
      if (state !== "ledger" && state !== "final") continue;
      expect(await network.placesOf(calls[i]!)).toEqual([{ transaction, block, blockHash }]);
      if (state === "final") expect(block).toBeLessThanOrEqual(Number(final.number));
    }
  }

  test.each(Object.keys(table))("%s", async (name) => {
    const one = table[name] as Case & { by?: string };
    const ana = person();
    const world: World = { network, house, doctor, ana, given: grant(house.ledger.about, ana, doctor) };
    const { about } = house.ledger;
    const two = [record(about, world.given, doctor, 1), record(about, world.given, doctor, 2)];
    const calls = one.acts?.(world) ?? [world.given, ...two];
    const stranger = async () =>
      network.node.call("eth_sendRawTransaction", [await network.byStranger(one.stranger!.sends(world))]);
    if (one.stranger?.when === "before") {
      await stranger();
      await network.mine();
    }

    const proxy = one.by === "second" ? second! : network.proxy;
    proxy.lie = await one.lie(world);
    proxy.asked.length = 0;
    const ids = await house.queue(calls);
    if (one.stranger?.when === "between") {
      await network.until(async () => (await rowsOf(ids)).every(({ state }) => state === "sent"));
      await stranger();
    }
    const heard = () => proxy.asked.filter(({ method }) => method === one.about).length;
    await network.mineUntil(async () => heard() >= 4 || (await onLedger(ids)));
    if (one.by) {
      // Without another block: what is final now was made so by a lie.
      const told = heard();
      await network.until(async () => heard() >= told + 6);
      await assertHonest(ids, calls);
    }
    await network.mine(5);
    const before = heard();
    await network.mineUntil(async () => heard() >= before + 3 || (await onLedger(ids)));
    await assertHonest(ids, calls);

    proxy.lie = null;
    await arrive(ids, one.ends ?? calls.map(() => "final"));
    await assertHonest(ids, calls);
    expect((await house.ledger.status()).state).not.toBe("read-only");
    await one.afterwards?.(world);
  });

  test("another chain id stops the relayer with an alarm", async () => {
    const given = grant(house.ledger.about, person(), doctor);
    const ids = await house.queue([given]);
    await arrive(ids, ["final"]);
    network.proxy.lie = instead("eth_chainId", () => "0x1");
    const later = await house.queue([record(house.ledger.about, given, doctor, 1)]);
    await network.until(async () => (await house.ledger.status()).state === "read-only");
    expect(house.alarms.join()).toContain("the node is on chain 1,");
    network.proxy.lie = null;
    await expect(house.queue([record(house.ledger.about, given, doctor, 2)])).rejects.toMatchObject({
      code: "ledger.read-only",
    });
    const [before, after] = (await rowsOf([...ids, ...later])).map(said);
    expect(before).toBe("final");
    expect(["saved", "sent"]).toContain(after); // sent at most: its signature names the chain that it is for
  });
});
