import { asc, inArray } from "drizzle-orm";
import { Transaction } from "ethers";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { act as acts, ledgerTransaction } from "../storage/schema.ts";
import type { LedgerCall } from "./act.ts";
import { queueOfOne } from "./embedded.ts";
import { enroll, grant, type House, type Person, person, record, revoke } from "./ledger.fixture.ts";
import { apartFromOffers, type Network, openNetwork, openNetworkHouse } from "./network.fixture.ts";

let network: Network;
let house: House;
let doctor: Person;
const offers = apartFromOffers();

beforeAll(async () => {
  network = await openNetwork({ slots: 1 });
  house = await openNetworkHouse(network, { at: offers.at });
  doctor = person();
  await arrive(await house.queue([enroll(doctor)]));
}, 120_000);
beforeEach(async () => {
  house.alarms.length = 0;
  await network.fund(network.relayer, 10n ** 20n);
  await network.priced();
});
afterAll(async () => {
  await house?.close();
  await network?.close();
});

const rowsOf = (ids: string[]) =>
  house.storage.read.select().from(acts).where(inArray(acts.id, ids)).orderBy(asc(acts.order));
const all = async (ids: string[], ...states: string[]) =>
  (await rowsOf(ids)).every(({ state }) => states.includes(state));
const transactions = () => house.storage.read.select().from(ledgerTransaction).orderBy(asc(ledgerTransaction.nonce));
/** What was signed for each nonce. */
const sentNonces = async () => Map.groupBy(await transactions(), ({ nonce }) => nonce);
const visit = (records = 3): LedgerCall[] => {
  const given = grant(house.ledger.about, person(), doctor);
  return [given, ...Array.from({ length: records }, (_, i) => record(house.ledger.about, given, doctor, i + 1))];
};

/** Mines until each is final or parked. */
async function arrive(ids: string[]): Promise<void> {
  await network.mineUntil(() => all(ids, "ledger", "final", "parked"));
  await network.mine(4);
  await network.mineUntil(() => all(ids, "final", "parked"));
}

async function assertFinalOnce(ids: string[], calls: LedgerCall[]): Promise<void> {
  expect((await rowsOf(ids)).map(({ state, reason }) => reason ?? state)).toEqual(calls.map(() => "final"));
  for (const call of calls) expect(await network.placesOf(call)).toHaveLength(1);
}

describe("C4", () => {
  test("a relayer that runs low says so early; at nothing acts are kept, and go when it is filled again", async () => {
    await network.fund(network.relayer, 10n ** 9n * 10_000_000n);
    await arrive(await house.queue(visit(1)));
    expect(await house.ledger.status()).toMatchObject({ state: "low-balance", trouble: "low-balance" });
    expect(house.alarms).toEqual([]);
    await network.fund(network.relayer, 0n);
    await network.mine();
    const calls = visit();
    const ids = await house.queue(calls);
    await expect.poll(() => house.alarms.length).toBeGreaterThan(0);
    expect(await all(ids, "saved")).toBe(true);
    await network.fund(network.relayer, 10n ** 20n);
    await arrive(ids);
    await assertFinalOnce(ids, calls);
    await expect.poll(async () => (await house.ledger.status()).state).toBe("ok");
  });

  test("at twenty times the base fee the same nonce is offered for more, and that is all there is of it", async () => {
    const calls = visit();
    const ids = await house.queue(calls);
    await network.until(() => all(ids, "sent"));
    const before = await sentNonces();
    await network.priced(20n * (await network.baseFee()));
    await network.mineUntil(() => all(ids, "ledger", "final"));
    await arrive(ids);
    await assertFinalOnce(ids, calls);
    expect([...(await sentNonces()).keys()]).toEqual([...before.keys()]);
    expect(house.alarms).toEqual([]);
  });

  test("more is offered three times at most; then an alarm, patience, and the same again when it is cheaper", async () => {
    const calls = visit();
    const ids = await house.queue(calls);
    await network.until(() => all(ids, "sent"));
    await network.until(async () => {
      await offers.alone(async () => {
        const fees = (await transactions()).map(({ raw }) => Transaction.from(raw).maxFeePerGas!);
        await network.priced(fees.reduce((most, one) => (one > most ? one : most)) + 1n);
      });
      return house.alarms.length > 0;
    });
    for (const { transaction } of await rowsOf(ids)) {
      expect((await transactions()).filter(({ first }) => first === transaction)).toHaveLength(4);
    }
    expect(await all(ids, "sent")).toBe(true);
    await network.priced();
    await arrive(ids);
    await assertFinalOnce(ids, calls);
  });

  test("a transaction that its node forgot is sent again as it was stored, and those behind it go on", async () => {
    const calls = visit();
    const ids = await house.queue(calls);
    await network.until(async () => (await network.pool()).length >= 2);
    const [first] = await network.pool();
    await network.node.call("anvil_dropTransaction", [first!.hash]);
    await network.until(async () => (await network.pool()).some(({ hash }) => hash === first!.hash));
    await arrive(ids);
    await assertFinalOnce(ids, calls);
  });

  test("a nonce that went to a transaction which is not ours costs another nonce, an alarm, and no act", async () => {
    const calls = visit();
    const ids = await house.queue(calls);
    await network.until(async () => (await network.pool()).length > 0);
    const ours = await network.pool();
    for (const { hash } of ours) await network.node.call("anvil_dropTransaction", [hash]);
    // Its nonce is named: what was dropped may be back by now.
    const elsewhere = {
      ...{ from: network.relayer, to: network.relayer, gas: "0x5208", maxFeePerGas: "0xe8d4a51000" },
      nonce: `0x${Math.min(...ours.map(({ nonce }) => Number(nonce))).toString(16)}`,
    };
    await network.node.call("eth_sendTransaction", [{ ...elsewhere, maxPriorityFeePerGas: "0x174876e800" }]);
    await network.mine();
    await arrive(ids);
    await assertFinalOnce(ids, calls);
    expect(house.alarms.length).toBeGreaterThan(0);
  });
});

describe("a stranger", () => {
  test("T-C4 who watches the pool and sends every act first stops none, and none is tried more than once again", async () => {
    const visits = Array.from({ length: 6 }, (_, i) => visit(2 + i));
    const calls: LedgerCall[] = visits.flat();
    const copied = new Set<string>();
    const copy = async () => {
      for (const { hash, data } of await network.pool()) {
        if (copied.has(hash)) continue;
        copied.add(hash);
        await network.node.call("eth_sendRawTransaction", [await network.byStranger({ data })]);
      }
    };
    // No block comes between what is sent and the stranger's copy.
    const oneByOne = queueOfOne();
    network.proxy.lie = ({ method }, truth) =>
      method !== "eth_sendRawTransaction"
        ? truth()
        : oneByOne(async () => {
            const said = await truth();
            await copy();
            return said;
          });
    const ids = await house.queue(calls);
    await network.until(async () => {
      if ((await network.pool()).length > 0) await oneByOne(() => network.mine());
      return all(ids, "ledger", "final", "parked");
    }, 60_000);
    network.proxy.lie = null;
    await arrive(ids);
    await assertFinalOnce(ids, calls);
    const tries = Map.groupBy(
      house.moves.filter(({ state }) => state === "sent"),
      ({ id }) => id,
    );
    for (const id of ids) expect(tries.get(id)!.length).toBeLessThanOrEqual(2);
    const ours = new Set((await transactions()).map(({ hash }) => hash));
    const first = (await rowsOf(ids)).filter(({ transaction }) => !ours.has(transaction!));
    console.log(`the stranger came first with ${first.length} of ${ids.length} acts, in ${copied.size} transactions`);
    expect(first.length).toBe(ids.length);
  }, 60_000);

  test("T-C10 poison among good acts is parked with its reason, and every good one is recorded", async () => {
    const { about } = house.ledger;
    const [ana, other] = [person(), person()];
    const given = grant(about, ana, doctor);
    const closed = grant(about, other, doctor);
    await arrive(await house.queue([given, closed, revoke(about, closed, other)]));
    const forged = (number: number, signature: string): LedgerCall => {
      const one = record(about, given, doctor, number);
      return { ...one, entry: { ...one.entry, signature } };
    };
    const poisons: [(next: number) => LedgerCall, string][] = [
      [(next) => forged(next, grant(about, ana, doctor).signature), "NotSignedByAuthor"],
      [(next) => forged(next, `0x${"00".repeat(65)}`), "NotSignedByAuthor"],
      [(next) => record(about, given, doctor, next + 1), "NumberLeavesGap"],
      [() => record(about, closed, doctor, 1), "ConsentIsRevoked"],
      [() => record(about, grant(about, ana, doctor), doctor, 1), "ConsentIsNotGranted"],
      [() => record(about, given, ana, 1, "prescription"), "KindIsNotForPatients"],
      [() => grant(about, doctor, doctor), "GranteeIsPatient"],
      [() => ({ ...grant(about, ana, doctor), signature: given.signature }), "NotSignedByPatient"],
    ];
    const mixed: { call: LedgerCall; ends: string }[] = [];
    for (let next = 1; next <= 42; next++) {
      const [poison, ends] = poisons[next % 5 === 1 ? (next - 1) / 5 : -1] ?? [];
      if (poison && ends) mixed.push({ call: poison(next), ends });
      mixed.push({ call: record(about, given, doctor, next), ends: "final" });
    }
    const ids = await house.queue(mixed.map(({ call }) => call));
    await arrive(ids);
    expect((await rowsOf(ids)).map(({ state, reason }) => reason ?? state)).toEqual(mixed.map(({ ends }) => ends));
    for (const { call, ends } of mixed) expect(await network.placesOf(call)).toHaveLength(ends === "final" ? 1 : 0);
    const parked = await house.ledger.parked(50);
    expect(parked.map(({ reason }) => reason).sort()).toEqual(poisons.map(([, reason]) => reason).sort());
  });
});
