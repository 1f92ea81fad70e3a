import { describe, expect, test } from "vitest";
import type { ConsentView } from "../consent/grant.ts";
import type { JoinView } from "../visits/api.ts";
import { bundleOf, type Taken } from "./bundle.ts";
import { frequencies, routes, WHEN_NEEDED } from "./codes.ts";
import type { Content } from "./content.ts";
import type { Item } from "./fhir.ts";
import { faultsIn } from "./fhir-r4.fixture.ts";
import { newPrescription } from "./prescription.ts";
import type { RecordView, SlipState } from "./record.ts";

const now = new Date("2026-11-24T15:00:00.000Z");
const visitId = "0123456789abcdef0123456789abcdef";
const id = (digit: string) => `0x${digit.repeat(64)}`;

const written: Item = {
  ...{ medication: "Cetirizine 10 mg", dose: { value: 10, unit: "mg" }, route: "By mouth", frequency: "Once a day" },
  ...{ duration: { value: 14, unit: "day" }, quantity: { value: 14, unit: "tablets" }, refills: 2 },
  instructions: "In the evening",
};
const bare: Item = {
  ...{ medication: "A cream", dose: { value: 0.5, unit: "" }, route: "Where it itches", frequency: WHEN_NEEDED },
  ...{ duration: null, quantity: null, refills: 0, instructions: "" },
};
const prescribed = (...items: Item[]) =>
  newPrescription({ items, patient: "Ana Duarte", clinician: "Dr. Esi Osei", now, replaces: null });
const file = (name: string, type: string): Content => ({
  ...{ kind: "file-share", name, type, size: 8, sha256: id("5"), blob: id("6") },
  key: `AGE-SECRET-KEY-1${"Q".repeat(58)}`,
});

const good: SlipState = { until: now.toISOString(), times: 1, dispensed: [], refused: null, cancelledAt: null };
const slips: (SlipState | null)[] = [
  good,
  { ...good, dispensed: [{ at: now.toISOString(), note: "" }] },
  { ...good, cancelledAt: now.toISOString() },
  null,
];
const opened = (content: Content, at: number, slip: SlipState | null = null): Taken["opened"][number] => ({
  record: { id: id(String(at)), kind: content.kind, signedAt: 1_795_000_000, slip } as RecordView,
  content,
  path: content.kind === "file-share" ? `files/${at}` : null,
});

const permission = (state: ConsentView["state"]) =>
  ({
    ...{ id: id("c"), state, grantedAt: "2026-11-24T14:00:00.000Z" },
    consent: { validFrom: 1_795_000_000, validUntil: 1_795_080_000 },
  }) as ConsentView;
const visit = (join: object, more: Partial<Taken> = {}): Taken => ({
  join: {
    ...{ id: visitId, clinic: "Riverside Practice", clinician: { name: "Dr. Esi Osei" }, pseudonym: "K7M-4QD" },
    ...{ state: "planned", consent: null, startedAt: null, admittedAt: null, endedAt: null, ...join },
  } as unknown as JoinView,
  ...{ shares: [], opened: [], ...more },
});

/** Visits in each of their states, and every kind of thing that they hold. */
const everything: Taken[] = [
  visit({ pseudonym: null, clinic: "" }),
  visit({ state: "in-call", admittedAt: "2026-11-24T14:01:00.000Z", consent: permission("live") }),
  visit(
    {
      ...{ state: "over", consent: permission("revoked") },
      ...{ startedAt: "2026-11-24T14:02:00.000Z", endedAt: "2026-11-24T14:25:00.000Z" },
    },
    {
      shares: [{ consent: permission("live"), reader: "Dr. Paula Mendes" }] as unknown as Taken["shares"],
      opened: [
        ...slips.map((slip, at) => opened(prescribed(written, bare), at + 1, slip)),
        opened(prescribed(...routes.map(({ words }) => ({ ...written, route: words })).slice(0, 10)), 5),
        ...frequencies.map(({ words }) => opened(prescribed({ ...written, frequency: words }), 6)),
        opened(file("letter.pdf", "application/pdf"), 7),
        opened(file("unknown", ""), 8),
      ],
    },
  ),
];

interface Entry {
  resource: Record<string, unknown> & { resourceType: string };
}
const entries = (bundle: ReturnType<typeof bundleOf>) => bundle.entry as Entry[];

describe("what a patient takes along as FHIR", () => {
  const bundle = bundleOf(everything, now);

  test("is R4 by HL7's own definitions, each resource and the bundle around them", () => {
    expect(new Set(entries(bundle).map(({ resource }) => resource.resourceType))).toEqual(
      new Set(["Patient", "Organization", "Encounter", "Consent", "MedicationRequest", "DocumentReference"]),
    );
    for (const { resource } of entries(bundle))
      expect([resource.resourceType, faultsIn(resource)]).toEqual([resource.resourceType, []]);
    expect(faultsIn(bundle)).toEqual([]);
  });

  test.each([
    ["a state that is none", "MedicationRequest", { status: "given out" }],
    ["nobody whom it is for", "MedicationRequest", { subject: undefined }],
    ["a date that is none", "MedicationRequest", { authoredOn: "yesterday" }],
    ["nothing of what it is about", "Consent", { scope: undefined }],
    ["a field of our own", "Consent", { state: "live" }],
    ["a state that is none", "DocumentReference", { status: "there" }],
    ["no file", "DocumentReference", { content: [{}] }],
    ["no class", "Encounter", { class: undefined }],
    ["a state that is none", "Encounter", { status: "over" }],
    ["a name that is not in parts", "Patient", { name: "Ana" }],
    ["a field of our own", "Organization", { website: "https://riverside.example" }],
  ])("is held to them: %s is found in a %s", (_, kind, wrong) => {
    const { resource } = entries(bundle).find((one) => one.resource.resourceType === kind)!;
    const broken = { ...resource, ...wrong };
    expect(faultsIn(broken)).not.toEqual([]);
    expect(faultsIn({ ...bundle, entry: [{ resource: broken }] })).not.toEqual([]);
  });
});

test("a medicine is sealed as R4 already", () => {
  for (const request of prescribed(written, bare).requests) expect(faultsIn(request)).toEqual([]);
});
