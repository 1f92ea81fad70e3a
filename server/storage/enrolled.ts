import { and, isNotNull, isNull } from "drizzle-orm";
import { clinicianKey } from "./schema.ts";

/** Of keys: those that sign for the clinic now. */
export const isEnrolled = and(isNotNull(clinicianKey.enrolledAt), isNull(clinicianKey.removedAt));
