/** What the database holds: the tables of each room. */
export * from "./schema/audit.ts";
export * from "./schema/auth.ts";
export * from "./schema/blobs.ts";
export * from "./schema/consent.ts";
export * from "./schema/ledger.ts";
export * from "./schema/records.ts";
export * from "./schema/review.ts";
export * from "./schema/views.ts";
export * from "./schema/visits.ts";
