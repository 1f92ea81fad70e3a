import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { revoke } from "../lib/consent/api.ts";
import { digestOf } from "../lib/consent/typed-data.ts";
import { readLedgerStatus } from "../lib/ledger/api.ts";
import { readConsent } from "../lib/ledger/read.ts";
import { addRecord, listRecords } from "../lib/records/api.ts";
import { endVisit } from "../lib/visits/api.ts";
import {
  Clinic,
  cetirizine,
  type Doctor,
  drOsei,
  type InCall,
  inCall,
  sessionStart,
  signed,
} from "./clinic.fixture.ts";
import { type Network, openNetwork } from "./ledger/network.fixture.ts";
import type { Outage } from "./ledger/proxy.fixture.ts";

/** How long the node is away, in milliseconds: the time itself is what is tested, and it costs nothing. Nightly thirty minutes. */
const OUTAGE = Number(process.env.OUTAGE_SECONDS ?? 180) * 1_000;
/** Fifty acts a visit: its consent, its records, and for every other one the revocation. */
const VISITS = 20;
/** The longest a person may wait for an answer meanwhile, in milliseconds. */
const LONGEST = 5_000;
/** The longest that the backlog may take. */
const DRAINED = 300_000;
const open = { video: "allow", prescriptions: "allow", files: "allow" } as const;

let network: Network;
let clinic: Clinic;
let doctor: Doctor;

beforeAll(async () => {
  network = await openNetwork({ mining: 1, slots: 1 });
  const settings = { LEDGER_RPC_URL: network.proxy.url, LEDGER_ADDRESS: network.address, TRUST_PROXY_HOPS: "1" };
  clinic = await Clinic.open(network.folder, settings);
  doctor = await drOsei(clinic);
}, 120_000);
afterAll(async () => {
  await clinic?.close({ keep: true });
  await network?.close();
});

const status = async () => (await doctor.browser.ask(readLedgerStatus, {})).value;

/** A visit from its link to its end. Every answer is a yes, and comes soon. */
async function wholeVisit(n: number): Promise<InCall> {
  doctor.browser.from = `2001:db8:${n.toString(16)}::1`; // as from many places: the limit of one is not what is tested
  const visit = await inCall(clinic, doctor, open);
  const { patient, ledger, consentId } = visit;
  const visitId = visit.planned.visitId;
  const revoked = n % 2 === 0;
  for (let number = 1; number <= (revoked ? 48 : 49); number++) {
    const content = number === 1 ? sessionStart() : cetirizine;
    const record = await signed(visit, doctor.keys, [patient.keys.recipient], content, number);
    const from = performance.now();
    const { status, code } = await doctor.browser.ask(addRecord, record);
    expect([status, code]).toEqual([200, undefined]);
    expect(performance.now() - from).toBeLessThan(LONGEST);
  }
  const signature = await patient.keys.sign(digestOf("Revocation", { consent: consentId }, ledger));
  const ended = revoked
    ? await patient.browser.ask(revoke, { visitId, signature })
    : await doctor.browser.ask(endVisit, { visitId });
  expect(ended.status).toBe(200);
  return visit;
}

const statesOf = async (visits: InCall[]) => {
  const states = new Map<string, number>();
  for (const { planned } of visits) {
    const { records } = (await doctor.browser.ask(listRecords, { visitId: planned.visitId })).value;
    for (const { ledger, reason } of records) states.set(reason ?? ledger, (states.get(reason ?? ledger) ?? 0) + 1);
  }
  return Object.fromEntries(states);
};

test(
  `C2 the node is away for ${OUTAGE / 1_000} s: visits go on, and the backlog of a thousand acts drains`,
  async () => {
    await vi.waitFor(async () => expect(await status()).toMatchObject({ behind: 0, state: "ok" }), 30_000);
    const back = new Promise((resolve) => setTimeout(resolve, OUTAGE));
    const ways: Outage[] = ["refused", "hang", "500", "reset", "html"];
    const visits: InCall[] = [];
    for (let n = 1; n <= VISITS; n++) {
      if (n % 4 === 1) await network.proxy.fail(ways[(n - 1) / 4]!);
      visits.push(await wholeVisit(n));
    }
    expect(await statesOf(visits)).toEqual({ saved: VISITS * 48.5 });
    await back;
    expect(await status()).toMatchObject({ behind: VISITS * 50, state: "behind" });
    const health = await clinic.browser().send("GET", "/api/health", {});
    expect([health.status, JSON.parse(health.text).ledger.state]).toEqual([200, "behind"]);

    await network.proxy.fail(null);
    const from = performance.now();
    await vi.waitFor(async () => expect(await status()).toMatchObject({ behind: 0 }), {
      timeout: DRAINED,
      interval: 500,
    });
    console.log(`1,000 acts after ${OUTAGE / 1_000} s: on the ledger in ${Math.round(performance.now() - from)} ms`);
    await vi.waitFor(async () => expect(await statesOf(visits)).toEqual({ final: VISITS * 48.5 }), {
      timeout: 30_000,
      interval: 1_000,
    });
    expect(await status()).toMatchObject({ state: "ok" });
    for (const [i, { consentId }] of visits.entries()) {
      const there = await readConsent(network.node.call, network, consentId);
      const revoked = (i + 1) % 2 === 0;
      expect(there).toMatchObject({ status: revoked ? "revoked" : "granted", granteeCount: revoked ? 48 : 49 });
    }
  },
  OUTAGE + DRAINED + 120_000,
);
