import * as z from "zod/mini";
import { Instant } from "../wire.ts";
import type { Amount, Span } from "./amount.ts";
import {
  type Code,
  codeFor,
  FREQUENCIES,
  frequencies,
  periods,
  ROUTES,
  routes,
  UCUM,
  unitCode,
  WHEN_NEEDED,
} from "./codes.ts";
import { MOST_REFILLS } from "./record.ts";

/** One medicine of a prescription, as the form and the paper say it. */
export interface Item {
  medication: string;
  dose: Amount;
  /** `By mouth`, or what was written instead. */
  route: string;
  frequency: string;
  duration: Span | null;
  quantity: Amount | null;
  refills: number;
  instructions: string;
}

/** What an item is part of. */
export interface Order {
  /** As the patient calls themselves; empty where they told no name. */
  patient: string;
  clinician: string;
  /** Instants: signed, and the last moment at which it may be dispensed. */
  at: string;
  until: string;
}

/** A code that is in its table, with the words it is shown with; or words alone. */
const concept = (system: string, table: readonly Code[], longest: number) =>
  z
    .strictObject({
      coding: z.optional(
        z.tuple([z.strictObject({ system: z.literal(system), code: z.string(), display: z.string() })]),
      ),
      text: z.string().check(z.trim(), z.minLength(1), z.maxLength(longest)),
    })
    .check(
      z.refine(({ coding, text }) => {
        const known = coding && codeFor(table, text);
        return !coding || (known?.code === coding[0].code && known.display === coding[0].display);
      }, "The code says something else than its words."),
    );

const Quantity = z
  .strictObject({
    value: z.number().check(z.positive(), z.lte(100_000)),
    unit: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(60))),
    system: z.optional(z.literal(UCUM)),
    code: z.optional(z.string()),
  })
  .check(
    z.refine(({ unit, system, code }) => {
      const known = unit === undefined ? undefined : unitCode(unit);
      return code === known && (system === undefined) === (code === undefined);
    }, "The code says something else than the unit."),
  );

const Duration = z
  .strictObject({
    value: z.int().check(z.gte(1), z.lte(999)),
    unit: z.enum(["day", "week", "month"]),
    system: z.literal(UCUM),
    code: z.enum(["d", "wk", "mo"]),
  })
  .check(z.refine(({ unit, code }) => periods[unit] === code, "The code says something else than the unit."));

const Party = z.strictObject({ display: z.string().check(z.minLength(1), z.maxLength(200)) });

/**
 * FHIR R4 `MedicationRequest`, as far as we write it. Strict: what a field we don't know says to others would be signed and
 * never shown.
 */
export const MedicationRequest = z.strictObject({
  resourceType: z.literal("MedicationRequest"),
  status: z.literal("active"),
  intent: z.literal("order"),
  medicationCodeableConcept: z.strictObject({ text: z.string().check(z.trim(), z.minLength(1), z.maxLength(200)) }),
  subject: Party,
  authoredOn: Instant,
  requester: Party,
  dosageInstruction: z.tuple([
    z
      .strictObject({
        patientInstruction: z.optional(z.string().check(z.trim(), z.minLength(1), z.maxLength(1_000))),
        timing: z.optional(
          z.strictObject({
            repeat: z.optional(z.strictObject({ boundsDuration: Duration })),
            code: z.optional(concept(FREQUENCIES, frequencies, 120)),
          }),
        ),
        asNeededBoolean: z.optional(z.literal(true)),
        route: concept(ROUTES, routes, 60),
        doseAndRate: z.tuple([z.strictObject({ doseQuantity: Quantity })]),
      })
      .check(
        z.refine(
          ({ timing, asNeededBoolean }) => (timing?.code === undefined) === (asNeededBoolean === true),
          "It says either how often or when needed.",
        ),
      ),
  ]),
  dispenseRequest: z.strictObject({
    validityPeriod: z.strictObject({ start: Instant, end: Instant }),
    numberOfRepeatsAllowed: z.int().check(z.gte(0), z.lte(MOST_REFILLS)),
    quantity: z.optional(Quantity),
  }),
});
export type MedicationRequest = z.infer<typeof MedicationRequest>;

/** A person whose name nobody told. */
const NAMELESS = "The patient of this visit";

/** An item as FHIR has it. Throws where it says what FHIR can't. */
export function requestOf(item: Item, { patient, clinician, at, until }: Order): MedicationRequest {
  const needed = item.frequency.trim().toLowerCase() === WHEN_NEEDED.toLowerCase();
  const timing = {
    ...(item.duration ? { repeat: { boundsDuration: durationOf(item.duration) } } : {}),
    ...(needed ? {} : { code: conceptOf(FREQUENCIES, frequencies, item.frequency) }),
  };
  return MedicationRequest.parse({
    resourceType: "MedicationRequest",
    status: "active",
    intent: "order",
    medicationCodeableConcept: { text: item.medication },
    subject: { display: patient || NAMELESS },
    authoredOn: at,
    requester: { display: clinician },
    dosageInstruction: [
      {
        ...(item.instructions.trim() ? { patientInstruction: item.instructions } : {}),
        ...(Object.keys(timing).length > 0 ? { timing } : {}),
        ...(needed ? { asNeededBoolean: true } : {}),
        route: conceptOf(ROUTES, routes, item.route),
        doseAndRate: [{ doseQuantity: quantityOf(item.dose) }],
      },
    ],
    dispenseRequest: {
      validityPeriod: { start: at, end: until },
      numberOfRepeatsAllowed: item.refills,
      ...(item.quantity ? { quantity: quantityOf(item.quantity) } : {}),
    },
  } satisfies z.input<typeof MedicationRequest>);
}

/** The other way. */
export function itemOf(request: MedicationRequest): Item {
  const [dosage] = request.dosageInstruction;
  const { quantity, numberOfRepeatsAllowed } = request.dispenseRequest;
  const bounds = dosage.timing?.repeat?.boundsDuration;
  return {
    medication: request.medicationCodeableConcept.text,
    dose: amountOf(dosage.doseAndRate[0].doseQuantity),
    route: dosage.route.text,
    frequency: dosage.timing?.code?.text ?? WHEN_NEEDED,
    duration: bounds ? { value: bounds.value, unit: bounds.unit } : null,
    quantity: quantity ? amountOf(quantity) : null,
    refills: numberOfRepeatsAllowed,
    instructions: dosage.patientInstruction ?? "",
  };
}

/** Whose it is, by whom, and how long it is good. */
export function orderOf(request: MedicationRequest): Order {
  const { subject, requester, authoredOn, dispenseRequest } = request;
  const patient = subject.display === NAMELESS ? "" : subject.display;
  return { patient, clinician: requester.display, at: authoredOn, until: dispenseRequest.validityPeriod.end };
}

function conceptOf(system: string, table: readonly Code[], words: string): z.input<ReturnType<typeof concept>> {
  const known = codeFor(table, words);
  if (!known) return { text: words };
  return { coding: [{ system, code: known.code, display: known.display }], text: known.words };
}

function quantityOf({ value, unit }: Amount): z.input<typeof Quantity> {
  const code = unitCode(unit);
  return { value, ...(unit ? { unit } : {}), ...(code ? { system: UCUM, code } : {}) };
}

const amountOf = ({ value, unit }: z.infer<typeof Quantity>): Amount => ({ value, unit: unit ?? "" });
const durationOf = ({ value, unit }: Span): z.input<typeof Duration> => ({
  value,
  unit,
  system: UCUM,
  code: periods[unit],
});
