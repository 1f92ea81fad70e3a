import { Refusal } from "../../lib/refusal.ts";

/** Where a page ends that is in the order of a time and, within it, of an id. */
export const cursorOf = (at: Date, id: string): string => `${at.toISOString()}_${id}`;

/** Throws `request.malformed`. */
export function cursorIn(text: string): { at: string; id: string } {
  const [at, id] = text.split("_");
  if (!at || !id || Number.isNaN(Date.parse(at))) throw new Refusal("request.malformed");
  return { at: new Date(at).toISOString(), id };
}
