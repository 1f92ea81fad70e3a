import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { consentId } from "../consent/typed-data.ts";
import { Refusal } from "../refusal.ts";
import { adopt, sendKept, submissionOf } from "./keep.ts";
import {
  consent,
  grant,
  kept,
  ledger,
  mallory,
  NOW,
  openNode,
  openShelf,
  receiptFor,
  record,
  revocation,
  visitId,
} from "./people.fixture.ts";
import { actId, Submission } from "./submission.ts";
import { type Alarm, watchKept } from "./watch.ts";

const about = { visitId, ledger, granted: null };
const life = { now: new AbortController() };
beforeEach(() => {
  life.now = new AbortController();
  vi.useFakeTimers({ now: NOW * 1000 });
});
afterEach(() => {
  life.now.abort();
  vi.useRealTimers();
});

/** What a browser would show, and its clock. */
function watching(shelf = openShelf(), node = openNode()) {
  let shown: Alarm[] = [];
  const watch = watchKept({ visitId, shelf, rpc: node.rpc, onAlarms: (alarms) => (shown = alarms) }, life.now.signal);
  const elapse = (seconds: number) => vi.advanceTimersByTimeAsync(seconds * 1000);
  return { ...watch, shelf, node, elapse, shown: () => shown.map(({ is, kept: { id } }) => [is, id]) };
}

describe("sending a signed act", () => {
  test("keeps it before it leaves, and its receipt when it comes", async () => {
    const shelf = openShelf();
    const receipt = receiptFor(grant);
    await sendKept(
      shelf,
      { ...about, act: grant },
      async () => {
        expect(await shelf.of(visitId)).toMatchObject([{ id: actId(grant), answered: false, receipt: null }]);
        return receipt;
      },
      (answer) => answer,
    );
    expect(await shelf.of(visitId)).toMatchObject([{ answered: true, receipt }]);
  });

  test.each([
    ["a refused record is forgotten", record(1), "consent.not-live", []],
    ["a record nobody answered is not", record(1), "server.unreachable", [false]],
    ["a revocation that was refused was not promised", revocation, "ledger.refused", [true]],
    ["a revocation that had arrived before waits for its receipt", revocation, "consent.not-live", [false]],
  ] as const)("%s", async (_, act, code, answered) => {
    const shelf = openShelf();
    const sent = sendKept(
      shelf,
      { ...about, act },
      () => Promise.reject(new Refusal(code)),
      () => null,
    );
    await expect(sent).rejects.toMatchObject({ code });
    expect((await shelf.of(visitId)).map((one) => one.answered)).toEqual(answered);
  });

  test("a later receipt does not put off the first one's deadline", async () => {
    const shelf = openShelf(kept(grant));
    await shelf.keep(kept(grant, { receipt: receiptFor(grant, undefined, { deadline: NOW + 3_000 }) }));
    expect((await shelf.of(visitId))[0]?.receipt?.deadline).toBe(NOW + 600);
  });
});

test("a saved file holds the permission, then the records by number, and is what the command line takes", () => {
  const records = [record(2), record(1)].map((act) => kept(act, { granted: grant.signature }));
  const file = submissionOf([records[0]!, records[1]!, kept(revocation)]);
  expect(file.acts.map(({ act }) => (act.is === "record" ? act.entry.number : act.is))).toEqual([
    "grant",
    1,
    2,
    "revoke",
  ]);
  expect(Submission.parse(JSON.parse(JSON.stringify(file)))).toEqual(file);
});

describe("what the server lists", () => {
  const view = {
    id: consentId(consent),
    consent,
    signature: grant.signature,
    state: "live",
    ledger: "saved",
    grantedAt: new Date(NOW * 1000).toISOString(),
    revokedAt: null,
    revocation: null,
    receipt: receiptFor(grant),
    revocationReceipt: null,
  } as const;

  test("brings the receipt whose answer was lost", async () => {
    const shelf = openShelf(kept(grant, { receipt: null, answered: false }));
    await adopt(shelf, { visitId, ledger, consent: view });
    expect(await shelf.of(visitId)).toMatchObject([{ answered: true, receipt: view.receipt }]);
  });

  test("is kept unless it has long been final, or is nobody's act", async () => {
    const shelf = openShelf();
    vi.setSystemTime((consent.validFrom + 86_500) * 1000);
    await adopt(shelf, { visitId, ledger, consent: { ...view, ledger: "final" } });
    await adopt(shelf, { visitId, ledger, consent: { ...view, signature: `0x${"11".repeat(65)}` } });
    expect(shelf.ids()).toEqual([]);
    await adopt(shelf, { visitId, ledger, consent: view });
    expect(shelf.ids()).toEqual([actId(grant)]);
    await shelf.forget(actId(grant));
    vi.setSystemTime(NOW * 1000);
    await adopt(shelf, { visitId, ledger, consent: { ...view, ledger: "final" } });
    expect(shelf.ids()).toEqual([actId(grant)]);
  });

  test("says whether a revocation arrived", async () => {
    const shelf = openShelf(kept(revocation, { receipt: null, answered: false }));
    const gone = {
      ...view,
      state: "revoked",
      revokedAt: view.grantedAt,
      revocationReceipt: receiptFor(revocation),
    } as const;
    await adopt(shelf, { visitId, ledger, consent: gone });
    const known = (await shelf.of(visitId)).find(({ act }) => act.is === "revoke");
    expect(known).toMatchObject({ answered: true, receipt: gone.revocationReceipt });
  });
});

describe("watching what was promised", () => {
  test("T-C8, T-LOG5: a relayer drops one of fifty, and its signer is told by the deadline of exactly that one", async () => {
    const acts = Array.from({ length: 50 }, (_, at) => record(at + 1));
    const dropped = acts[16]!;
    const { shelf, node, elapse, shown } = watching(openShelf(...acts.map((act) => kept(act))));
    for (const act of acts) if (act !== dropped) node.put(act, 5);
    await elapse(599);
    expect(shown()).toEqual([]);
    await elapse(5);
    expect(shown()).toEqual([["broken", actId(dropped)]]);
    expect(shelf.ids()).toEqual([actId(dropped)]);
    node.put(dropped, 9);
    await elapse(31);
    expect(shown()).toEqual([]);
    expect(shelf.ids()).toEqual([]);
  });

  test("an act in the last block is on the ledger, and remembered until that can no longer be undone", async () => {
    const { shelf, node, elapse, shown } = watching(openShelf(kept(grant)));
    node.put(grant, 10);
    await elapse(700);
    expect(shown()).toEqual([]);
    expect(shelf.ids()).toEqual([actId(grant)]);
    node.state.head = 11;
    await elapse(16);
    expect(shelf.ids()).toEqual([]);
  });

  test("news makes it look at once", async () => {
    const { shelf, node, elapse, lookNow } = watching(openShelf(kept(grant)));
    await elapse(1);
    node.put(grant, 5);
    lookNow();
    await elapse(1);
    expect(shelf.ids()).toEqual([]);
  });

  test("a node that is down before the deadline is no alarm, after it one that says so", async () => {
    const { node, elapse, shown } = watching(openShelf(kept(grant)));
    node.state.down = true;
    await elapse(600);
    expect(shown()).toEqual([]);
    await elapse(5);
    expect(shown()).toEqual([]);
    await elapse(60);
    expect(shown()).toEqual([["unseen", actId(grant)]]);
    node.state.down = false;
    node.put(grant, 5);
    await elapse(60);
    expect(shown()).toEqual([]);
  });

  test("a missing receipt, another's and one by another key are told at once", async () => {
    const one = kept(grant, { receipt: null });
    const two = kept(record(1), { receipt: receiptFor(record(2)) });
    const three = kept(revocation, { receipt: receiptFor(revocation, mallory) });
    const { elapse, shown } = watching(openShelf(one, two, three));
    await elapse(1);
    expect(shown()).toEqual([one, two, three].map(({ id }) => ["unpromised", id]));
  });

  test("what is kept while it watches is watched too", async () => {
    const { shelf, elapse, shown } = watching();
    await elapse(100);
    await shelf.keep(kept(grant, { receipt: receiptFor(grant, mallory) }));
    await elapse(1);
    expect(shown()).toEqual([["unpromised", actId(grant)]]);
  });
});
