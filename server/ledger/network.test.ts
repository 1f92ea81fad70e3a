import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { asc, eq, inArray } from "drizzle-orm";
import { SigningKey, Transaction, Wallet } from "ethers";
import { afterEach, describe, expect, test } from "vitest";
import { consentId } from "../../lib/consent/typed-data.ts";
import { foldHead, readConsent } from "../../lib/ledger/read.ts";
import { readRecords } from "../../lib/ledger/records.fixture.ts";
import { actId } from "../../lib/ledger/submission.ts";
import { act as acts, ledgerHome, ledgerTransaction } from "../storage/schema.ts";
import type { LedgerCall } from "./act.ts";
import { readKeys } from "./keys.ts";
import { enroll, grant, type House, openHouse, person, record, revoke } from "./ledger.fixture.ts";
import { apartFromOffers, type Network, openNetwork } from "./network.fixture.ts";
import type { NetworkSettings } from "./settings.ts";
import { freeNonces } from "./transaction.ts";

let net: Network;
let house: House | undefined;
afterEach(async () => {
  await house?.close();
  house = undefined;
  await net?.close();
});

const settings = (chosen: Partial<NetworkSettings> = {}): NetworkSettings => ({
  rpcUrl: new URL(net.proxy.url),
  confirmRpcUrl: null,
  address: net.address,
  name: null,
  confirmations: null,
  dailyGas: null,
  relayerKey: null,
  poll: 20,
  deadline: 1_000,
  stuckAfter: 100,
  ...chosen,
});
async function open(chosen: Partial<NetworkSettings> = {}): Promise<House> {
  house = await openHouse(net.folder, undefined, { network: settings(chosen) });
  return house;
}

async function until(isSo: () => Promise<boolean> | boolean): Promise<void> {
  for (const late = performance.now() + 15_000; !(await isSo()); await new Promise((go) => setTimeout(go, 10)))
    if (performance.now() > late) throw new Error("What the test waited for did not come.");
}
const pending = async () => Number(((await net.node.call("txpool_status", [])) as { pending: string }).pending);
const rowsOf = (ids: string[]) =>
  house!.storage.read.select().from(acts).where(inArray(acts.id, ids)).orderBy(asc(acts.order));
const statesOf = async (ids: string[]) => (await rowsOf(ids)).map(({ state, reason }) => reason ?? state);
const are = (ids: string[], state: string) => async () => (await statesOf(ids)).every((one) => one === state);
/** Mines whenever something waits to be. */
async function mineUntil(isSo: () => Promise<boolean>): Promise<void> {
  await until(async () => {
    if (await isSo()) return true;
    if ((await pending()) > 0) await net.mine();
    return false;
  });
}
const moves = (id = "") => house!.moves.filter((move) => move.id === id).map(({ state, reason }) => reason ?? state);

/** A visit's acts, in order: its two people, what they signed. */
function visit(): { calls: LedgerCall[]; consent: string; records: string[] } {
  const [doctor, ana] = [person(), person()];
  const about = house!.ledger.about;
  const given = grant(about, ana, doctor);
  const records = [1, 2, 3].map((number) => record(about, given, doctor, number));
  return {
    calls: [enroll(doctor), given, ...records, revoke(about, given, ana)],
    consent: consentId(given.consent),
    records: records.map(actId),
  };
}

describe("on a network", () => {
  test("a visit is saved, sent, on the ledger, and final by the network's own finality", async () => {
    net = await openNetwork({ slots: 2 });
    const { ledger, queue, storage } = await open();
    expect(ledger.about).toEqual({
      label: `Chain ${net.chainId}`,
      local: false,
      chainId: net.chainId,
      address: net.address,
    });
    const { calls, consent, records } = visit();
    const ids = await queue(calls);
    await until(are(ids, "sent"));
    expect(await pending()).toBeGreaterThan(0);
    await mineUntil(are(ids, "ledger"));
    await net.mine(1);
    expect(await statesOf(ids)).toEqual(calls.map(() => "ledger")); // not deep enough
    await net.mine(4);
    await until(are(ids, "final"));
    await ledger.whenIdle();
    for (const id of ids) expect(moves(id)).toEqual(["sent", "ledger", "final"]);
    const ask = (method: string, params: unknown[]) => ledger.rpc(method, params);
    expect((await readRecords(ask, ledger.about, consent)).map(({ record: is }) => is)).toEqual(records);
    expect(await readConsent(ask, ledger.about, consent)).toMatchObject({
      status: "revoked",
      granteeCount: 3,
      head: foldHead(consent, records),
    });
    expect(await ledger.status()).toEqual({ block: expect.any(Number), behind: 0, parked: 0, state: "ok" });
    const rows = await rowsOf(ids);
    expect(new Set(rows.slice(2, 5).map(({ transaction }) => transaction)).size).toBe(1); // the records went together
    const gas = await storage.read.select().from(ledgerTransaction).orderBy(asc(ledgerTransaction.nonce));
    expect(gas.map(({ state, nonce }) => [state, nonce])).toEqual(gas.map((_, i) => ["mined", i]));
    expect(house?.alarms).toEqual([]);
  }, 60_000);

  test("with confirmations of its own it waits for as many blocks", async () => {
    net = await openNetwork({});
    const { queue } = await open({ confirmations: 3, name: "Sepolia" });
    expect(house?.ledger.about.label).toBe("Sepolia");
    const ids = await queue([enroll(person())]);
    await mineUntil(are(ids, "ledger"));
    await net.mine(2);
    const seen = await net.head();
    await until(async () => (await house!.ledger.status()).block === seen);
    expect(await statesOf(ids)).toEqual(["ledger"]);
    await net.mine(1);
    await until(are(ids, "final"));
  }, 60_000);

  test("a node that cannot simulate a block tries one transaction at a time", async () => {
    net = await openNetwork({ slots: 1, mining: "auto" });
    net.proxy.lie = ({ method }, truth) =>
      method === "eth_simulateV1" ? { error: { code: -32601, message: "Method not found" } } : truth();
    const { queue, ledger } = await open();
    const { calls } = visit();
    const bad = record(ledger.about, calls[1] as ReturnType<typeof grant>, person(), 9);
    const ids = await queue([...calls.slice(0, 5), bad, calls[5]!]);
    await until(async () => (await statesOf(ids)).every((state) => state !== "saved" && state !== "sent"));
    expect((await statesOf(ids))[5]).toBe("NumberLeavesGap");
    await net.mine(4);
    const good = ids.filter((_, i) => i !== 5);
    await until(are(good, "final"));
  }, 60_000);

  test("what is refused is parked with its reason, blocks nothing, and may try again", async () => {
    net = await openNetwork({ slots: 1, mining: "auto" });
    const { queue, ledger, storage } = await open();
    const { calls } = visit();
    const [enrolled, given, first] = calls as [LedgerCall, ReturnType<typeof grant>, ...LedgerCall[]];
    const early = record(ledger.about, grant(ledger.about, person(), person()), person(), 1);
    const [id = "", ...good] = await queue([early, enrolled, given, first!]);
    await until(async () => (await statesOf([id]))[0] === "ConsentIsNotGranted");
    await until(async () => (await statesOf(good)).every((state) => state === "ledger" || state === "final"));
    expect(await ledger.parked(10)).toMatchObject([
      { id, kind: "record", reason: "ConsentIsNotGranted", visitId: null },
    ]);
    expect(await storage.keepBooks((tx) => ledger.retry(tx, id))).toMatchObject({ id });
    await expect(storage.keepBooks((tx) => ledger.retry(tx, id))).rejects.toMatchObject({ code: "act.not-parked" });
    ledger.kick();
    await until(async () => (await statesOf([id]))[0] === "ConsentIsNotGranted");
    expect(moves(id)).toEqual(["ConsentIsNotGranted", "ConsentIsNotGranted"]);
  }, 60_000);

  test("an act that waits too long is offered for more, three times at most, and the one that is mined counts", async () => {
    net = await openNetwork({ slots: 1 });
    const offers = () => house!.storage.read.select().from(ledgerTransaction).orderBy(asc(ledgerTransaction.signedAt));
    /** A block that is dearer than what was offered so far. */
    const mineDear = async () => {
      const fees = (await offers()).map(({ raw }) => Transaction.from(raw).maxFeePerGas!);
      const dearest = fees.reduce((one, other) => (other > one ? other : one), 0n);
      await net.node.call("anvil_setNextBlockBaseFeePerGas", [`0x${(dearest + 1n).toString(16)}`]);
      await net.mine();
    };
    const { at, alone } = apartFromOffers();
    house = await openHouse(net.folder, at, { network: settings({}) });
    const { queue, alarms } = house;
    const ids = await queue([enroll(person())]);
    await until(are(ids, "sent"));
    await until(async () => {
      if ((await offers()).length === 4 && alarms.length > 0) return true;
      await alone(mineDear);
      return false;
    });
    const all = await offers();
    const [first] = all;
    expect(alarms).toHaveLength(1);
    expect(new Set(all.map(({ nonce, first }) => `${nonce} ${first}`))).toEqual(
      new Set([`${first!.nonce} ${first!.hash}`]),
    );
    const fees = all.map(({ raw }) => Transaction.from(raw).maxFeePerGas!).sort((a, b) => (a < b ? -1 : 1));
    for (const [i, fee] of fees.entries()) if (i > 0) expect(fee * 4n).toBeGreaterThanOrEqual(fees[i - 1]! * 5n);
    await net.node.call("anvil_setNextBlockBaseFeePerGas", ["0x7"]);
    await mineUntil(are(ids, "ledger"));
    const [row] = await rowsOf(ids);
    expect(all.map(({ hash }) => hash)).toContain(row?.transaction);
    expect((await offers()).filter(({ block }) => block !== null)).toHaveLength(1);
    await net.mine(3);
    await until(are(ids, "final"));
  }, 60_000);

  test("a transaction that the node forgets is sent again as it was stored", async () => {
    net = await openNetwork({ slots: 1 });
    const { queue, storage } = await open();
    const ids = await queue([enroll(person())]);
    await until(are(ids, "sent"));
    const [stored] = await storage.read.select().from(ledgerTransaction);
    await net.node.call("anvil_dropTransaction", [stored!.hash]);
    await mineUntil(are(ids, "ledger"));
    expect((await rowsOf(ids))[0]?.transaction).toBe(stored?.hash);
  }, 60_000);

  test("a nonce that somebody else used gives its acts back, and they go on behind it", async () => {
    net = await openNetwork({ slots: 1 });
    const { queue, storage, alarms } = await open();
    const ids = await queue([enroll(person())]);
    await until(are(ids, "sent"));
    const [stored] = await storage.read.select().from(ledgerTransaction);
    await net.node.call("anvil_dropTransaction", [stored!.hash]);
    const key = new SigningKey((await readKeys(net.folder))!.relayer);
    const other = Transaction.from({
      ...{ type: 2, chainId: BigInt(net.chainId), nonce: stored!.nonce, to: net.relayer, gasLimit: 21_000 },
      ...{ maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n },
    });
    other.signature = key.sign(other.unsignedHash);
    net.proxy.lie = ({ method }, truth) => (method === "eth_sendRawTransaction" ? { result: stored!.hash } : truth());
    await net.node.call("eth_sendRawTransaction", [other.serialized]);
    await net.mine();
    net.proxy.lie = null;
    await mineUntil(are(ids, "ledger"));
    const all = await storage.read.select().from(ledgerTransaction).orderBy(asc(ledgerTransaction.nonce));
    expect(all.map(({ state, nonce }) => [state, nonce])).toEqual([
      ["void", stored?.nonce],
      ["mined", stored!.nonce + 1],
    ]);
    expect(alarms).toHaveLength(1);
  }, 60_000);

  test("what somebody else sent first is done, not refused", async () => {
    net = await openNetwork({ slots: 1 });
    const { queue, storage, alarms } = await open();
    const { calls } = visit();
    const ids = await queue(calls.slice(0, 1));
    await until(are(ids, "sent"));
    const [stored] = await storage.read.select().from(ledgerTransaction);
    const thief = Wallet.createRandom();
    await net.fund(thief.address, 10n ** 20n);
    const stolen = Transaction.from({
      ...{ type: 2, chainId: BigInt(net.chainId), nonce: 0, to: net.address, gasLimit: 1_000_000 },
      ...{ data: Transaction.from(stored!.raw).data, maxFeePerGas: 10n ** 12n, maxPriorityFeePerGas: 10n ** 11n },
    });
    stolen.signature = thief.signingKey.sign(stolen.unsignedHash);
    await net.node.call("eth_sendRawTransaction", [stolen.serialized]);
    await mineUntil(are(ids, "ledger"));
    expect((await rowsOf(ids))[0]?.transaction).toBe(stolen.hash);
    await net.mine(3);
    await until(are(ids, "final"));
    expect(alarms).toEqual([]);
  }, 60_000);

  test("a block that is replaced puts its acts back, and the same transaction brings them again", async () => {
    net = await openNetwork({ slots: 8 });
    const { queue, storage } = await open();
    const ids = await queue([enroll(person())]);
    await mineUntil(are(ids, "ledger"));
    const [before] = await rowsOf(ids);
    await net.mine();
    await net.reorg(3);
    await mineUntil(async () => (await rowsOf(ids))[0]?.state === "ledger" && moves(ids[0]).includes("saved"));
    const [after] = await rowsOf(ids);
    expect(moves(ids[0])).toEqual(["sent", "ledger", "saved", "sent", "ledger"]);
    expect(after?.transaction).toBe(before?.transaction);
    expect(after?.blockHash).not.toBe(before?.blockHash);
    expect(await storage.read.$count(ledgerTransaction)).toBe(1);
    await net.mine(16);
    await until(are(ids, "final"));
  }, 60_000);

  test("what is final stays final: another final block is an alarm, and nothing is written any more", async () => {
    net = await openNetwork({ slots: 1 });
    const { queue, alarms, ledger } = await open({ confirmations: 1 });
    const ids = await queue([enroll(person())]);
    await mineUntil(are(ids, "ledger"));
    await net.mine();
    await until(are(ids, "final"));
    await queue([enroll(person())]); // something to look at the chain for; what is read-only would not take it
    await net.reorg(4);
    await net.mine();
    await mineUntil(async () => (await ledger.status()).state === "read-only");
    expect(await statesOf(ids)).toEqual(["final"]);
    expect(alarms.join()).toContain("read-only");
  }, 60_000);

  test("a second node holds an act until it agrees", async () => {
    net = await openNetwork({ slots: 1 });
    const { openProxy } = await import("./proxy.fixture.ts");
    const second = await openProxy(net.node);
    try {
      const { queue, ledger } = await open({ confirmRpcUrl: new URL(second.url) });
      await second.fail("500");
      const ids = await queue([enroll(person())]);
      await until(are(ids, "sent"));
      await net.mine(4);
      await until(async () => (await ledger.status()).trouble === "second-node-down");
      expect(await statesOf(ids)).toEqual(["sent"]);
      await second.fail(null);
      await until(are(ids, "final"));
      expect(await ledger.status()).not.toHaveProperty("trouble");
    } finally {
      await second.close();
    }
  }, 60_000);
});

describe("the relayer's account", () => {
  test("warns before it is empty, and sends nothing once it is", async () => {
    net = await openNetwork({ slots: 1, mining: "auto" });
    await net.fund(net.relayer, 10n ** 16n);
    const { queue, ledger, alarms } = await open();
    await until(async () => (await ledger.status()).state === "low-balance");
    expect(alarms).toEqual([]);
    await net.fund(net.relayer, 0n);
    const ids = await queue([enroll(person())]);
    await until(async () => (await ledger.status()).trouble === "no-funds");
    expect(await statesOf(ids)).toEqual(["saved"]);
    expect(alarms).toHaveLength(1);
    await net.fund(net.relayer, 10n ** 20n);
    await until(are(ids, "ledger"));
  }, 60_000);

  test("over a day's gas only what closes access is sent, behind what it closes", async () => {
    net = await openNetwork({ slots: 1, mining: "auto" });
    const { queue, ledger, alarms } = await open({ dailyGas: 50_000 });
    const doctor = person();
    const first = await queue([enroll(doctor)]);
    await until(are(first, "ledger"));
    const [waits, closes] = await queue([enroll(person()), { is: "remove", clinician: doctor.address }]);
    await until(are([closes!], "ledger"));
    expect(await statesOf([waits!])).toEqual(["saved"]);
    // What was promised before a revocation goes before it: after it, it would be refused.
    const promised = await queue(visit().calls);
    await until(are(promised, "ledger"));
    expect(await statesOf([waits!])).toEqual(["saved"]);
    expect((await ledger.status()).trouble).toBe("daily-gas");
    expect(alarms).toHaveLength(1);
  }, 60_000);

  test("a visit has its share of acts, and closing is never refused", async () => {
    net = await openNetwork({ slots: 1 });
    const { ledger, storage } = await open();
    const { calls } = visit();
    const queue = (call: LedgerCall) =>
      storage.keepBooks((tx) => ledger.queue(tx, { call, visitId: "v", object: "o" }));
    await net.proxy.fail("500");
    for (let i = 0; i < 200; i++) await queue(calls[1]!);
    await expect(queue(calls[2]!)).rejects.toMatchObject({ code: "ledger.too-many-acts" });
    await queue(calls[5]!);
  }, 60_000);
});

describe("a start", () => {
  test("stops with a sentence where the chain, the contract or the owner is another's", async () => {
    net = await openNetwork({ slots: 1 });
    await expect(open({ address: net.relayer })).rejects.toThrow(/LEDGER_ADDRESS can’t be used: there is no contract/);
    net.proxy.lie = ({ method }, truth) => (method === "eth_getCode" ? { result: "0x6001" } : truth());
    await expect(open()).rejects.toThrow(/not this version’s consent ledger/);
    net.proxy.lie = null;
    await net.proxy.fail("refused");
    await expect(open()).rejects.toThrow(/LEDGER_RPC_URL can’t be used for the first start/);
    await net.proxy.fail(null);
    const path = join(net.folder, "secrets", "ledger.json");
    const keys = (await readKeys(net.folder))!;
    await writeFile(path, JSON.stringify({ ...keys, owner: keys.relayer }));
    await expect(open()).rejects.toThrow(/belongs to another install/);
    await writeFile(path, JSON.stringify({ ...keys, log: keys.relayer }));
    await expect(open()).rejects.toThrow(/another log key/);
    await writeFile(path, JSON.stringify(keys));
    await open();
    await house?.close();
    await expect(open({ address: net.relayer })).rejects.toThrow(/LEDGER_ADDRESS is another/);
    await expect(openHouse(net.folder)).rejects.toThrow(/belongs to the ledger at 0x/);
    net.proxy.lie = ({ method }, truth) => (method === "eth_chainId" ? { result: "0x5" } : truth());
    await expect(open()).rejects.toThrow(/is on chain 5/);
    house = undefined;
  }, 60_000);

  test("a folder that began with its own ledger stays with it", async () => {
    net = await openNetwork({ slots: 1 });
    await rm(join(net.folder, "database"), { recursive: true, force: true });
    const own = await openHouse(net.folder);
    await own.close();
    await expect(open()).rejects.toThrow(/its own embedded ledger/);
    house = undefined;
  }, 60_000);

  test("goes on while the node is down, and keeps where it began", async () => {
    net = await openNetwork({ slots: 1 });
    await open();
    await house?.close();
    await net.proxy.fail("hang");
    const { queue, ledger, storage, alarms } = await open({ deadline: 200 });
    const ids = await queue([enroll(person())]);
    const given = grant(ledger.about, person(), person());
    expect(await ledger.simulate(given)).toBeNull(); // nobody who signs waits for a node
    await until(async () => (await ledger.status()).trouble === "node-down");
    await expect(ledger.rpc("eth_blockNumber", [])).rejects.toMatchObject({ code: -32002 });
    expect(await statesOf(ids)).toEqual(["saved"]);
    await net.proxy.fail(null);
    await mineUntil(are(ids, "ledger"));
    const [home] = await storage.read.select().from(ledgerHome);
    expect(home).toMatchObject({ chainId: net.chainId, address: net.address, local: false });
    expect(alarms).toEqual([]);
  }, 60_000);

  test("another chain behind the same address stops everything with an alarm", async () => {
    net = await openNetwork({ slots: 1, mining: "auto" });
    const { queue, ledger, alarms } = await open();
    net.proxy.lie = ({ method }, truth) => (method === "eth_chainId" ? { result: "0x5" } : truth());
    await queue([enroll(person())]).catch(() => undefined);
    await until(async () => (await ledger.status()).state === "read-only");
    expect(alarms.join()).toContain("chain 5");
    await expect(queue([grant(ledger.about, person(), person())])).rejects.toMatchObject({ code: "ledger.read-only" });
  }, 60_000);

  test("acts that another key signed for are signed again with the new one", async () => {
    net = await openNetwork({ slots: 1 });
    const { queue } = await open();
    const ids = await queue([enroll(person())]);
    await until(are(ids, "sent"));
    await house?.close();
    await net.node.call("anvil_dropAllTransactions", []);
    const fresh = Wallet.createRandom();
    await net.fund(fresh.address, 10n ** 20n);
    const { storage } = await open({ relayerKey: fresh.privateKey });
    await mineUntil(are(ids, "ledger"));
    const [mined] = await storage.read.select().from(ledgerTransaction).where(eq(ledgerTransaction.state, "mined"));
    expect(Transaction.from(mined!.raw).from).toBe(fresh.address);
  }, 60_000);
});

test("nonces are taken from the chain's on, leaving out those that are ours", async () => {
  net = await openNetwork({ slots: 1 });
  const { storage } = await open();
  const row = (nonce: number, state: "open" | "void") => {
    const hash = `0x${nonce.toString().padStart(64, "0")}`;
    return { hash, first: hash, account: "a", nonce, raw: "0x", gas: 1, state, signedAt: new Date() };
  };
  await storage.keepBooks((tx) =>
    tx.insert(ledgerTransaction).values([row(4, "open"), row(6, "void"), row(7, "open")]),
  );
  expect(await freeNonces(storage, "a", 3, 4)).toEqual([3, 5, 6, 8]);
}, 60_000);
