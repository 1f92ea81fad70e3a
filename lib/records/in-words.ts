import { amountWords, spanWords } from "./amount.ts";
import type { Item } from "./fhir.ts";

/** How a medicine reads in three lines. */
export function inWords(item: Item): { howMuch: string; howOften: string; youGet: string } {
  const { dose, route, frequency, duration, quantity, refills } = item;
  const refilled = refills === 0 ? "no refills" : refills === 1 ? "1 refill" : `${refills} refills`;
  return {
    howMuch: `${amountWords(dose)}, ${route.toLowerCase()}`,
    howOften: duration ? `${frequency}, ${spanWords(duration)}` : frequency,
    youGet: quantity ? `${amountWords(quantity)}, ${refilled}` : refilled,
  };
}
