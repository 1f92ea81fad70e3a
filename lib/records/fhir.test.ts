import { describe, expect, test } from "vitest";
import { amountIn, spanIn } from "./amount.ts";
import { frequencies, routes, WHEN_NEEDED } from "./codes.ts";
import { type Item, itemOf, MedicationRequest, type Order, orderOf, requestOf } from "./fhir.ts";
import { itemsOf, medicinesOf, newPrescription, Prescription } from "./prescription.ts";

const order: Order = {
  patient: "Ana Duarte",
  clinician: "Dr. Esi Osei",
  at: "2026-11-24T13:16:00.000Z",
  until: "2026-12-24T22:59:59.000Z",
};
const cetirizine: Item = {
  medication: "Cetirizine 10 mg tablets",
  dose: { value: 10, unit: "mg" },
  route: "By mouth",
  frequency: "Once a day",
  duration: { value: 14, unit: "day" },
  quantity: { value: 14, unit: "tablets" },
  refills: 0,
  instructions: "In the evening. May cause drowsiness.",
};
const more = (part: Partial<Item>): Item => ({ ...cetirizine, ...part });

/** The value sets FHIR R4 requires of these fields, as the specification lists them. */
const required = {
  status: ["active", "on-hold", "cancelled", "completed", "entered-in-error", "stopped", "draft", "unknown"],
  intent: ["proposal", "plan", "order", "original-order", "reflex-order", "filler-order", "instance-order", "option"],
};

describe("a medicine as FHIR", () => {
  test.each<[string, Item]>([
    ["with codes", cetirizine],
    [
      "in words that have no code",
      more({ route: "Through the tube", frequency: "With each meal", dose: { value: 2, unit: "spoons" } }),
    ],
    [
      "when needed, and no more than that",
      more({ frequency: WHEN_NEEDED, duration: null, quantity: null, instructions: "" }),
    ],
    [
      "of halves, with refills",
      more({ dose: { value: 0.5, unit: "tablet" }, refills: 12, duration: { value: 2, unit: "month" } }),
    ],
    ...routes.map(({ words }): [string, Item] => [`taken ${words}`, more({ route: words })]),
    ...frequencies.map(({ words }): [string, Item] => [`taken ${words}`, more({ frequency: words })]),
  ])("comes back as it was written: %s", (_, item) => {
    const request = requestOf(item, order);
    expect(itemOf(request)).toEqual(item);
    expect(orderOf(request)).toEqual(order);
    expect(required.status).toContain(request.status);
    expect(required.intent).toContain(request.intent);
  });

  test("says units, routes and frequencies in the codes of the standard", () => {
    const [dosage] = requestOf(cetirizine, order).dosageInstruction;
    expect(dosage.doseAndRate[0].doseQuantity).toEqual({
      value: 10,
      unit: "mg",
      system: "http://unitsofmeasure.org",
      code: "mg",
    });
    expect(dosage.route.coding?.[0]).toMatchObject({ code: "PO", display: "Swallow, oral" });
    expect(dosage.timing?.code?.coding?.[0].code).toBe("QD");
    expect(dosage.timing?.repeat?.boundsDuration).toMatchObject({ value: 14, code: "d" });
  });

  test("with a code that says something else than its words is refused, as is a field that nobody would show", () => {
    const request = requestOf(cetirizine, order);
    const [dosage] = request.dosageInstruction;
    const withDosage = (part: object) => ({ ...request, dosageInstruction: [{ ...dosage, ...part }] });
    const coding = [
      {
        system: "http://terminology.hl7.org/CodeSystem/v3-RouteOfAdministration",
        code: "IM",
        display: "Injection, intramuscular",
      },
    ];
    for (const wrong of [
      withDosage({ route: { coding, text: "By mouth" } }),
      withDosage({
        doseAndRate: [{ doseQuantity: { value: 10, unit: "mg", system: "http://unitsofmeasure.org", code: "g" } }],
      }),
      withDosage({ asNeededBoolean: true }),
      withDosage({ timing: undefined }),
      { ...request, status: "banana" },
      { ...request, note: [{ text: "Not on any screen" }] },
    ])
      expect(MedicationRequest.safeParse(wrong).success).toBe(false);
    expect(MedicationRequest.safeParse(request).success).toBe(true);
  });
});

describe("a prescription", () => {
  const about = { patient: "", clinician: "Dr. Esi Osei", now: new Date(2026, 10, 24, 14, 16), replaces: null };

  test("holds up to ten medicines, each with a secret of its own that no other has", () => {
    const items = Array.from({ length: 10 }, (_, n) => more({ medication: `Medicine ${n + 1}` }));
    const whole = newPrescription({ ...about, items });
    expect(itemsOf(whole)).toEqual(items);
    expect(medicinesOf(whole)).toBe("Medicine 1 and 9 more");
    expect(whole.slip).not.toBe(newPrescription({ ...about, items }).slip);
    expect(() => newPrescription({ ...about, items: [...items, cetirizine] })).toThrow();
    expect(() => newPrescription({ ...about, items: [] })).toThrow();
  });

  test("is good to the end of its thirtieth day, and is for nobody by name where none was told", () => {
    const { patient, until } = orderOf(newPrescription({ ...about, items: [cetirizine] }).requests[0]!);
    expect(new Date(until)).toEqual(new Date(2026, 11, 24, 23, 59, 59));
    expect(patient).toBe("");
  });

  test("of medicines that were ordered by different people is none", () => {
    const whole = newPrescription({ ...about, items: [cetirizine, cetirizine] });
    const [first, second] = whole.requests;
    const requests = [first, { ...second!, requester: { display: "Dr. No" } }];
    expect(Prescription.safeParse({ ...whole, requests }).success).toBe(false);
  });
});

describe("what somebody typed", () => {
  test.each([
    ["10 mg", 10, "mg"],
    ["500mg", 500, "mg"],
    ["0.5 tablet", 0.5, "tablet"],
    ["0,5 ml", 0.5, "ml"],
    [" 1 tube of 30 g ", 1, "tube of 30 g"],
    ["28", 28, ""],
  ])("%j is an amount", (text, value, unit) => {
    expect(amountIn(text)).toEqual({ value, unit });
  });

  test.each([
    "",
    "mg",
    "1,000 units",
    "1.000.000 units",
    "1/2 tablet",
    "1-2 tablets",
    "-1 mg",
    "0 mg",
    "1 000 mg",
    "a lot",
  ])("%j is none, since somebody would have to guess", (text) => {
    expect(amountIn(text)).toBeNull();
  });

  test.each([
    ["14 days", { value: 14, unit: "day" }],
    ["1 Week", { value: 1, unit: "week" }],
    ["until it is gone", null],
    ["0 days", null],
  ])("%j lasts as long as it says", (text, span) => {
    expect(spanIn(text)).toEqual(span);
  });
});
