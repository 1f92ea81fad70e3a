import { sql } from "drizzle-orm";
import { index, jsonb, pgTable, text, uniqueIndex } from "drizzle-orm/pg-core";
import type { Consent } from "../../../lib/consent/grant.ts";
import { user } from "./auth.ts";
import { instant } from "./instant.ts";
import { guest, visit } from "./visits.ts";

/** Records of a visit that its patient lets another doctor of the clinic read, for as long as the share's consent lives. */
export const share = pgTable(
  "share",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    clinicianId: text("clinician_id")
      .notNull()
      .references(() => user.id),
    sharedAt: instant("shared_at").notNull(),
  },
  (t) => [index("share_by_visit").on(t.visitId), index("share_by_clinician").on(t.clinicianId, t.sharedAt)],
);

/** A visit has one consent to its doctor, one to each guest the patient allowed, and one for each share with another doctor. */
export const consent = pgTable(
  "consent",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    /** Whose it is when it is a guest's. */
    guestId: text("guest_id")
      .unique()
      .references(() => guest.id),
    /** What it shares when another doctor may read. */
    shareId: text("share_id")
      .unique()
      .references(() => share.id),
    consent: jsonb("consent").$type<Consent>().notNull(),
    signature: text("signature").notNull(),
    grantedAt: instant("granted_at").notNull(),
    revokedAt: instant("revoked_at"),
    revocation: text("revocation"),
  },
  (t) => [
    index("consent_by_grant").on(t.grantedAt),
    uniqueIndex("consent_of_visit").on(t.visitId).where(sql`${t.guestId} IS NULL AND ${t.shareId} IS NULL`),
    index("consent_by_visit").on(t.visitId),
  ],
);
