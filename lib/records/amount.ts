import type { Period } from "./codes.ts";

/** So much of something: `10 mg`, `0.5 tablet`. The unit as it was written, or nothing. */
export interface Amount {
  value: number;
  unit: string;
}

/** So long. */
export interface Span {
  value: number;
  unit: Period;
}

const LARGEST = 100_000;

/**
 * An amount as somebody typed it, or null where it is none. A comma before three digits is one country's thousand and
 * another's thousandth: nobody may guess, so it is none.
 */
export function amountIn(text: string): Amount | null {
  const [, number, unit] = /^\s*(\d+(?:\.\d+|,\d{1,2}|,\d{4,})?)(?![\d.,/])\s*([\p{L}%].*?)?\s*$/su.exec(text) ?? [];
  if (number === undefined) return null;
  const value = Number(number.replace(",", "."));
  return value > 0 && value <= LARGEST ? { value, unit: unit ?? "" } : null;
}

/** `14 days`, `2 weeks`, `1 month`, or null. */
export function spanIn(text: string): Span | null {
  const [, number, unit] = /^\s*(\d{1,3})\s*(day|week|month)s?\s*$/i.exec(text) ?? [];
  if (!number || !unit || Number(number) === 0) return null;
  return { value: Number(number), unit: unit.toLowerCase() as Period };
}

export const amountWords = ({ value, unit }: Amount): string => (unit ? `${value} ${unit}` : String(value));
export const spanWords = ({ value, unit }: Span): string => `${value} ${unit}${value === 1 ? "" : "s"}`;
