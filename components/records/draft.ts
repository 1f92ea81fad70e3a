import { type Amount, amountIn, amountWords, spanIn, spanWords } from "@/lib/records/amount.ts";
import { frequencies, routes } from "@/lib/records/codes.ts";
import type { Item } from "@/lib/records/fhir.ts";
import { MOST_REFILLS } from "@/lib/records/record.ts";
import { controlledIn } from "./controlled.ts";

/** A medicine being written: text as typed. */
export interface ItemDraft {
  /** Keeps its place in the form while others come and go. */
  readonly key: number;
  readonly medication: string;
  readonly dose: string;
  readonly route: string;
  readonly frequency: string;
  readonly duration: string;
  readonly quantity: string;
  readonly refills: string;
  readonly instructions: string;
}
export type ItemField = Exclude<keyof ItemDraft, "key">;

/** A prescription being written: its medicines, at least one. */
export interface Draft {
  readonly items: readonly ItemDraft[];
  /** The prescription that it stands in for, by its record, and how that is called. */
  readonly replaces: { readonly id: string; readonly name: string } | null;
}

const emptyItem: Omit<ItemDraft, "key"> = {
  medication: "",
  dose: "",
  route: routes[0]!.words,
  frequency: frequencies[0]!.words,
  duration: "",
  quantity: "",
  refills: "0",
  instructions: "",
};
let keys = 0;
export const newItem = (): ItemDraft => ({ ...emptyItem, key: ++keys });
export const emptyDraft = (): Draft => ({ items: [newItem()], replaces: null });

/** The same medicine to be written anew. */
export const draftOfItem = (item: Item): ItemDraft => ({
  key: ++keys,
  medication: item.medication,
  dose: amountWords(item.dose),
  route: item.route,
  frequency: item.frequency,
  duration: item.duration ? spanWords(item.duration) : "",
  quantity: item.quantity ? amountWords(item.quantity) : "",
  refills: String(item.refills),
  instructions: item.instructions,
});

/** What was typed, by visit: in this page's memory only, so a closed panel or a refusal loses nothing. */
const drafts = new Map<string, Draft>();
export const draftOf = (visitId: string): Draft => drafts.get(visitId) ?? emptyDraft();
export const keepDraft = (visitId: string, draft: Draft): void => void drafts.set(visitId, draft);

/** What is prescribed, or null while something is missing. */
export function itemsIn(draft: Draft): Item[] | null {
  const items = draft.items.map(itemIn);
  return items.every((item) => item !== null) ? items : null;
}

function itemIn(draft: ItemDraft): Item | null {
  const dose = amountIn(draft.dose);
  if (!dose || Object.keys(faultsOf(draft)).length > 0) return null;
  return {
    medication: draft.medication.trim(),
    dose,
    route: draft.route.trim(),
    frequency: draft.frequency.trim(),
    duration: spanIn(draft.duration),
    quantity: amountIn(draft.quantity),
    refills: Number(draft.refills),
    instructions: draft.instructions.trim(),
  };
}

const empty = (text: string) => text.trim() === "";
/** A sign alone is no answer. */
const saysSomething = (text: string) => /[\p{L}\p{N}]/u.test(text);
/** `1,000` is a thousand to some and one to others. */
const isAmbiguous = (text: string) => /\d,\d{3}(?!\d)/.test(text);
const AMBIGUOUS = "Without the comma, please: some read it as a thousand, others as one.";

/** What is wrong with a medicine, by field, in the order of the form. */
export function faultsOf(draft: ItemDraft): Partial<Record<ItemField, string>> {
  const faults: Partial<Record<ItemField, string>> = {};
  const controlled = controlledIn(draft.medication);
  if (empty(draft.medication)) faults.medication = "Which medication? Name, strength and form, such as tablets.";
  else if (controlled)
    faults.medication = `Assent can’t prescribe ${controlled}: it is a controlled substance. Please use your certified system.`;
  const dose: Amount | null = amountIn(draft.dose);
  if (!dose?.unit)
    faults.dose = isAmbiguous(draft.dose) ? AMBIGUOUS : "How much at a time, such as 10 mg or 0.5 tablet?";
  if (!saysSomething(draft.route)) faults.route = "How is it taken?";
  if (!saysSomething(draft.frequency)) faults.frequency = "How often is it taken?";
  if (!empty(draft.duration) && !spanIn(draft.duration))
    faults.duration = "Days, weeks or months, such as 14 days. Anything else goes into the instructions.";
  if (!empty(draft.quantity) && !amountIn(draft.quantity))
    faults.quantity = isAmbiguous(draft.quantity) ? AMBIGUOUS : "An amount, such as 14 tablets.";
  const refills = Number(draft.refills);
  if (!Number.isInteger(refills) || refills < 0 || refills > MOST_REFILLS)
    faults.refills = `A whole number from 0 to ${MOST_REFILLS}.`;
  return faults;
}
