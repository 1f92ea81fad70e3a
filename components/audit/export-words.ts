import { capital, counted, uncapital } from "@/components/ui/text.ts";
import { fullDay } from "@/components/ui/times.ts";
import {
  type ExportFilter,
  type ExportFormat,
  type ExportSize,
  isOverLimit,
  type Sized,
  WITHOUT_APPROVAL,
} from "@/lib/audit/export.ts";
import type { ExportReason, ExportRequest } from "@/lib/audit/export-request.ts";
import { recordKinds } from "@/lib/strings/en.ts";
import { outcomes, standings, states } from "./filter-words.ts";
import type { Unexported } from "./use-filters.ts";

/** What each is for, in the order in which they stand. */
export const formats = {
  csv: { name: "Table (CSV)", what: "For a spreadsheet: one line of the log a row." },
  jsonl: { name: "JSON lines", what: "Each line as the log has it, with what its hash is made of." },
  evidence: {
    name: "Evidence (JSON)",
    what: "One line a session. Saved as a file of its own, each verifies without this server.",
  },
  fhir: { name: "FHIR AuditEvent", what: "FHIR R4 by IHE’s Basic Audit Log Patterns, for another system’s audit." },
} as const satisfies Record<ExportFormat, { name: string; what: string }>;

/** `1,204 lines`, or sessions where a file has one item a session. */
export const itemsWord = (format: ExportFormat, items: number): string =>
  format === "evidence" ? counted(items, "session", "sessions") : counted(items, "line", "lines");

export const sizeWord = (format: ExportFormat, { lines, sessions }: ExportSize): string =>
  itemsWord(format, format === "evidence" ? sessions : lines);

/** What is known of it before it is asked for: `340 lines so far`, `More than 1,000 lines`. */
export function sizedWords(format: ExportFormat, size: Sized): string {
  const what = format === "evidence" ? "sessions" : "lines";
  if (isOverLimit(format, size)) return `More than ${itemsWord(format, WITHOUT_APPROVAL[what])}.`;
  if (!size.least.includes(what)) return `${sizeWord(format, size)} so far.`;
  return size[what] === 0 ? `None among the newest ${what}.` : `At least ${sizeWord(format, size)}.`;
}

export const reasons = {
  patient: "A patient’s own request",
  authority: "A supervisory authority",
  court: "A court or a lawyer",
  insurer: "An insurer",
  audit: "An audit of the practice",
  moving: "Moving to another system",
  other: "Something else",
} as const satisfies Record<ExportReason, string>;

/** Whose turn it is, or how it ended. */
export function stateWords({ state, mine, decidedBy }: Pick<ExportRequest, "state" | "mine" | "decidedBy">): string {
  const by = decidedBy ?? "Another admin";
  switch (state) {
    case "asked":
      return mine ? "Waits for another admin." : "Waits for you or another admin.";
    case "approved":
      return `${by} approved it.`;
    case "refused":
      return `${by} said no.`;
    case "withdrawn":
      return "Taken back.";
    case "expired":
      return "Its approval has run out.";
    case "lapsed":
      return `${by} approved it and is no admin any more.`;
  }
}

/** The filters as the console names them. */
const unexported = {
  doctor: "Who",
  act: "Kind of act",
  result: "Outcome",
  record: "Record",
  about: "About",
  numbers: "Line",
  holds: "Show only …",
} as const satisfies Record<Unexported, string>;

/** Why there is no export of what is shown. */
export function unexportedWords(clear: readonly Unexported[]): string {
  const names = clear.map((name) => `“${unexported[name]}”`);
  const all = [names.slice(0, -1).join(", "), names.at(-1)].filter(Boolean);
  return `An export cannot be filtered by ${all.join(" or ")}. Clear ${names.length > 1 ? "these" : "this"} first.`;
}

/** What an export is of: `1 Nov 2026 to 24 Nov 2026, revoked`. A doctor and a visit are told by the id that the filter has. */
export function filterWords({ from, to, clinician, kind, outcome, visitId, ...rest }: ExportFilter): string {
  const day = (at: string, earlier = 0) => fullDay(new Date(Date.parse(at) - earlier));
  const days =
    from && to ? `${day(from)} to ${day(to, 1)}` : from ? `since ${day(from)}` : to ? `until ${day(to, 1)}` : null;
  const parts = [
    days,
    clinician ? "one doctor" : null,
    kind ? recordKinds[kind] : null,
    outcome ? outcomes[outcome] : null,
    rest.state ? `state: ${uncapital(states[rest.state])}` : null,
    rest.patient ?? null,
    rest.record ? `record: ${uncapital(standings[rest.record])}` : null,
    visitId ? "one session" : null,
  ].filter((part) => part !== null);
  return parts.length > 0 ? capital(parts.join(", ")) : "All there is";
}
