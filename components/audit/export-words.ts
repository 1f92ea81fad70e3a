import { counted } from "@/components/ui/text.ts";
import type { ExportFormat, ExportSize } from "@/lib/audit/export.ts";

/** What each is for, in the order in which they stand. */
export const formats = {
  csv: { name: "Table (CSV)", what: "For a spreadsheet: one line of the log a row." },
  jsonl: { name: "JSON lines", what: "Each line as the log has it, with what its hash is made of." },
  evidence: { name: "Evidence (JSON)", what: "A file a session that anybody can verify without this server." },
  fhir: { name: "FHIR AuditEvent", what: "FHIR R4 by IHE’s Basic Audit Log Patterns, for another system’s audit." },
} as const satisfies Record<ExportFormat, { name: string; what: string }>;

/** `1,204 lines`, or sessions where a file has one item a session. */
export const itemsWord = (format: ExportFormat, items: number): string =>
  format === "evidence" ? counted(items, "session", "sessions") : counted(items, "line", "lines");

export const sizeWord = (format: ExportFormat, { lines, sessions }: ExportSize): string =>
  itemsWord(format, format === "evidence" ? sessions : lines);
