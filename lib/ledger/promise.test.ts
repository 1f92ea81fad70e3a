import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { consentId, digestOf, structHash } from "../consent/typed-data.ts";
import {
  ana,
  consent,
  drOsei,
  grant,
  kept,
  ledger,
  log,
  mallory,
  NOW,
  receiptFor,
  record,
  revocation,
} from "./people.fixture.ts";
import { isPromised, type Kept, LATEST_PROMISE, nextLook, type Seen, standing, TOO_OLD } from "./promise.ts";
import { type Receipt, ReceiptOrNone } from "./receipt.ts";
import { actId, inOrder, wrongSignature } from "./submission.ts";

const seen = (on: Seen["on"], logKey: string | null = log.address): Seen => ({ on, logKey });

describe("a receipt", () => {
  test("names an act by its struct hash, the same as the contract's", () => {
    expect(actId(grant)).toBe(consentId(consent));
    expect(actId(revocation)).toBe(structHash("Revocation", { consent: consentId(consent) }));
    expect(actId(record(1))).not.toBe(actId(record(2)));
  });

  test("is believed for exactly its act, from exactly this ledger's log key", () => {
    const by = { ledger, logKey: log.address };
    const good = receiptFor(grant);
    expect(isPromised(actId(grant), good, by)).toBe(true);
    const other = { ...ledger, chainId: "140737488355401" };
    const bad: [string, Receipt | null][] = [
      ["none", null],
      ["another act", receiptFor(revocation)],
      ["another act's, renamed", { ...receiptFor(revocation), act: actId(grant) }],
      ["by somebody else", receiptFor(grant, mallory)],
      ["for another chain", receiptFor(grant, log, {}, other)],
      ["its deadline moved", { ...good, deadline: good.deadline + 1 }],
      ["its number changed", { ...good, number: 8 }],
    ];
    for (const [what, receipt] of bad) expect([what, isPromised(actId(grant), receipt, by)]).toEqual([what, false]);
  });

  test("that is none makes an answer no less readable", () => {
    for (const wrong of [undefined, null, "yes", {}, { ...receiptFor(grant), extra: 1 }])
      expect(ReceiptOrNone.parse(wrong)).toBeNull();
    expect(z.object({ receipt: ReceiptOrNone }).parse({})).toEqual({ receipt: null });
    expect(ReceiptOrNone.parse(receiptFor(grant))).toEqual(receiptFor(grant));
  });
});

describe("where a kept act stands", () => {
  const before = NOW + 600;
  const after = NOW + 601;
  test.each<[string, Kept, Seen, number, ReturnType<typeof standing>]>([
    ["in time, not there yet", kept(grant), seen("nothing"), before, "waiting"],
    ["in time, and no node to ask: no alarm", kept(grant), seen("unknown", null), before, "waiting"],
    ["late and not there", kept(grant), seen("nothing"), after, "broken"],
    ["late, and no node to ask", kept(grant), seen("unknown", null), after, "unseen"],
    ["there, though late", kept(grant), seen("block"), after, "on-ledger"],
    ["there for good", kept(grant), seen("final"), before, "done"],
    ["there for good without a receipt", kept(grant, { receipt: null }), seen("final"), before, "done"],
    ["answered without a receipt", kept(grant, { receipt: null }), seen("nothing"), NOW, "unpromised"],
    [
      "a receipt for something else",
      kept(grant, { receipt: receiptFor(record(1)) }),
      seen("unknown", null),
      NOW,
      "unpromised",
    ],
    [
      "a receipt signed by somebody else",
      kept(grant, { receipt: receiptFor(grant, mallory) }),
      seen("nothing"),
      NOW,
      "unpromised",
    ],
    [
      "a deadline nobody lives to see",
      kept(grant, { receipt: receiptFor(grant, log, { deadline: NOW + LATEST_PROMISE + 1 }) }),
      seen("nothing"),
      NOW,
      "unpromised",
    ],
    [
      "never answered: the page has said so",
      kept(grant, { receipt: null, answered: false }),
      seen("nothing"),
      after,
      "waiting",
    ],
    [
      "never answered, too old to be taken",
      kept(grant, { receipt: null, answered: false }),
      seen("nothing"),
      NOW + TOO_OLD + 1,
      "done",
    ],
    [
      "a revocation never answered, early",
      kept(revocation, { receipt: null, answered: false }),
      seen("nothing"),
      before,
      "waiting",
    ],
    [
      "a revocation never answered, late",
      kept(revocation, { receipt: null, answered: false }),
      seen("nothing"),
      after,
      "unpromised",
    ],
  ])("%s", (_, act, on, now, expected) => {
    expect(standing(act, on, now)).toBe(expected);
  });

  test("is looked at again at its deadline, and while something is wrong", () => {
    expect(nextLook(kept(grant), "waiting", NOW)).toBe(NOW + 601);
    expect(nextLook(kept(grant), "broken", after)).toBeGreaterThan(after);
    expect(nextLook(kept(grant, { answered: false, receipt: null }), "waiting", NOW + 700)).toBeGreaterThan(NOW + 700);
  });
});

describe("the acts of a file", () => {
  test("stand in the order the contract wants them", () => {
    const acts = [revocation, record(2), grant, record(1)].map((act) => ({ act }));
    expect(inOrder(acts).map(({ act }) => (act.is === "record" ? act.entry.number : act.is))).toEqual([
      "grant",
      1,
      2,
      "revoke",
    ]);
  });

  test("are held against their signers", () => {
    const approval = ana.sign(digestOf("Approval", { record: actId(record(1)) }, ledger));
    for (const act of [grant, revocation, record(1), record(1, ana), record(1, drOsei, approval)])
      expect(wrongSignature(act, ledger)).toBeNull();
    expect(wrongSignature({ ...grant, signature: revocation.signature }, ledger)).toBe("patient");
    expect(wrongSignature({ ...revocation, signature: grant.signature }, ledger)).toBe("patient");
    expect(wrongSignature(record(1, mallory), ledger)).toBe("author");
    expect(wrongSignature(record(2, drOsei, approval), ledger)).toBe("approval");
    expect(wrongSignature(grant, { ...ledger, chainId: "1" })).toBe("patient");
  });
});
