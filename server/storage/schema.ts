import { sql } from "drizzle-orm";
import {
  type AnyPgColumn,
  bigint,
  boolean,
  date,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  unique,
  uniqueIndex,
} from "drizzle-orm/pg-core";
import type { Action, Actor } from "../../lib/audit/entry.ts";
import type { Consent } from "../../lib/consent/grant.ts";
import type { Receipt } from "../../lib/ledger/receipt.ts";
import type { Certificate } from "../../lib/records/erasure.ts";

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: "date", precision: 3 });

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

export const visit = pgTable(
  "visit",
  {
    id: text("id").primaryKey(),
    clinicianId: text("clinician_id")
      .notNull()
      .references(() => user.id),
    /** The signer the clinician had when planning: whom a consent of this visit is given to. */
    signer: text("signer")
      .notNull()
      .references(() => clinicianKey.signer),
    claimHash: text("claim_hash").notNull(),
    /** An age file for the clinician; null once it was erased. */
    details: text("details"),
    plannedFor: instant("planned_for"),
    state: text("state", { enum: ["planned", "waiting", "in-call", "over"] }).notNull(),
    end: text("end", { enum: ["ended", "declined", "revoked", "left", "not-private"] }),
    createdAt: instant("created_at").notNull(),
    linkExpiresAt: instant("link_expires_at").notNull(),
    openedAt: instant("opened_at"),
    waitingSince: instant("waiting_since"),
    admittedAt: instant("admitted_at"),
    startedAt: instant("started_at"),
    endedAt: instant("ended_at"),
    /** When the patient's wish was carried out that nothing of it can be read any more; some of it may be kept by law. */
    erasedAt: instant("erased_at"),
  },
  (t) => [
    index("visit_by_clinician").on(t.clinicianId, t.createdAt),
    index("visit_by_creation").on(t.createdAt),
    index("visit_by_state").on(t.state, t.plannedFor),
  ],
);

/** Who took a visit's link: one row at most, ever. */
export const claim = pgTable("claim", {
  visitId: text("visit_id")
    .primaryKey()
    .references(() => visit.id),
  signer: text("signer").notNull(),
  recipient: text("recipient").notNull(),
  binding: text("binding").notNull(),
  /** SHA-256 of the session token in the patient's cookie. */
  sessionHash: text("session_hash").notNull(),
  /** The patient's name, an age file for the clinician. */
  details: text("details"),
  claimedAt: instant("claimed_at").notNull(),
});

/** Of patients who came back to a visit with its key; `hash` is of the session's token. */
export const keySession = pgTable("key_session", {
  hash: text("hash").primaryKey(),
  visitId: text("visit_id")
    .notNull()
    .references(() => visit.id),
  until: instant("until").notNull(),
});

/** A link for a third person, and who took it: the name is an age file for doctor and patient, gone when they were refused. */
export const guest = pgTable(
  "guest",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    askedBy: text("asked_by", { enum: ["clinician", "patient"] }).notNull(),
    role: text("role", { enum: ["interpreter", "relative", "student"] }).notNull(),
    claimHash: text("claim_hash").notNull(),
    details: text("details"),
    signer: text("signer"),
    /** SHA-256 of the session token in the guest's cookie. */
    sessionHash: text("session_hash"),
    state: text("state", { enum: ["invited", "asking", "allowed", "over"] }).notNull(),
    end: text("end", { enum: ["refused", "declined", "withdrawn", "revoked", "left", "not-private", "visit"] }),
    invitedAt: instant("invited_at").notNull(),
    askedAt: instant("asked_at"),
    acceptedAt: instant("accepted_at"),
    decidedAt: instant("decided_at"),
    endedAt: instant("ended_at"),
  },
  (t) => [index("guest_by_visit").on(t.visitId)],
);

/** Where a waiting patient wants to be written to. Deleted once they are in the call, the visit is over or the letter is out. */
export const notice = pgTable("notice", {
  visitId: text("visit_id")
    .primaryKey()
    .references(() => visit.id),
  email: text("email").notNull(),
  askedAt: instant("asked_at").notNull(),
});

/** How many minutes a doctor's visits take, as those who wait are told. */
export const queue = pgTable("queue", {
  clinicianId: text("clinician_id")
    .primaryKey()
    .references(() => user.id),
  minutes: integer("minutes").notNull(),
});

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
      .references((): AnyPgColumn => share.id),
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

/** A shared record's content, sealed anew for the other doctor by its patient. */
export const sharedRecord = pgTable(
  "shared_record",
  {
    shareId: text("share_id")
      .notNull()
      .references(() => share.id),
    recordId: text("record_id")
      .notNull()
      .references((): AnyPgColumn => record.id),
    /** The age recipient it is for. */
    recipient: text("recipient").notNull(),
    envelope: text("envelope").notNull(),
    seal: text("seal").notNull(),
  },
  (t) => [primaryKey({ columns: [t.shareId, t.recordId] })],
);

export const record = pgTable(
  "record",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    consentId: text("consent_id")
      .notNull()
      .references(() => consent.id),
    kind: integer("kind").notNull(),
    byPatient: boolean("by_patient").notNull(),
    author: text("author").notNull(),
    commitment: text("commitment").notNull(),
    number: integer("number").notNull(),
    signedAt: bigint("signed_at", { mode: "number" }).notNull(),
    signature: text("signature").notNull(),
    approval: text("approval"),
    /** Null once it was erased: then nobody has what it said, nor the salt that would prove it. */
    envelope: text("envelope"),
    /** Whom the envelope is sealed to. */
    recipients: jsonb("recipients").$type<string[]>().notNull(),
    seal: text("seal").notNull(),
    blob: text("blob"),
    createdAt: instant("created_at").notNull(),
  },
  (t) => [unique("record_number").on(t.consentId, t.byPatient, t.number), index("record_by_visit").on(t.visitId)],
);

/** A record that waits for the patient's yes. At most one open a consent: it holds its author's next number. */
export const askRow = pgTable(
  "ask",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    consentId: text("consent_id")
      .notNull()
      .references(() => consent.id),
    kind: integer("kind").notNull(),
    commitment: text("commitment").notNull(),
    number: integer("number").notNull(),
    signedAt: bigint("signed_at", { mode: "number" }).notNull(),
    signature: text("signature").notNull(),
    /** Null once it was erased: then nobody has what it said, nor the salt that would prove it. */
    envelope: text("envelope"),
    /** Whom the envelope is sealed to. */
    recipients: jsonb("recipients").$type<string[]>().notNull(),
    seal: text("seal").notNull(),
    blob: text("blob"),
    state: text("state", { enum: ["open", "approved", "refused", "withdrawn"] }).notNull(),
    askedAt: instant("asked_at").notNull(),
    answeredAt: instant("answered_at"),
  },
  (t) => [index("ask_by_visit").on(t.visitId)],
);

/** What the paper of a prescription is known by, and what became of it. Of a question too: it counts once the record is there. */
export const slip = pgTable("slip", {
  /** The prescription's. */
  recordId: text("record_id").primaryKey(),
  visitId: text("visit_id")
    .notNull()
    .references(() => visit.id),
  tokenHash: text("token_hash").notNull(),
  until: instant("until").notNull(),
  times: integer("times").notNull(),
  /** Each time with who it was: an age file for the envelope's recipients. */
  dispensed: jsonb("dispensed").$type<{ at: string; note: string }[]>().notNull().default([]),
  /** Tries to dispense it once more. */
  refused: integer("refused").notNull().default(0),
  refusedAt: instant("refused_at"),
});

/** A prescription that was taken back, by its record: with a record of its own, or signed by the doctor alone. */
export const cancellation = pgTable("cancellation", {
  prescriptionId: text("prescription_id")
    .primaryKey()
    .references(() => record.id),
  visitId: text("visit_id")
    .notNull()
    .references(() => visit.id),
  recordId: text("record_id").references(() => record.id),
  /** Where there is no record. */
  signed: jsonb("signed").$type<{ commitment: string; envelope: string; recipients: string[]; seal: string }>(),
  at: instant("at").notNull(),
});

/** A patient's wish that a visit is erased, and what came of it. One open at a time; another where something had to be kept. */
export const erasure = pgTable(
  "erasure",
  {
    id: text("id").primaryKey(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    /** What the patient signed: the visit's `Opening` for an erasure. In seconds since 1970. */
    at: bigint("at", { mode: "number" }).notNull(),
    proof: text("proof").notNull(),
    askedAt: instant("asked_at").notNull(),
    erasedAt: instant("erased_at"),
    certificate: jsonb("certificate").$type<Certificate>(),
    /** When the database's files were written anew after it; null while its bytes may be in one of them. */
    scouredAt: instant("scoured_at"),
  },
  (t) => [
    uniqueIndex("erasure_open").on(t.visitId).where(sql`${t.erasedAt} IS NULL`),
    index("erasure_by_time").on(t.askedAt),
  ],
);

/** Ciphertext files by the SHA-256 of their bytes; the bytes are in the stores. */
export const blob = pgTable(
  "blob",
  {
    hash: text("hash").notNull(),
    visitId: text("visit_id")
      .notNull()
      .references(() => visit.id),
    size: bigint("size", { mode: "number" }).notNull(),
    byPatient: boolean("by_patient").notNull(),
    storedAt: instant("stored_at").notNull(),
    /** What the stores call it: its hash and eight digits that no other blob has, so that a deletion is never another's. */
    key: text("key").notNull().unique(),
    /** SHA-256 of each piece, one after the other, in base64: see server/storage/pieces.ts. */
    pieces: text("pieces").notNull(),
  },
  (t) => [primaryKey({ columns: [t.visitId, t.hash] }), index("blob_by_time").on(t.storedAt)],
);

/**
 * What a store has of a blob, and when somebody has to see to it next: `arriving` (being written, no blob refers to it
 * yet), `owed` (it should be there and is not, or not whole), `kept`, `drop` (it has to go). A row is there before the bytes
 * are and until they are gone, so bytes without a row belong to nobody.
 */
export const blobCopy = pgTable(
  "blob_copy",
  {
    key: text("key").notNull(),
    store: text("store").notNull(),
    state: text("state", { enum: ["arriving", "owed", "kept", "drop"] }).notNull(),
    due: instant("due").notNull(),
    /** When it was last read and found whole. */
    checkedAt: instant("checked_at"),
  },
  (t) => [primaryKey({ columns: [t.key, t.store] }), index("blob_copy_due").on(t.store, t.state, t.due)],
);

/** A place that blobs are kept in, by its name. */
export const blobStore = pgTable("blob_store", {
  name: text("name").primaryKey(),
  /** The word we left there, by which we know it again. */
  mark: text("mark").notNull(),
  state: text("state", { enum: ["up", "full", "away", "foreign"] }).notNull(),
  since: instant("since").notNull(),
  /** Copies that were found gone or changed, and that were put right, since the beginning. */
  missing: integer("missing").notNull().default(0),
  damaged: integer("damaged").notNull().default(0),
  repaired: integer("repaired").notNull().default(0),
  /** Nothing was owed to it when somebody looked last. */
  whole: boolean("whole").notNull().default(true),
  /** How far the look for bytes without a row has come, and when the last one was done. */
  sweptTo: text("swept_to").notNull().default(""),
  sweptAt: instant("swept_at"),
});

/** What somebody keeps for themselves and replaces at each save: see `Kept` in lib/records/seal.ts. */
const kept = {
  sealed: text("sealed").notNull(),
  seal: text("seal").notNull(),
  recipient: text("recipient").notNull(),
  version: integer("version").notNull(),
  previous: text("previous").notNull(),
};

/** A doctor's notes of a visit: one age file for the doctor, replaced at each save. */
export const notes = pgTable("notes", {
  visitId: text("visit_id")
    .primaryKey()
    .references(() => visit.id),
  ...kept,
  savedAt: instant("saved_at").notNull(),
});

/** What a patient shows the doctor of a visit before anything is prescribed: an age file for that doctor. */
export const background = pgTable("background", {
  visitId: text("visit_id")
    .primaryKey()
    .references(() => visit.id),
  ...kept,
  sharedAt: instant("shared_at").notNull(),
});

/** What a passkey opens, under the SHA-256 of an id that only the passkey makes. */
export const locker = pgTable("locker", {
  hash: text("hash").primaryKey(),
  sealed: text("sealed").notNull(),
  keptAt: instant("kept_at").notNull(),
});

/** A patient's own list of their visits: an age file for them, under a key that is used for nothing else. */
export const folder = pgTable("folder", {
  signer: text("signer").primaryKey(),
  ...kept,
  savedAt: instant("saved_at").notNull(),
});

/** How many people of one side said of one day's calls that they were this good. No row is about a visit. */
export const rating = pgTable(
  "rating",
  {
    day: date("day", { mode: "string" }).notNull(),
    side: text("side", { enum: ["clinician", "patient"] }).notNull(),
    score: integer("score").notNull(),
    times: integer("times").notNull(),
  },
  (t) => [primaryKey({ columns: [t.day, t.side, t.score] })],
);

/** The trail. Append only: triggers in the migrations refuse UPDATE and DELETE. */
export const entry = pgTable(
  "entry",
  {
    number: bigint("number", { mode: "number" }).primaryKey(),
    at: text("at").notNull(),
    actor: jsonb("actor").$type<Actor>().notNull(),
    action: text("action").$type<Action>().notNull(),
    visitId: text("visit_id"),
    object: text("object"),
    consent: text("consent"),
    refusal: text("refusal"),
    detail: jsonb("detail").$type<Record<string, string | number>>().notNull(),
    salt: text("salt").notNull(),
    previous: text("previous").notNull(),
    hash: text("hash").notNull(),
    /** The act this line queued for the ledger. */
    actId: text("act_id"),
  },
  (t) => [
    index("entry_by_visit").on(t.visitId, t.number),
    index("entry_by_action").on(t.action, t.number),
    index("entry_refused").on(t.at).where(sql`${t.refusal} IS NOT NULL`),
  ],
);

/** The trail's last number and hash: one row, whose lock puts appends in order. */
export const trailHead = pgTable("trail_head", {
  id: integer("id").primaryKey(),
  number: bigint("number", { mode: "number" }).notNull(),
  hash: text("hash").notNull(),
});

/** The log's tree (RFC 9162): roots of the full subtrees of 256^level leaves, of which level 0 is the trail itself. */
export const logSubtree = pgTable(
  "log_subtree",
  {
    level: integer("level").notNull(),
    index: bigint("index", { mode: "number" }).notNull(),
    root: text("root").notNull(),
  },
  (t) => [primaryKey({ columns: [t.level, t.index] })],
);

/** What the log has signed. Append only but for the cosignatures that come later. */
export const checkpoint = pgTable("checkpoint", {
  size: bigint("size", { mode: "number" }).primaryKey(),
  root: text("root").notNull(),
  /** The signed note, with the log's own signatures. */
  note: text("note").notNull(),
  signedAt: instant("signed_at").notNull(),
});

/** Who cosigns the log's checkpoints, as an admin added them. */
export const witness = pgTable("witness", {
  id: text("id").primaryKey(),
  /** Where it takes them: `add-checkpoint` comes after it. */
  url: text("url").notNull(),
  /** `name+id+base64`, as c2sp.org/signed-note writes a key. */
  key: text("key").notNull().unique(),
  addedAt: instant("added_at").notNull(),
  /** Leaves under the checkpoint that it cosigned last. */
  size: bigint("size", { mode: "number" }).notNull().default(0),
  /** When it cosigned last, by its own clock. */
  cosignedAt: instant("cosigned_at"),
  /** Why its last answer was none. */
  trouble: text("trouble", { enum: ["away", "refuses", "knows-more", "knows-another"] }),
});

/** The outbox: acts for the ledger, in the order they were decided. See server/ledger/outbox.ts for its states. */
export const act = pgTable(
  "act",
  {
    id: text("id").primaryKey(),
    order: bigint("order", { mode: "number" }).generatedAlwaysAsIdentity().notNull(),
    kind: text("kind", { enum: ["enroll", "remove", "grant", "revoke", "record", "anchor"] }).notNull(),
    /** The contract call's arguments, as JSON. */
    call: jsonb("call").$type<unknown>().notNull(),
    visitId: text("visit_id"),
    /** The consent's, record's or key's identity. */
    object: text("object").notNull(),
    state: text("state", { enum: ["saved", "sent", "ledger", "final", "parked"] }).notNull(),
    reason: text("reason"),
    transaction: text("transaction"),
    block: bigint("block", { mode: "number" }),
    blockHash: text("block_hash"),
    /** Our promise to whoever signed it; null for what no patient or clinician signed. */
    receipt: jsonb("receipt").$type<Receipt>(),
    savedAt: instant("saved_at").notNull(),
    movedAt: instant("moved_at").notNull(),
    /** When it was seen in a block; `movedAt` goes on to when it was final. */
    ledgerAt: instant("ledger_at"),
  },
  (t) => [
    uniqueIndex("act_in_order").on(t.order),
    index("act_by_arrival").on(t.ledgerAt),
    index("act_by_state").on(t.state, t.order),
    index("act_by_visit").on(t.visitId),
    index("act_by_object").on(t.object),
    index("act_by_transaction").on(t.transaction),
  ],
);

/**
 * A signed transaction, kept before it is sent. One nonce may have several, alike but for their fees, since any of them
 * may be the one that is mined; they share `first`, the hash of the first, and acts on their way refer to it by that.
 */
export const ledgerTransaction = pgTable(
  "ledger_transaction",
  {
    hash: text("hash").primaryKey(),
    first: text("first").notNull(),
    account: text("account").notNull(),
    nonce: bigint("nonce", { mode: "number" }).notNull(),
    raw: text("raw").notNull(),
    /** What it may use; what it used once it is in a block. */
    gas: bigint("gas", { mode: "number" }).notNull(),
    /** `open` until one of `first` is in a block; `void` when the nonce went to a transaction that is not ours. */
    state: text("state", { enum: ["open", "mined", "void"] }).notNull(),
    block: bigint("block", { mode: "number" }),
    blockHash: text("block_hash"),
    signedAt: instant("signed_at").notNull(),
  },
  (t) => [
    uniqueIndex("ledger_transaction_nonce")
      .on(t.account, t.nonce)
      .where(sql`${t.hash} = ${t.first} and ${t.state} <> 'void'`),
    index("ledger_transaction_by_first").on(t.first),
    index("ledger_transaction_by_state").on(t.state, t.nonce),
    index("ledger_transaction_by_block").on(t.block),
    index("ledger_transaction_by_time").on(t.signedAt),
  ],
);

/** One row: the ledger this folder belongs to, since its first contact. */
export const ledgerHome = pgTable("ledger_home", {
  id: integer("id").primaryKey(),
  local: boolean("local").notNull(),
  chainId: text("chain_id").notNull(),
  address: text("address").notNull(),
  /** No act of this install is in an older block. */
  since: bigint("since", { mode: "number" }).notNull(),
  /** The last block that was found to be final, and may never change. */
  finalBlock: bigint("final_block", { mode: "number" }).notNull(),
  finalHash: text("final_hash"),
});

/** The embedded chain's journal: what a block is made of, kept before it is mined; `hash` once it is. */
export const ledgerBlock = pgTable("ledger_block", {
  number: bigint("number", { mode: "number" }).primaryKey(),
  timestamp: bigint("timestamp", { mode: "number" }).notNull(),
  /** Raw transactions in order. */
  transactions: jsonb("transactions").$type<string[]>().notNull(),
  hash: text("hash"),
});
