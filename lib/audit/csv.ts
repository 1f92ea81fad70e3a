import type { Line } from "./api.ts";
import { Actor } from "./entry.ts";

/** Programs for tables guess at an encoding unless a file begins with this. */
export const BYTE_ORDER_MARK = "\uFEFF";

export const CSV_COLUMNS = [
  ...[
    "number",
    "at",
    "who is",
    "who",
    "name",
    "patient",
    "action",
    "visit",
    "line of visit",
    "object",
    "consent",
    "refusal",
    "detail",
  ],
  ...["ledger", "transaction", "block", "previous", "salt", "hash"],
] as const;

/**
 * One record of RFC 4180, with its line end. A cell that a program for tables would take for a formula begins with an
 * apostrophe, which such programs show as text.
 */
export const csvRecord = (cells: readonly (string | number | null)[]): string => `${cells.map(cell).join(",")}\r\n`;

function cell(value: string | number | null): string {
  if (value === null) return "";
  const formula = typeof value === "string" && /^[=+\-@\t\r]/.test(value);
  const safe = formula ? `'${value}` : String(value);
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** A line of the trail in the order of `CSV_COLUMNS`: with its person of the staff by name, its visit's patient by their code. */
export function csvOf(
  { entry, act }: Line,
  { name, patient }: { name: string | null; patient: string | null },
): string {
  const actor = Actor.safeParse(entry.actor).data;
  return csvRecord([
    ...[entry.number, entry.at, actor?.is ?? null, actor?.id ?? null, name, patient, entry.action],
    ...[entry.visitId, entry.ofVisit, entry.object, entry.consent, entry.refusal, JSON.stringify(entry.detail)],
    ...[act?.state ?? null, act?.transaction ?? null, act?.block ?? null, entry.previous, entry.salt, entry.hash],
  ]);
}
