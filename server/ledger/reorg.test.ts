import { inArray } from "drizzle-orm";
import { afterAll, beforeAll, expect, test } from "vitest";
import { consentId } from "../../lib/consent/typed-data.ts";
import { act as acts } from "../storage/schema.ts";
import { type Chance, rounds, seeded } from "../storage/seeded.fixture.ts";
import type { LedgerCall } from "./act.ts";
import { enroll, type Grant, grant, type House, type Person, person, record, revoke } from "./ledger.fixture.ts";
import { type Kept, type Network, openNetwork, openNetworkHouse } from "./network.fixture.ts";

/** C1: reorgs of 1 to 64 blocks, with what they may do to a transaction. A nightly run takes a thousand rounds. */
const ROUNDS = rounds(50);
/** As deep as a reorg may go: what is further back is final. */
const DEEPEST = 64;

const ways = ["dropped", "included elsewhere", "some dropped", "another came first", "reverted after"] as const;

let network: Network;
let house: House;
let doctor: Person;

beforeAll(async () => {
  network = await openNetwork();
  house = await openNetworkHouse(network);
  doctor = person();
  const ids = await house.queue([enroll(doctor)]);
  await network.mineUntil(() => all(ids, "ledger"));
  await network.mine(DEEPEST);
  await network.mineUntil(() => all(ids, "final"));
}, 120_000);
afterAll(async () => {
  await house.close();
  await network.close();
});

const rowsOf = (ids: string[]) => house.storage.read.select().from(acts).where(inArray(acts.id, ids));
const all = async (ids: string[], ...states: string[]) =>
  (await rowsOf(ids)).every(({ state }) => states.includes(state));

test(
  `C1 ${ROUNDS} reorgs: what is final stays, what was dropped comes again, nothing twice`,
  async () => {
    const chance = seeded("ledger, through reorgs");
    const upTo = (most: number) => 1 + Math.floor(chance.between(0, most));
    const calls = new Map<string, LedgerCall>();
    const revocations = new Map<string, LedgerCall>();
    const counts = new Map<string, number>();

    for (let round = 0; round < ROUNDS; round++) {
      const ana = person();
      const given = grant(house.ledger.about, ana, doctor);
      const visit: LedgerCall[] = [given];
      for (let number = 1, most = upTo(4); number <= most; number++)
        visit.push(record(house.ledger.about, given, doctor, number));
      if (chance.next() < 0.3) visit.push(revoke(house.ledger.about, given, ana));
      const before = await network.head();
      const ids = await house.queue(visit);
      for (const [i, id] of ids.entries()) calls.set(id, visit[i]!);
      // Sometimes in the middle of it: sent, and in no block that anybody has looked at.
      await network.mineUntil(() => all(ids, ...(chance.next() < 0.8 ? ["ledger"] : ["sent", "ledger"])));
      await network.mine(upTo(20));

      const depth = Math.min(upTo(DEEPEST), (await network.head()) - before + upTo(3));
      const way = chance.oneOf(ways);
      counts.set(way, (counts.get(way) ?? 0) + 1);
      const kept = await keptIn(way, depth, given, ana, chance);
      if (kept.revocation) revocations.set(consentId(given.consent), kept.revocation);
      await network.reorg(depth, kept.raws);
      if (chance.next() < 0.3) await network.reorg(upTo(depth)); // and once more before anybody has looked
    }

    const ids = [...calls.keys()];
    const from = performance.now();
    // Block by block, since the last reorg may be noticed late.
    await network.until(async () => {
      await network.mine();
      return all(ids, "final", "parked");
    }, 30_000);
    console.log(`${ROUNDS} reorgs settled in ${Math.round(performance.now() - from)} ms`, counts);

    for (const row of await rowsOf(ids)) {
      const call = calls.get(row.id)!;
      const places = await network.placesOf(call);
      if (row.state === "final") {
        const { transaction, block, blockHash } = row;
        expect(places).toEqual([{ transaction, block, blockHash }]);
      } else {
        // Only what the patient closed from elsewhere, in a block that is still there.
        const revocation = revocations.get(consentId((call as Grant).consent));
        expect([row.reason, revocation && (await network.placesOf(revocation)).length]).toEqual([
          "ConsentIsRevoked",
          1,
        ]);
        expect(places).toEqual([]);
      }
    }
    for (const [id, moves] of Map.groupBy(house.moves, ({ id }) => id)) {
      const after = moves.slice(moves.findIndex(({ state }) => state === "final") + 1);
      if (moves.some(({ state }) => state === "final")) expect([id, after]).toEqual([id, []]);
    }
    // In a storm a transaction may well be offered for more three times; nothing else is worth an alarm.
    expect(house.alarms.filter((alarm) => !alarm.includes('"stuck"'))).toEqual([]);
    expect((await house.ledger.status()).state).toBe("ok");
  },
  ROUNDS * 4_000,
);

test("C1 what was refused for a block that is gone is tried again, and gets there", async () => {
  const ana = person();
  const given = grant(house.ledger.about, ana, doctor);
  const revocation = await network.byStranger(revoke(house.ledger.about, given, ana));
  await network.node.call("eth_sendRawTransaction", [revocation]);
  await network.mine();
  const ids = await house.queue([given, record(house.ledger.about, given, doctor, 1)]);
  await network.mineUntil(() => all(ids, "parked"));
  expect((await rowsOf(ids)).map(({ reason }) => reason)).toEqual(["ConsentIsRevoked", "ConsentIsRevoked"]);
  await network.reorg(1);
  house.ledger.kick(); // by itself it looks every half minute when nothing is under way
  await network.mineUntil(() => all(ids, "ledger"));
  await network.mine(DEEPEST);
  await network.mineUntil(() => all(ids, "final"));
}, 60_000);

/** What the new blocks hold of the old ones' transactions. */
async function keptIn(
  way: (typeof ways)[number],
  depth: number,
  given: Grant,
  ana: Person,
  chance: Chance,
): Promise<{ raws: Kept[]; revocation?: LedgerCall }> {
  const raws = await network.ours(depth);
  const spread = (most: string[]): Kept[] => {
    let block = Math.floor(chance.between(0, depth / 2));
    return most.map((raw) => {
      block = Math.min(depth - 1, block + Math.floor(chance.between(0, 2)));
      return [raw, block];
    });
  };
  switch (way) {
    case "dropped":
      return { raws: [] };
    case "included elsewhere":
      return { raws: spread(raws) };
    case "some dropped":
      return { raws: spread(raws.slice(0, Math.floor(chance.between(0, raws.length)))) };
    case "another came first":
      return { raws: [[await network.byStranger(given, depth), 0], ...spread(raws)] };
    case "reverted after": {
      const revocation = revoke(house.ledger.about, given, ana);
      return { raws: [[await network.byStranger(revocation, depth), 0], ...spread(raws)], revocation };
    }
  }
}
