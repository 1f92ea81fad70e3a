import { Prescription } from "@/lib/records/record.ts";
import { controlledIn } from "./controlled.ts";

/** A prescription being written: text as typed. */
export interface Draft {
  medication: string;
  dose: string;
  route: string;
  frequency: string;
  duration: string;
  quantity: string;
  refills: string;
  instructions: string;
}

/** Offered while typing; anything else may be written. */
export const routes = [
  "By mouth",
  "Under the tongue",
  "Inhaled",
  "On the skin",
  "In the eye",
  "In the ear",
  "In the nose",
  "Rectal",
  "Vaginal",
  "Under the skin",
  "Into a muscle",
];

export const frequencies = [
  "Once a day",
  "Twice a day",
  "Three times a day",
  "Four times a day",
  "Every evening",
  "Every other day",
  "Once a week",
  "When needed",
  "Once only",
];

export const emptyDraft: Draft = {
  medication: "",
  dose: "",
  route: "By mouth",
  frequency: "Once a day",
  duration: "",
  quantity: "",
  refills: "0",
  instructions: "",
};

/** What was typed, by visit: in this page's memory only, so a closed panel or a refusal loses nothing. */
const drafts = new Map<string, Draft>();
export const draftOf = (visitId: string): Draft => drafts.get(visitId) ?? emptyDraft;
export const keepDraft = (visitId: string, draft: Draft): void => void drafts.set(visitId, draft);

/** The draft as a prescription, or null while something is missing. */
export function prescriptionOf(draft: Draft): Prescription | null {
  const parsed = Prescription.safeParse({
    kind: "prescription",
    medication: draft.medication,
    dose: draft.dose,
    route: draft.route,
    frequency: draft.frequency,
    duration: draft.duration,
    quantity: draft.quantity,
    refills: draft.refills.trim() === "" ? 0 : Number(draft.refills),
    instructions: draft.instructions,
  });
  return parsed.success && Object.keys(faultsOf(draft)).length === 0 ? parsed.data : null;
}

/** A sign alone is no answer. */
const saysSomething = (text: string) => /[\p{L}\p{N}]/u.test(text);

/** What is wrong, by field, in the order of the form. */
export function faultsOf(draft: Draft): Partial<Record<keyof Draft, string>> {
  const faults: Partial<Record<keyof Draft, string>> = {};
  const empty = (text: string) => text.trim() === "";
  const controlled = controlledIn(draft.medication);
  if (empty(draft.medication)) faults.medication = "Which medication? Name, strength and form, such as tablets.";
  else if (controlled)
    faults.medication = `Assent can’t prescribe ${controlled}: it is a controlled substance. Please use your certified system.`;
  if (!saysSomething(draft.dose)) faults.dose = "How much at a time, such as 10 mg?";
  if (empty(draft.route)) faults.route = "How is it taken?";
  if (!saysSomething(draft.frequency)) faults.frequency = "How often is it taken?";
  if (!empty(draft.quantity) && (!/\d/.test(draft.quantity) || /^\s*[-−]/.test(draft.quantity)))
    faults.quantity = "An amount, such as 14 tablets.";
  const refills = Number(draft.refills);
  if (!Number.isInteger(refills) || refills < 0 || refills > 12) faults.refills = "A whole number from 0 to 12.";
  return faults;
}

/** How a prescription reads in three lines. */
export function inWords(prescription: Prescription): { howMuch: string; howOften: string; youGet: string } {
  const { dose, route, frequency, duration, quantity, refills } = prescription;
  const refilled = refills === 0 ? "no refills" : refills === 1 ? "1 refill" : `${refills} refills`;
  return {
    howMuch: `${dose}, ${route.toLowerCase()}`,
    howOften: duration ? `${frequency}, ${duration}` : frequency,
    youGet: quantity ? `${quantity}, ${refilled}` : refilled,
  };
}
