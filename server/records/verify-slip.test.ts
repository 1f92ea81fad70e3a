import { Interface } from "ethers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { randomHex } from "../../lib/keyring/bytes.ts";
import { consentLedgerAbi } from "../../lib/ledger/abi.ts";
import type { AskChain } from "../../lib/ledger/read.ts";
import { cancelPrescription, signCancellation } from "../../lib/records/cancellation.ts";
import type { SlipView } from "../../lib/records/slip.ts";
import { NotGenuine, slipIs, verifySlip } from "../../lib/records/verify-slip.ts";
import { Clinic, type Doctor, drOsei } from "../clinic.fixture.ts";
import { onPaper } from "./paper.fixture.ts";

const day = 86_400_000;

let clinic: Clinic;
let doctor: Doctor;
beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
});
afterAll(() => clinic.close());
describe("what who holds the paper finds out alone", () => {
  async function held(refills = 0) {
    const paper = await onPaper(clinic, doctor, refills);
    const { record, slip, pharmacy, show } = paper;
    const chain: AskChain = async (method, params) => {
      const body = JSON.stringify({ jsonrpc: "2.0", id: 1, method, params });
      const headers = { "content-type": "application/json", origin: pharmacy.origin };
      const { text } = await pharmacy.send("POST", "/api/ledger/rpc", headers, body);
      const answer = JSON.parse(text) as { result?: unknown };
      if (answer.result === undefined) throw new Error("no answer");
      return answer.result;
    };
    const verified = (view: SlipView, ask = chain) => verifySlip({ id: record, view, slip, chain: ask });
    const onLedger = async () => {
      await expect.poll(async () => (await verified((await show()).value)).ledger.is).toBe("there");
      return (await show()).value;
    };
    return { ...paper, chain, verified, onLedger };
  }

  test("is that it is genuine and on the ledger, and then that it was dispensed, or taken back", async () => {
    const { visitId, content, record, recipients, show, mark, verified, onLedger } = await held();
    const good = await verified(await onLedger());
    expect(good).toMatchObject({ prescription: content, yes: "allowed", cancelled: null, dispensed: [] });
    expect(slipIs(good, new Date())).toBe("valid");
    expect(slipIs(good, new Date(Date.now() + 31 * day))).toBe("expired");
    await mark("Harbour Pharmacy");
    const marked = await verified((await show()).value);
    expect(marked.dispensed.map(({ by }) => by?.pharmacy)).toEqual(["Harbour Pharmacy"]);
    expect(slipIs(marked, new Date())).toBe("dispensed");
    const says = { kind: "prescription-cancelled", record, reason: "An allergy", replacedBy: null } as const;
    const cancelled = await signCancellation(visitId, says, recipients, doctor.keys);
    await doctor.browser.ask(cancelPrescription, { visitId, id: record, ...cancelled });
    const taken = await verified((await show()).value);
    expect(taken.cancelled?.says).toEqual(says);
    expect(slipIs(taken, new Date())).toBe("cancelled");
  });

  test("is that it is good as often as its doctor signed, whatever the practice says", async () => {
    const { show, mark, verified, onLedger } = await held(1);
    const view = await onLedger();
    await mark("Harbour Pharmacy");
    const once = await verified((await show()).value);
    expect(slipIs(once, new Date())).toBe("valid");
    await mark("Harbour Pharmacy", 2);
    const { state } = (await show()).value;
    expect(slipIs(await verified({ ...view, state: { ...state, times: 9 } }), new Date())).toBe("dispensed");
  });

  test("is that it is not genuine, whatever part of it somebody changed", async () => {
    const { visit, note, verified, onLedger } = await held();
    const view = await onLedger();
    const stranger = visit.patient.keys.signer;
    const envelope = (part: Partial<SlipView["envelope"]>): SlipView => ({
      ...view,
      envelope: { ...view.envelope, ...part },
    });
    const wrongs: SlipView[] = [
      envelope({ record: { ...view.envelope.record, number: 9 } }),
      envelope({ author: stranger }),
      envelope({ signature: view.envelope.seal }),
      envelope({ seal: view.envelope.signature }),
      envelope({ recipients: view.envelope.recipients.slice(0, 2) }),
      envelope({ commitment: randomHex(32) }),
      envelope({ approval: view.envelope.seal }),
      envelope({ envelope: await note() }),
      { ...view, consent: { ...view.consent, grantee: stranger } },
      { ...view, visitId: "a".repeat(32) },
    ];
    for (const wrong of wrongs) await expect(verified(wrong)).rejects.toThrow(NotGenuine);
    expect(slipIs(await verified(view), new Date())).toBe("valid");
  });

  test("is unsure while the ledger can't be asked or doesn't have it, and no doubt is dispensed on", async () => {
    const { chain, verified, onLedger } = await held();
    const view = await onLedger();
    const away = await verified(view, () => Promise.reject(new Error("down")));
    expect(slipIs(away, new Date())).toBe("unsure");
    const empty: AskChain = async (method, params) => (method === "eth_getLogs" ? [] : chain(method, params));
    expect(await verified(view, empty)).toMatchObject({ ledger: { is: "not-yet" } });
    const hidden = { ...view, state: { ...view.state, cancelledAt: new Date().toISOString() } };
    expect(slipIs(await verified(hidden), new Date())).toBe("cancelled");
  });

  test("is that a doctor who was not enrolled is none", async () => {
    const { chain, verified, onLedger } = await held();
    const view = await onLedger();
    const notEnrolled: AskChain = async (method, params) => {
      const answer = await chain(method, params);
      const enrolled = new Interface(consentLedgerAbi).getEvent("Enrolled")!.topicHash;
      const log = Array.isArray(answer) ? (answer as { topics: string[] }[]) : [];
      return log.some(({ topics }) => topics[0] === enrolled)
        ? log.map((one) => ({ ...one, blockNumber: "0xffffff" }))
        : answer;
    };
    await expect(verified(view, notEnrolled)).rejects.toThrow("its doctor was none of this clinic");
  });
});
