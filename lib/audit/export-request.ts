import * as z from "zod/mini";
import { Empty, endpoint, Instant } from "../wire.ts";
import { ExportAsked, ExportFilter, ExportFormat } from "./export.ts";

/** Hours that an approval is good for, and how often what it is for may be taken. */
export const APPROVED_FOR = 24;
export const MOST_TAKEN = 5;

/** Days after which an admin may approve what who made them one asks for, and the other way round. */
export const SETTLED_AFTER = 7;

/** What a large export is for. */
export const ExportReason = z.enum(["patient", "authority", "court", "insurer", "audit", "moving", "other"]);
export type ExportReason = z.infer<typeof ExportReason>;

const RequestId = z.string().check(z.regex(/^[0-9a-f]{32}$/));

/**
 * `approved` ends as `expired` after a day, and as `lapsed` where who approved is no admin any more. Both are computed:
 * nothing has to happen for a yes to be over.
 */
const ExportState = z.enum(["asked", "approved", "refused", "withdrawn", "expired", "lapsed"]);
export type ExportState = z.infer<typeof ExportState>;

export const ExportRequest = z.object({
  id: RequestId,
  format: ExportFormat,
  filter: ExportFilter,
  lines: z.int(),
  sessions: z.int(),
  reason: ExportReason,
  note: z.nullable(z.string()),
  askedBy: z.string(),
  askedAt: Instant,
  /** The reader asked for it: somebody else decides. */
  mine: z.boolean(),
  state: ExportState,
  decidedBy: z.nullable(z.string()),
  /** Until when it may be taken; null where it may not. */
  until: z.nullable(Instant),
  /** How often it may still be taken. */
  left: z.int(),
});
export type ExportRequest = z.infer<typeof ExportRequest>;

/** What waits, in numbers alone: about nobody, so looking leaves no line. */
export const countExportRequests = endpoint({
  method: "GET",
  path: "/api/audit/export-requests/count",
  ask: Empty,
  answer: z.object({
    /** Asked for by others, and not decided. */
    waiting: z.int(),
    /** The reader's own that wait, or may be taken. */
    mine: z.int(),
    /** Other people here who are admins. */
    others: z.int(),
  }),
});

/** The newest first. */
export const listExportRequests = endpoint({
  method: "GET",
  path: "/api/audit/export-requests",
  ask: Empty,
  answer: z.object({ requests: z.array(ExportRequest) }),
});

export const askExport = endpoint({
  method: "POST",
  path: "/api/audit/export-requests",
  ask: z.strictObject({
    ...ExportAsked.shape,
    reason: ExportReason,
    note: z.nullable(z.string().check(z.trim(), z.maxLength(500))),
  }),
  answer: z.object({ id: RequestId }),
});

/** Throws `auth.confirm`, `export.own`, `export.too-close`, `export.not-found`, `export.not-open`. */
export const decideExport = endpoint({
  method: "POST",
  path: "/api/audit/export-requests/:id/decide",
  ask: z.strictObject({ id: RequestId, approve: z.boolean() }),
  answer: Empty,
});

export const withdrawExport = endpoint({
  method: "POST",
  path: "/api/audit/export-requests/:id/withdraw",
  ask: z.strictObject({ id: RequestId }),
  answer: Empty,
});

/** Answers with the file, as `MAKE_EXPORT` does: exactly what was approved, whatever the asker's filters are by now. */
export const takeApprovedPath = (id: string): string => `/api/audit/export-requests/${id}/download`;
