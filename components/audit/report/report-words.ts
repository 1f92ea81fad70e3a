import type { ReadReason } from "@/lib/audit/report.ts";

export const readWords = {
  "own-visit": "By the visit’s doctor",
  share: "By another doctor, under a share",
  patient: "By the patient",
  guest: "By a guest",
  none: "Without any of these",
} as const satisfies Record<ReadReason, string>;

const monthOf = new Intl.DateTimeFormat("en-GB", { month: "long", year: "numeric", timeZone: "UTC" });
/** `October 2026`. */
export const monthWords = (month: string): string => monthOf.format(new Date(`${month}-01T00:00:00Z`));

/** The month of this day, by the reader's calendar, and those before it: the newest first. */
export function monthsUntil(now: Date, count: number): string[] {
  return Array.from({ length: count }, (_, i) => {
    const first = new Date(now.getFullYear(), now.getMonth() - i, 1);
    return `${first.getFullYear()}-${String(first.getMonth() + 1).padStart(2, "0")}`;
  });
}
