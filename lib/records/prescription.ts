import * as z from "zod/mini";
import { toBase64Url } from "../keyring/bytes.ts";
import { Bytes32 } from "../wire.ts";
import { type Item, itemOf, MedicationRequest, type Order, orderOf, requestOf } from "./fhir.ts";

/** Medicines on one prescription. */
export const MOST_ITEMS = 10;

/** A prescription's content. Every medicine is a FHIR resource of its own; the order they share says the same in each. */
export const Prescription = z
  .strictObject({
    kind: z.literal("prescription"),
    requests: z.array(MedicationRequest).check(z.minLength(1), z.maxLength(MOST_ITEMS)),
    /** The record of the prescription that this one stands in for. */
    replaces: z.nullable(Bytes32),
    /** 32 random bytes: whoever has them may read this prescription and dispense it. They are on its paper, as a QR code. */
    slip: z.string().check(z.regex(/^[\w-]{43}$/)),
  })
  .check(
    z.refine(
      ({ requests }) => requests.every((one) => JSON.stringify(orderOf(one)) === JSON.stringify(orderOf(requests[0]!))),
      "Its medicines are of different orders.",
    ),
  );
export type Prescription = z.infer<typeof Prescription>;

/** Days for which a prescription may be dispensed for each time that it may be, to the end of the last. */
const GOOD_FOR_DAYS = 30;

export function newPrescription(about: {
  items: readonly Item[];
  patient: string;
  clinician: string;
  now: Date;
  replaces: string | null;
}): Prescription {
  const { items, patient, clinician, now, replaces } = about;
  const days = GOOD_FOR_DAYS * timesFor(items);
  const until = new Date(now.getFullYear(), now.getMonth(), now.getDate() + days, 23, 59, 59);
  const order = { patient, clinician, at: now.toISOString(), until: until.toISOString() };
  const slip = toBase64Url(crypto.getRandomValues(new Uint8Array(32)));
  return Prescription.parse({
    kind: "prescription",
    requests: items.map((item) => requestOf(item, order)),
    replaces,
    slip,
  });
}

export const itemsOf = ({ requests }: Prescription): Item[] => requests.map(itemOf);
/** How often it may be dispensed: once, and once more for each refill of the medicine that has the most. */
export const timesOf = (prescription: Prescription): number => timesFor(itemsOf(prescription));
const timesFor = (items: readonly Item[]) => 1 + Math.max(...items.map(({ refills }) => refills));
export const orderOfPrescription = ({ requests }: Prescription): Order => orderOf(requests[0]!);

/** The last moment at which it may be dispensed. */
export const goodUntil = (prescription: Prescription): Date => new Date(orderOfPrescription(prescription).until);

/** `Cetirizine 10 mg`, `Cetirizine 10 mg and 2 more`. */
export function medicinesOf({ requests: [first, ...others] }: Prescription): string {
  const name = first!.medicationCodeableConcept.text;
  return others.length === 0 ? name : `${name} and ${others.length} more`;
}

/** That a prescription is not to be dispensed any more. */
export const PrescriptionCancelled = z.strictObject({
  kind: z.literal("prescription-cancelled"),
  /** The prescription's record. */
  record: Bytes32,
  reason: z.string().check(z.trim(), z.minLength(1), z.maxLength(500)),
  /** The record of the prescription that stands in for it. */
  replacedBy: z.nullable(Bytes32),
});
export type PrescriptionCancelled = z.infer<typeof PrescriptionCancelled>;
