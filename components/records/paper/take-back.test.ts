import { beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type Choice, type ConsentView, scopesOf } from "@/lib/consent/grant.ts";
import { clinicianKeys, type Keys, newSeed, patientKeys } from "@/lib/keyring/keyring.ts";
import { cancelPrescription } from "@/lib/records/cancellation.ts";
import { newPrescription, type Prescription } from "@/lib/records/prescription.ts";
import { slipOf } from "@/lib/records/slip.ts";
import { Refusal, type RefusalCode } from "@/lib/refusal.ts";
import { takeBack } from "./take-back.ts";

const visitId = "a".repeat(32);
const record = `0x${"1".repeat(64)}`;
const inAnHour = Math.floor(Date.now() / 1000) + 3_600;

/** What went where: to the ledger, or to the server alone; and what either says to it. */
let went: ("ledger" | "server")[];
let ledgerSays: RefusalCode | null;
let serverSays: RefusalCode | null;
vi.mock("@/lib/wire.ts", async (original) => ({
  ...(await original<object>()),
  ask: async (endpoint: unknown) => {
    expect(endpoint).toBe(cancelPrescription);
    went.push("server");
    if (serverSays) throw new Refusal(serverSays);
    return { at: new Date().toISOString() };
  },
}));

let drOsei: Keys;
let ana: Keys;
let prescription: Prescription;
beforeAll(async () => {
  [drOsei, ana] = await Promise.all([clinicianKeys(newSeed()), patientKeys(newSeed(), visitId)]);
  const item = {
    medication: "Cetirizine 10 mg",
    dose: { value: 1, unit: "tablet" },
    route: "By mouth",
    frequency: "Once a day",
    duration: null,
    quantity: null,
    refills: 0,
    instructions: "",
  };
  const about = { patient: "", clinician: "Dr. Esi Osei", now: new Date(), replaces: null };
  prescription = newPrescription({ items: [item], ...about });
});
beforeEach(() => {
  went = [];
  ledgerSays = serverSays = null;
});

const cancel = vi.fn(async (_: unknown, paper: string) => {
  went.push("ledger");
  expect(paper).toBe((await slipOf(prescription.slip)).recipient);
  if (ledgerSays) throw new Refusal(ledgerSays);
  return { is: "recorded" } as never;
});
const takes = ({
  prescriptions = "allow" as Choice,
  ...more
}: Partial<ConsentView> & { prescriptions?: Choice } = {}) =>
  takeBack(
    { record, prescription, reason: "An allergy", replacedBy: null },
    {
      visitId,
      consent: {
        revokedAt: null,
        consent: {
          scopes: scopesOf({ video: "allow", prescriptions, files: "deny" }),
          validUntil: inAnHour,
          grantee: drOsei.signer,
        },
        ...more,
      } as ConsentView,
      keys: drOsei,
      recorder: { cancel },
      recipients: [ana.recipient, drOsei.recipient],
    },
  );

test("while the permission covers it, it is a record on the ledger and nothing else", async () => {
  await takes();
  expect(went).toEqual(["ledger"]);
});

test("where the patient wants to be asked, or took the permission back, nobody is asked and it is signed all the same", async () => {
  await takes({ prescriptions: "ask" });
  await takes({ revokedAt: new Date().toISOString() });
  expect(went).toEqual(["server", "server"]);
});

test.each(["consent.not-live", "consent.kind-not-allowed", "visit.over"] as const)(
  "a permission that ends in the same moment (%s) stops the record and not the cancellation",
  async (code) => {
    ledgerSays = code;
    await takes();
    expect(went).toEqual(["ledger", "server"]);
  },
);

test("what was taken back before is taken back; any other refusal is the doctor's to hear", async () => {
  ledgerSays = "prescription.cancelled";
  await takes();
  expect(went).toEqual(["ledger"]);
  ledgerSays = "server.unreachable";
  await expect(takes()).rejects.toThrow("server.unreachable");
  serverSays = "storage.full";
  await expect(takes({ prescriptions: "ask" })).rejects.toThrow("storage.full");
  serverSays = "prescription.cancelled";
  await takes({ prescriptions: "ask" });
});
