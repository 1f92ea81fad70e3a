import { readFileSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { and, asc, eq, inArray } from "drizzle-orm";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { consentId } from "../../lib/consent/typed-data.ts";
import { foldHead, readClinician, readConsent, readRecord } from "../../lib/ledger/read.ts";
import { readRecords } from "../../lib/ledger/records.fixture.ts";
import { actId } from "../../lib/ledger/submission.ts";
import { act as acts, ledgerTransaction } from "../storage/schema.ts";
import type { LedgerCall } from "./act.ts";
import { isOurCode } from "./contract.ts";
import {
  enroll,
  type Grant,
  grant,
  type House,
  openHouse,
  type Person,
  person,
  record,
  revoke,
} from "./ledger.fixture.ts";
import { RpcError } from "./ledger.ts";

let house: House;
let doctor: Person;

beforeAll(async () => {
  house = await openHouse();
  doctor = person();
  await house.queue([enroll(doctor)]);
  await house.ledger.whenIdle();
}, 60_000);
afterAll(async () => {
  await house.close();
  await rm(house.folder, { recursive: true, force: true });
});

const about = () => house.ledger.about;
const ask = (method: string, params: unknown[]) => house.ledger.rpc(method, params);
const rowsOf = (ids: string[]) =>
  house.storage.read.select().from(acts).where(inArray(acts.id, ids)).orderBy(asc(acts.order));
const movesOf = (id = "") => house.moves.filter((move) => move.id === id).map(({ state, reason }) => reason ?? state);

/** A consent that Ana has granted to the doctor, on the ledger. */
async function granted(): Promise<{ ana: Person; given: Grant }> {
  const ana = person();
  const given = grant(about(), ana, doctor);
  await house.queue([given]);
  await house.ledger.whenIdle();
  return { ana, given };
}

async function queueAndWait(calls: LedgerCall[]) {
  const ids = await house.queue(calls);
  await house.ledger.whenIdle();
  return rowsOf(ids);
}

describe("on the way", () => {
  test("an act is saved, sent, on the ledger, and final, and everyone can check where", async () => {
    const ana = person();
    const given = grant(about(), ana, doctor);
    const [id = ""] = await house.queue([given]);
    expect((await rowsOf([id]))[0]).toMatchObject({ kind: "grant", object: consentId(given.consent) });
    await house.ledger.whenIdle();
    expect(movesOf(id)).toEqual(["sent", "ledger", "final"]);
    const [row] = await rowsOf([id]);
    const on = await readConsent(ask, about(), consentId(given.consent));
    expect(on).toMatchObject({ status: "granted", granteeCount: 0, revoked: null });
    expect(on.granted).toEqual({ block: row?.block, blockHash: row?.blockHash, transaction: row?.transaction });
    const [saved, arrived, final] = [row?.savedAt, row?.ledgerAt, row?.movedAt].map(Number) as [number, number, number];
    expect(saved <= arrived && arrived <= final).toBe(true);
    expect(await house.ledger.status()).toEqual({ block: expect.any(Number), behind: 0, parked: 0, state: "ok" });
  });

  test("records that wait together travel together, and their ids fold into the consent's head", async () => {
    const { ana, given } = await granted();
    const calls = [
      record(about(), given, doctor, 1, "session-start"),
      record(about(), given, ana, 1, "session-start"),
      record(about(), given, doctor, 2),
      record(about(), given, doctor, 3),
    ];
    const rows = await queueAndWait(calls);
    expect(rows.map(({ state }) => state)).toEqual(["final", "final", "final", "final"]);
    expect(new Set(rows.map(({ transaction }) => transaction)).size).toBe(1);
    const id = consentId(given.consent);
    const records = await readRecords(ask, about(), id);
    expect(records.map(({ record: is }) => is)).toEqual(calls.map(actId));
    expect(await readConsent(ask, about(), id)).toMatchObject({
      head: foldHead(id, calls.map(actId)),
      granteeCount: 3,
      patientCount: 1,
    });
    expect(await readRecord(ask, about(), actId(calls[1]!))).toMatchObject({ consent: id, byPatient: true });
    expect(await readRecord(ask, about(), consentId(given.consent))).toBeNull();
  });

  test("what the contract refuses is parked with its reason, and the rest goes on in order", async () => {
    const { ana, given } = await granted();
    const stranger = person();
    const forged = record(about(), given, doctor, 3);
    forged.entry.signature = record(about(), given, stranger, 3).entry.signature;
    const broken = record(about(), given, doctor, 3);
    broken.entry.commitment = "0x12";
    const rows = await queueAndWait([
      record(about(), given, doctor, 1),
      record(about(), given, doctor, 5),
      record(about(), given, doctor, 2),
      record(about(), given, ana, 1, "prescription"),
      forged,
      record(about(), given, doctor, 3, "file-share"),
      grant(about(), doctor, doctor),
      record(about(), grant(about(), ana, doctor), doctor, 1),
      record(about(), given, doctor, 3, "session-end"),
    ]);
    expect(rows.map(({ state, reason }) => reason ?? state)).toEqual([
      "final",
      "NumberLeavesGap",
      "final",
      "KindIsNotForPatients",
      "NotSignedByAuthor",
      "NotApprovedByPatient",
      "GranteeIsPatient",
      "ConsentIsNotGranted",
      "final",
    ]);
    await expect(house.queue([broken])).rejects.toThrow();
  });

  test("after a revocation nothing more is recorded, in the order of the decisions", async () => {
    const { ana, given } = await granted();
    const rows = await queueAndWait([
      record(about(), given, doctor, 1),
      revoke(about(), given, ana),
      record(about(), given, doctor, 2),
    ]);
    expect(rows.map(({ state, reason }) => reason ?? state)).toEqual(["final", "final", "ConsentIsRevoked"]);
    expect(await readConsent(ask, about(), consentId(given.consent))).toMatchObject({
      status: "revoked",
      granteeCount: 1,
    });
  });

  test("an act that is on the ledger already is done, not refused", async () => {
    const { ana, given } = await granted();
    const made = record(about(), given, doctor, 1);
    const first = await queueAndWait([made, revoke(about(), given, ana)]);
    const again = await queueAndWait([given, made, revoke(about(), given, ana), record(about(), given, doctor, 1)]);
    expect(again.map(({ state, reason }) => reason ?? state)).toEqual(["final", "final", "final", "ConsentIsRevoked"]);
    expect(again[1]?.transaction).toBe(first[0]?.transaction);
    expect(again[2]?.blockHash).toBe(first[1]?.blockHash);
  });

  test("a clinician is enrolled, removed and enrolled again, each under its own epoch", async () => {
    const other = person();
    const rows = await queueAndWait([enroll(other), { is: "remove", clinician: other.address }, enroll(other)]);
    expect(rows.map(({ state }) => state)).toEqual(["final", "final", "final"]);
    const on = await readClinician(ask, about(), other.address);
    expect(on).toMatchObject({ enrolled: true, epoch: 3 });
    expect(on.history.map(({ is }) => is)).toEqual(["enrolled", "removed", "enrolled"]);
  });

  test("acts committed while others are under way are not forgotten", async () => {
    const { given } = await granted();
    const ids: string[] = [];
    for (let number = 1; number <= 12; number++)
      ids.push(...(await house.queue([record(about(), given, doctor, number)])));
    await house.ledger.whenIdle();
    expect(new Set((await rowsOf(ids)).map(({ state }) => state))).toEqual(new Set(["final"]));
  });

  test("an empty block is mined to make an act final, and no other", async () => {
    await granted();
    const before = (await house.ledger.status()).block;
    const ana = person();
    const [id] = await house.queue([grant(about(), ana, doctor)]);
    await vi.waitFor(() => expect(movesOf(id)).toContain("final"), { timeout: 5_000 });
    expect((await house.ledger.status()).block).toBe(before + 2);
    await house.ledger.whenIdle();
    expect((await house.ledger.status()).block).toBe(before + 2);
  });
});

describe("asked beforehand", () => {
  test("it counts what is still queued for the consent", async () => {
    const ana = person();
    const given = grant(about(), ana, doctor);
    const one = record(about(), given, doctor, 1);
    const said: (string | null)[] = [];
    const { ledger, storage } = house;
    await storage.keepBooks(async (tx) => {
      for (const call of [given, one]) await ledger.queue(tx, { call, object: "o" });
    });
    // Not kicked: nothing of it is on the chain.
    for (const call of [record(about(), given, doctor, 2), record(about(), given, doctor, 3), given, one])
      said.push(await ledger.simulate(call));
    expect(await ledger.status()).toMatchObject({ behind: 2, state: "ok" });
    expect(said).toEqual([null, "NumberLeavesGap", "ConsentIsAlreadyGranted", "NumberIsUsed"]);
    await ledger.whenIdle();
    expect(await ledger.simulate(record(about(), given, doctor, 2))).toBeNull();
  });

  test("an enrollment or removal that is still queued counts, too", async () => {
    const late = person();
    const ana = person();
    const given = grant(about(), ana, late);
    await queueAndWait([given]);
    const starts = record(about(), given, late, 1, "session-start");
    expect(await house.ledger.simulate(starts)).toBe("ClinicianIsNotEnrolled");
    await house.storage.keepBooks((tx) => house.ledger.queue(tx, { call: enroll(late), object: late.address }));
    expect(await house.ledger.simulate(starts)).toBeNull();
    await house.ledger.whenIdle();
    expect(await house.ledger.simulate({ is: "remove", clinician: late.address })).toBeNull();
  });

  test("it says what is malformed or signed by somebody else", async () => {
    const ana = person();
    const given = grant(about(), ana, doctor);
    expect(await house.ledger.simulate({ ...given, signature: grant(about(), ana, doctor).signature })).toBe(
      "NotSignedByPatient",
    );
    expect(await house.ledger.simulate({ ...given, signature: "0x1" })).toBe("Malformed");
  });
});

describe("the window for browsers", () => {
  test.each([
    ["eth_sendRawTransaction", ["0x00"], "ledger.method-not-allowed"],
    ["anvil_setStorageAt", [], "ledger.method-not-allowed"],
    ["evm_mine", [], "ledger.method-not-allowed"],
    ["eth_simulateV1", [], "ledger.method-not-allowed"],
    ["constructor", [], "ledger.method-not-allowed"],
    ["eth_call", [{ to: `0x${"11".repeat(20)}`, data: "0x" }, "latest"], "request.malformed"],
    ["eth_call", [{ data: "0x", gas: "0xffffff" }], "request.malformed"],
    ["eth_call", [{ data: "0x" }, "latest", { state: {} }], "request.malformed"],
    ["eth_getLogs", [{ fromBlock: "pending" }], "request.malformed"],
    ["eth_getLogs", { fromBlock: "0x0" }, "request.malformed"],
    ["eth_getLogs", [{ topics: [], blockHash: `0x${"00".repeat(32)}` }], "request.malformed"],
    ["eth_getBlockByNumber", ["0x1", "x".repeat(20_000)], "request.too-large"],
    ["eth_getLogs", [{ fromBlock: "0x0", toBlock: "0xffffff" }], "request.too-large"],
  ])("%s %j is %s", async (method, params, code) => {
    await expect(house.ledger.rpc(method, params)).rejects.toMatchObject({ code });
  });

  test("reads pass, and a refusing contract's answer comes with its data", async () => {
    expect(Number(await ask("eth_chainId", []))).toBe(Number(about().chainId));
    expect(isOurCode(String(await ask("eth_getCode", [about().address, "latest"])))).toBe(true);
    const reverts = ask("eth_call", [{ to: about().address, data: "0x715018a6" }, "latest"]);
    await expect(reverts).rejects.toBeInstanceOf(RpcError);
    await expect(reverts).rejects.toMatchObject({ data: expect.stringMatching(/^0x[0-9a-f]{8}/) });
  });
});

describe("in numbers", () => {
  test("an act alone waits for no other: it is in the very next block, by itself", async () => {
    const { given } = await granted();
    for (let number = 1; number <= 5; number++) {
      await house.ledger.whenIdle();
      const { block } = await house.ledger.status();
      const [row] = await queueAndWait([record(about(), given, doctor, number)]);
      expect(row).toMatchObject({ state: "final", block: block + 1 });
    }
  });

  test("a backlog of a thousand acts drains, each exactly once", async () => {
    const visits = Array.from({ length: 50 }, () => grant(about(), person(), doctor));
    const calls = visits.flatMap((given) => [
      given,
      ...Array.from({ length: 19 }, (_, i) => record(about(), given, doctor, i + 1)),
    ]);
    const ids = await house.queue(calls);
    const from = performance.now();
    await house.ledger.whenIdle();
    console.log(`1,000 acts, 50 visits: ${Math.round(performance.now() - from)} ms until all are final`);
    expect(new Set((await rowsOf(ids)).map(({ state }) => state))).toEqual(new Set(["final"]));
    for (const { consent } of visits.slice(0, 3))
      expect((await readConsent(ask, about(), consentId(consent))).granteeCount).toBe(19);
  }, 60_000);
});

describe("when the node dies", () => {
  test("it comes back with the same blocks and receipts, and acts go on", async () => {
    const { given } = await granted();
    const [before] = await queueAndWait([record(about(), given, doctor, 1)]);
    const receipt = () => ask("eth_getTransactionReceipt", [before?.transaction]);
    const block = () => ask("eth_getBlockByHash", [before?.blockHash, true]);
    const [was, wasBlock] = [await receipt(), await block()];
    const { pid } = JSON.parse(readFileSync(join(house.folder, "ledger", "anvil.pid"), "utf8"));
    process.kill(pid, "SIGKILL");
    expect(await house.ledger.simulate(record(about(), given, doctor, 2))).toBeNull();
    const ids = await house.queue([record(about(), given, doctor, 2), record(about(), given, doctor, 3)]);
    await house.ledger.whenIdle();
    expect((await rowsOf(ids)).map(({ state }) => state)).toEqual(["final", "final"]);
    expect(await receipt()).toEqual(was);
    expect(await block()).toEqual(wasBlock);
    const open = and(eq(ledgerTransaction.nonce, 0), eq(ledgerTransaction.block, 1));
    expect(await house.storage.read.$count(ledgerTransaction, open)).toBe(1);
  });
});
