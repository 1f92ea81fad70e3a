import { boolean, index, integer, pgTable, text } from "drizzle-orm/pg-core";
import { instant } from "./instant.ts";

/** One row: the clinic this installation belongs to. */
export const clinic = pgTable("clinic", {
  id: integer("id").primaryKey(),
  name: text("name").notNull(),
  phone: text("phone"),
  createdAt: instant("created_at").notNull(),
});

/* Staff and their sessions: the shape is better-auth's, `roles` is ours. */
export const user = pgTable("user", {
  id: text("id").primaryKey(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  emailVerified: boolean("email_verified").notNull().default(false),
  image: text("image"),
  roles: text("roles").notNull().default(""),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
  seenAt: instant("seen_at"),
  /** Whoever left the practice stays as a name on what they did. */
  removedAt: instant("removed_at"),
});

export const session = pgTable("session", {
  id: text("id").primaryKey(),
  token: text("token").notNull().unique(),
  userId: text("user_id")
    .notNull()
    .references(() => user.id, { onDelete: "cascade" }),
  expiresAt: instant("expires_at").notNull(),
  ipAddress: text("ip_address"),
  userAgent: text("user_agent"),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
  /** When the password was last given again, for what a session alone is not enough for. */
  confirmedAt: instant("confirmed_at"),
});

export const account = pgTable("account", {
  id: text("id").primaryKey(),
  accountId: text("account_id").notNull(),
  providerId: text("provider_id").notNull(),
  userId: text("user_id")
    .notNull()
    .references(() => user.id, { onDelete: "cascade" }),
  accessToken: text("access_token"),
  refreshToken: text("refresh_token"),
  idToken: text("id_token"),
  accessTokenExpiresAt: instant("access_token_expires_at"),
  refreshTokenExpiresAt: instant("refresh_token_expires_at"),
  scope: text("scope"),
  password: text("password"),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
});

export const verification = pgTable("verification", {
  id: text("id").primaryKey(),
  identifier: text("identifier").notNull(),
  value: text("value").notNull(),
  expiresAt: instant("expires_at").notNull(),
  createdAt: instant("created_at").notNull(),
  updatedAt: instant("updated_at").notNull(),
});

/** Somebody who may become one of the staff: gone once they are, or once it was taken back. */
export const invitation = pgTable("invitation", {
  id: text("id").primaryKey(),
  /** Of the token that the link's secret makes. */
  claimHash: text("claim_hash").notNull(),
  name: text("name").notNull(),
  email: text("email").notNull().unique(),
  roles: text("roles").notNull(),
  /** The admin: it is good for as long as they are one. */
  invitedBy: text("invited_by").notNull(),
  invitedAt: instant("invited_at").notNull(),
  expiresAt: instant("expires_at").notNull(),
});

/** A clinician's public keys, as a browser brought them: good from when they are enrolled until they are removed. */
export const clinicianKey = pgTable(
  "clinician_key",
  {
    signer: text("signer").primaryKey(),
    userId: text("user_id")
      .notNull()
      .references(() => user.id),
    /** What the browser is, in words: "Chrome on Windows". */
    device: text("device").notNull(),
    recipient: text("recipient").notNull(),
    binding: text("binding").notNull(),
    /** The person's own keyring, and what it signed of this key. */
    person: text("person").notNull(),
    voucher: text("voucher").notNull(),
    askedAt: instant("asked_at").notNull(),
    enrolledAt: instant("enrolled_at"),
    enrolledBy: text("enrolled_by").references(() => user.id),
    removedAt: instant("removed_at"),
  },
  (t) => [index("clinician_key_by_person").on(t.userId)],
);
