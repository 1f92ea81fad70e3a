import * as z from "zod/mini";
import { VisitId } from "../visits/visit.ts";
import { endpoint } from "../wire.ts";
import { sessionCriteria } from "./api.ts";

/** What an export can be: see docs/audit.md. */
export const ExportFormat = z.enum(["csv", "jsonl", "evidence", "fhir"]);
export type ExportFormat = z.infer<typeof ExportFormat>;

/**
 * Which lines: told between these instants, of visits that are so. Without a visit's doctor, kind, outcome or id also those
 * of no visit. For evidence, visits that began between these instants, or were made then and never began.
 */
export const ExportFilter = z.strictObject({
  ...sessionCriteria,
  visitId: z.optional(VisitId),
});
export type ExportFilter = z.infer<typeof ExportFilter>;

/** More than this in one file leaves the practice only with a second admin's yes. */
export const WITHOUT_APPROVAL = { lines: 1_000, sessions: 25 } as const;

/** How much an export would have. */
export const ExportSize = z.object({ lines: z.int(), sessions: z.int() });
export type ExportSize = z.infer<typeof ExportSize>;

/** The same, counted no further than one has to know, and in a bounded look: of what `least` names there may be more. */
export const Sized = z.extend(ExportSize, { least: z.array(z.enum(["lines", "sessions"])) });
export type Sized = z.infer<typeof Sized>;

/** Evidence is a file a session, everything else a line a line. */
export const isOverLimit = (format: ExportFormat, { lines, sessions }: ExportSize): boolean =>
  format === "evidence" ? sessions > WITHOUT_APPROVAL.sessions : lines > WITHOUT_APPROVAL.lines;

export const sizeExport = endpoint({
  method: "GET",
  path: "/api/audit/exports/size",
  ask: ExportFilter,
  answer: Sized,
});

/**
 * Takes an `ExportAsked`. Answers with the file, or `export.over-limit` where somebody else has to say yes first. Its last
 * line is the trail's own line of the export, which says how much is before it: what ends otherwise is not whole.
 */
export const MAKE_EXPORT = "/api/audit/exports";
export const ExportAsked = z.strictObject({ format: ExportFormat, filter: ExportFilter });
export type ExportAsked = z.infer<typeof ExportAsked>;

const extensions = { csv: "csv", jsonl: "jsonl", evidence: "evidence.jsonl", fhir: "fhir.ndjson" } as const;
export const mediaTypes = {
  csv: "text/csv; charset=utf-8; header=present",
  jsonl: "application/jsonl; charset=utf-8",
  evidence: "application/jsonl; charset=utf-8",
  fhir: "application/fhir+ndjson; charset=utf-8",
} as const satisfies Record<ExportFormat, string>;

/** How much is in an export before its last line, told before it begins. */
export const ITEMS_HEADER = "x-assent-items";

/** `audit-2026-11-24.csv`, by the day it was made. */
export const exportName = (format: ExportFormat, at: Date): string =>
  `audit-${at.toISOString().slice(0, 10)}.${extensions[format]}`;
