import { asc, inArray } from "drizzle-orm";
import { afterEach, expect, test } from "vitest";
import { act as acts } from "../storage/schema.ts";
import { enroll, grant, type House, person, record } from "./ledger.fixture.ts";
import { type Network, openNetwork, openNetworkHouse } from "./network.fixture.ts";

/** Honest nodes with limits, and nodes that were wrong for a moment: neither may hold anything up for good. */

let network: Network;
let house: House;
afterEach(async () => {
  await house.close();
  await network.close();
});

async function open(): Promise<void> {
  network = await openNetwork({ slots: 2 });
  house = await openNetworkHouse(network);
}
const said = async (ids: string[]) =>
  (await house.storage.read.select().from(acts).where(inArray(acts.id, ids)).orderBy(asc(acts.order))).map(
    ({ state, reason }) => reason ?? state,
  );
const on =
  (ids: string[], ...states: string[]) =>
  async () =>
    (await said(ids)).every((one) => states.includes(one));

test("a node that searches a few blocks at a time holds nothing up", async () => {
  await open();
  await network.mine(200);
  network.proxy.lie = async ({ method, params }, truth) => {
    const { fromBlock, toBlock } = (params[0] ?? {}) as { fromBlock: string; toBlock: string };
    const to = toBlock === "latest" ? await network.head() : Number(toBlock);
    if (method !== "eth_getLogs" || to - Number(fromBlock) < 50) return truth();
    return { error: { code: -32602, message: "ranges over 50 blocks are not supported on this plan" } };
  };
  const { about } = house.ledger;
  const doctor = person();
  const given = grant(about, person(), doctor);
  const stolen = grant(about, person(), doctor);
  await network.node.call("eth_sendRawTransaction", [await network.byStranger(stolen)]);
  await network.mine(60);
  const ids = await house.queue([
    record(about, grant(about, person(), doctor), doctor, 1, "session-end"),
    stolen,
    given,
  ]);
  await network.mineUntil(on(ids, "ledger", "final", "ConsentIsNotGranted"));
  const later = await house.queue([enroll(doctor)]);
  await network.mineUntil(on(later, "ledger", "final"));
  expect((await said(ids))[0]).toBe("ConsentIsNotGranted");
}, 60_000);

test("a final block that is said to be beyond the last one leaves nothing behind", async () => {
  await open();
  const far = async () => {
    const last = (await network.node.call("eth_getBlockByNumber", ["latest", false])) as object;
    return { result: { ...last, number: "0xffffff", hash: `0x${"ab".repeat(32)}` } };
  };
  let told = 0;
  network.proxy.lie = ({ method, params }, truth) => {
    if (method !== "eth_getBlockByNumber" || params[0] !== "finalized") return truth();
    told++;
    return far();
  };
  const first = await house.queue([enroll(person())]);
  await network.mineUntil(on(first, "ledger", "final"));
  await network.until(async () => told > 2 || (await on(first, "final")()));
  network.proxy.lie = null;
  const later = await house.queue([enroll(person())]);
  await network.mineUntil(on(later, "ledger"));
  await network.mine(10);
  await network.until(on([...first, ...later], "final"));
}, 60_000);

test("a node that has not come as far as the contract is waited for", async () => {
  await open();
  await network.proxy.fail("reset");
  await network.until(async () => (await house.ledger.status()).trouble === "node-down");
  let asked = 0;
  network.proxy.lie = ({ method }, truth) => {
    if (method !== "eth_getCode") return truth();
    asked++;
    return { result: "0x" };
  };
  await network.proxy.fail(null);
  const ids = await house.queue([enroll(person())]);
  await network.until(async () => asked > 2);
  expect((await house.ledger.status()).state).not.toBe("read-only");
  network.proxy.lie = null;
  await network.mineUntil(on(ids, "ledger"));
}, 60_000);

test("what a stranger put there out of our batch is found, though the search lags a moment behind", async () => {
  await open();
  const { about } = house.ledger;
  const [doctor, ana] = [person(), person()];
  const given = grant(about, ana, doctor);
  const first = await house.queue([enroll(doctor), given]);
  await network.mineUntil(on(first, "ledger", "final"));
  const two = [record(about, given, doctor, 1), record(about, given, doctor, 2)];
  const ids = await house.queue(two);
  await network.until(on(ids, "sent"));
  await network.node.call("eth_sendRawTransaction", [await network.byStranger(two[0]!)]);
  let searched = 0;
  network.proxy.lie = ({ method }, truth) => (method === "eth_getLogs" && searched++ < 1 ? { result: [] } : truth());
  await network.mineUntil(on(ids, "ledger", "final", "NumberIsUsed"));
  expect(await said(ids)).toEqual(["ledger", "ledger"]);
}, 60_000);
