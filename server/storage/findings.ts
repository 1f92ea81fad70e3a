import { type SQL, type SQLWrapper, sql } from "drizzle-orm";
import { entry, finding } from "./schema.ts";

/** Findings that rest on a line of this visit, among others or alone: who writes about one may write about it. */
export const restsOn = (visitId: string | SQLWrapper): SQL => sql`EXISTS (
  SELECT FROM jsonb_array_elements_text(${finding.lines}) AS named(number)
  JOIN ${entry} ON ${entry.number} = named.number::bigint AND ${entry.visitId} = ${visitId}
)`;
