CREATE TABLE "checkpoint" (
	"size" bigint PRIMARY KEY NOT NULL,
	"root" text NOT NULL,
	"note" text NOT NULL,
	"signed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "entry" (
	"number" bigint PRIMARY KEY NOT NULL,
	"at" text NOT NULL,
	"actor" jsonb NOT NULL,
	"action" text NOT NULL,
	"visit_id" text,
	"of_visit" integer,
	"object" text,
	"consent" text,
	"refusal" text,
	"detail" jsonb NOT NULL,
	"salt" text NOT NULL,
	"previous" text NOT NULL,
	"hash" text NOT NULL,
	"act_id" text
);
--> statement-breakpoint
CREATE TABLE "export_request" (
	"id" text PRIMARY KEY NOT NULL,
	"asked_by" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"format" text NOT NULL,
	"filter" jsonb NOT NULL,
	"last" bigint NOT NULL,
	"lines" integer NOT NULL,
	"sessions" integer NOT NULL,
	"digest" text NOT NULL,
	"reason" text NOT NULL,
	"note" text,
	"state" text NOT NULL,
	"decided_by" text,
	"decided_at" timestamp (3) with time zone,
	"taken" integer DEFAULT 0 NOT NULL
);
--> statement-breakpoint
CREATE TABLE "log_subtree" (
	"level" integer NOT NULL,
	"index" bigint NOT NULL,
	"root" text NOT NULL,
	CONSTRAINT "log_subtree_level_index_pk" PRIMARY KEY("level","index")
);
--> statement-breakpoint
CREATE TABLE "retention" (
	"id" integer PRIMARY KEY NOT NULL,
	"scoured" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trail_head" (
	"id" integer PRIMARY KEY NOT NULL,
	"number" bigint NOT NULL,
	"hash" text NOT NULL
);
--> statement-breakpoint
CREATE TABLE "witness" (
	"id" text PRIMARY KEY NOT NULL,
	"url" text NOT NULL,
	"key" text NOT NULL,
	"added_at" timestamp (3) with time zone NOT NULL,
	"size" bigint DEFAULT 0 NOT NULL,
	"cosigned_at" timestamp (3) with time zone,
	"trouble" text,
	CONSTRAINT "witness_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "account" (
	"id" text PRIMARY KEY NOT NULL,
	"account_id" text NOT NULL,
	"provider_id" text NOT NULL,
	"user_id" text NOT NULL,
	"access_token" text,
	"refresh_token" text,
	"id_token" text,
	"access_token_expires_at" timestamp (3) with time zone,
	"refresh_token_expires_at" timestamp (3) with time zone,
	"scope" text,
	"password" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clinic" (
	"id" integer PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"phone" text,
	"created_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "clinician_key" (
	"signer" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"device" text NOT NULL,
	"recipient" text NOT NULL,
	"binding" text NOT NULL,
	"person" text NOT NULL,
	"voucher" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"enrolled_at" timestamp (3) with time zone,
	"enrolled_by" text,
	"removed_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "invitation" (
	"id" text PRIMARY KEY NOT NULL,
	"claim_hash" text NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"roles" text NOT NULL,
	"invited_by" text NOT NULL,
	"invited_at" timestamp (3) with time zone NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "invitation_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "session" (
	"id" text PRIMARY KEY NOT NULL,
	"token" text NOT NULL,
	"user_id" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"ip_address" text,
	"user_agent" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"confirmed_at" timestamp (3) with time zone,
	CONSTRAINT "session_token_unique" UNIQUE("token")
);
--> statement-breakpoint
CREATE TABLE "user" (
	"id" text PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"email" text NOT NULL,
	"email_verified" boolean DEFAULT false NOT NULL,
	"image" text,
	"roles" text DEFAULT '' NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL,
	"seen_at" timestamp (3) with time zone,
	"removed_at" timestamp (3) with time zone,
	CONSTRAINT "user_email_unique" UNIQUE("email")
);
--> statement-breakpoint
CREATE TABLE "verification" (
	"id" text PRIMARY KEY NOT NULL,
	"identifier" text NOT NULL,
	"value" text NOT NULL,
	"expires_at" timestamp (3) with time zone NOT NULL,
	"created_at" timestamp (3) with time zone NOT NULL,
	"updated_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "blob" (
	"hash" text NOT NULL,
	"visit_id" text NOT NULL,
	"size" bigint NOT NULL,
	"by_patient" boolean NOT NULL,
	"stored_at" timestamp (3) with time zone NOT NULL,
	"key" text NOT NULL,
	"pieces" text NOT NULL,
	CONSTRAINT "blob_visit_id_hash_pk" PRIMARY KEY("visit_id","hash"),
	CONSTRAINT "blob_key_unique" UNIQUE("key")
);
--> statement-breakpoint
CREATE TABLE "blob_copy" (
	"key" text NOT NULL,
	"store" text NOT NULL,
	"state" text NOT NULL,
	"due" timestamp (3) with time zone NOT NULL,
	"checked_at" timestamp (3) with time zone,
	CONSTRAINT "blob_copy_key_store_pk" PRIMARY KEY("key","store")
);
--> statement-breakpoint
CREATE TABLE "blob_store" (
	"name" text PRIMARY KEY NOT NULL,
	"mark" text NOT NULL,
	"state" text NOT NULL,
	"since" timestamp (3) with time zone NOT NULL,
	"missing" integer DEFAULT 0 NOT NULL,
	"damaged" integer DEFAULT 0 NOT NULL,
	"repaired" integer DEFAULT 0 NOT NULL,
	"whole" boolean DEFAULT true NOT NULL,
	"swept_to" text DEFAULT '' NOT NULL,
	"swept_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "consent" (
	"id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"guest_id" text,
	"share_id" text,
	"consent" jsonb NOT NULL,
	"signature" text NOT NULL,
	"granted_at" timestamp (3) with time zone NOT NULL,
	"revoked_at" timestamp (3) with time zone,
	"revocation" text,
	CONSTRAINT "consent_guest_id_unique" UNIQUE("guest_id"),
	CONSTRAINT "consent_share_id_unique" UNIQUE("share_id")
);
--> statement-breakpoint
CREATE TABLE "share" (
	"id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"clinician_id" text NOT NULL,
	"shared_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "act" (
	"id" text PRIMARY KEY NOT NULL,
	"order" bigint GENERATED ALWAYS AS IDENTITY (sequence name "act_order_seq" INCREMENT BY 1 MINVALUE 1 MAXVALUE 9223372036854775807 START WITH 1 CACHE 1),
	"kind" text NOT NULL,
	"call" jsonb NOT NULL,
	"visit_id" text,
	"object" text NOT NULL,
	"state" text NOT NULL,
	"reason" text,
	"transaction" text,
	"block" bigint,
	"block_hash" text,
	"receipt" jsonb,
	"saved_at" timestamp (3) with time zone NOT NULL,
	"moved_at" timestamp (3) with time zone NOT NULL,
	"ledger_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "ledger_block" (
	"number" bigint PRIMARY KEY NOT NULL,
	"timestamp" bigint NOT NULL,
	"transactions" jsonb NOT NULL,
	"hash" text
);
--> statement-breakpoint
CREATE TABLE "ledger_home" (
	"id" integer PRIMARY KEY NOT NULL,
	"local" boolean NOT NULL,
	"chain_id" text NOT NULL,
	"address" text NOT NULL,
	"since" bigint NOT NULL,
	"final_block" bigint NOT NULL,
	"final_hash" text
);
--> statement-breakpoint
CREATE TABLE "ledger_transaction" (
	"hash" text PRIMARY KEY NOT NULL,
	"first" text NOT NULL,
	"account" text NOT NULL,
	"nonce" bigint NOT NULL,
	"raw" text NOT NULL,
	"gas" bigint NOT NULL,
	"state" text NOT NULL,
	"block" bigint,
	"block_hash" text,
	"signed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "ask" (
	"id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"consent_id" text NOT NULL,
	"kind" integer NOT NULL,
	"commitment" text NOT NULL,
	"number" integer NOT NULL,
	"signed_at" bigint NOT NULL,
	"signature" text NOT NULL,
	"envelope" text,
	"recipients" jsonb NOT NULL,
	"seal" text NOT NULL,
	"blob" text,
	"state" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"answered_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "background" (
	"visit_id" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"seal" text NOT NULL,
	"recipient" text NOT NULL,
	"version" integer NOT NULL,
	"previous" text NOT NULL,
	"shared_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "cancellation" (
	"prescription_id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"record_id" text,
	"signed" jsonb,
	"at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "erasure" (
	"id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"at" bigint NOT NULL,
	"proof" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL,
	"erased_at" timestamp (3) with time zone,
	"certificate" jsonb,
	"scoured_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "folder" (
	"signer" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"seal" text NOT NULL,
	"recipient" text NOT NULL,
	"version" integer NOT NULL,
	"previous" text NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "locker" (
	"hash" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"kept_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notes" (
	"visit_id" text PRIMARY KEY NOT NULL,
	"sealed" text NOT NULL,
	"seal" text NOT NULL,
	"recipient" text NOT NULL,
	"version" integer NOT NULL,
	"previous" text NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "record" (
	"id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"consent_id" text NOT NULL,
	"kind" integer NOT NULL,
	"by_patient" boolean NOT NULL,
	"author" text NOT NULL,
	"commitment" text NOT NULL,
	"number" integer NOT NULL,
	"signed_at" bigint NOT NULL,
	"signature" text NOT NULL,
	"approval" text,
	"envelope" text,
	"recipients" jsonb NOT NULL,
	"seal" text NOT NULL,
	"blob" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	CONSTRAINT "record_number" UNIQUE("consent_id","by_patient","number")
);
--> statement-breakpoint
CREATE TABLE "shared_record" (
	"share_id" text NOT NULL,
	"record_id" text NOT NULL,
	"recipient" text NOT NULL,
	"envelope" text NOT NULL,
	"seal" text NOT NULL,
	CONSTRAINT "shared_record_share_id_record_id_pk" PRIMARY KEY("share_id","record_id")
);
--> statement-breakpoint
CREATE TABLE "slip" (
	"record_id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"token_hash" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL,
	"times" integer NOT NULL,
	"dispensed" jsonb DEFAULT '[]'::jsonb NOT NULL,
	"refused" integer DEFAULT 0 NOT NULL,
	"refused_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "finding" (
	"id" text PRIMARY KEY NOT NULL,
	"rule" text NOT NULL,
	"why" text,
	"number" bigint NOT NULL,
	"actor" jsonb NOT NULL,
	"visit_id" text,
	"at" text NOT NULL,
	"until" text NOT NULL,
	"times" integer NOT NULL,
	"lines" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review" (
	"about" text PRIMARY KEY NOT NULL,
	"version" integer NOT NULL,
	"state" text NOT NULL,
	"assignee" text,
	"outcome" text,
	"dismissed" integer,
	"changed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "review_step" (
	"about" text NOT NULL,
	"version" integer NOT NULL,
	"is" text NOT NULL,
	"by" text NOT NULL,
	"at" text NOT NULL,
	"to" text,
	"code" text,
	"times" integer,
	"text" text,
	"salt" text,
	"text_hash" text,
	CONSTRAINT "review_step_about_version_pk" PRIMARY KEY("about","version")
);
--> statement-breakpoint
CREATE TABLE "watch" (
	"id" integer PRIMARY KEY NOT NULL,
	"number" bigint NOT NULL,
	"rules" text NOT NULL,
	"recent" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "watched_visit" (
	"visit_id" text PRIMARY KEY NOT NULL,
	"seen" jsonb NOT NULL
);
--> statement-breakpoint
CREATE TABLE "audit_view" (
	"id" text PRIMARY KEY NOT NULL,
	"user_id" text NOT NULL,
	"name" text NOT NULL,
	"filters" jsonb NOT NULL,
	"saved_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "claim" (
	"visit_id" text PRIMARY KEY NOT NULL,
	"signer" text NOT NULL,
	"recipient" text NOT NULL,
	"binding" text NOT NULL,
	"session_hash" text NOT NULL,
	"details" text,
	"claimed_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "guest" (
	"id" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"asked_by" text NOT NULL,
	"role" text NOT NULL,
	"claim_hash" text NOT NULL,
	"details" text,
	"signer" text,
	"session_hash" text,
	"state" text NOT NULL,
	"end" text,
	"invited_at" timestamp (3) with time zone NOT NULL,
	"asked_at" timestamp (3) with time zone,
	"accepted_at" timestamp (3) with time zone,
	"decided_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone
);
--> statement-breakpoint
CREATE TABLE "key_session" (
	"hash" text PRIMARY KEY NOT NULL,
	"visit_id" text NOT NULL,
	"until" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "notice" (
	"visit_id" text PRIMARY KEY NOT NULL,
	"email" text NOT NULL,
	"asked_at" timestamp (3) with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "queue" (
	"clinician_id" text PRIMARY KEY NOT NULL,
	"minutes" integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE "rating" (
	"day" date NOT NULL,
	"side" text NOT NULL,
	"score" integer NOT NULL,
	"times" integer NOT NULL,
	CONSTRAINT "rating_day_side_score_pk" PRIMARY KEY("day","side","score")
);
--> statement-breakpoint
CREATE TABLE "visit" (
	"id" text PRIMARY KEY NOT NULL,
	"clinician_id" text NOT NULL,
	"signer" text NOT NULL,
	"claim_hash" text NOT NULL,
	"details" text,
	"planned_for" timestamp (3) with time zone,
	"state" text NOT NULL,
	"end" text,
	"created_at" timestamp (3) with time zone NOT NULL,
	"link_expires_at" timestamp (3) with time zone NOT NULL,
	"opened_at" timestamp (3) with time zone,
	"waiting_since" timestamp (3) with time zone,
	"admitted_at" timestamp (3) with time zone,
	"started_at" timestamp (3) with time zone,
	"ended_at" timestamp (3) with time zone,
	"erased_at" timestamp (3) with time zone,
	"happened_at" timestamp (3) with time zone GENERATED ALWAYS AS (coalesce("started_at", "created_at")) STORED NOT NULL
);
--> statement-breakpoint
ALTER TABLE "export_request" ADD CONSTRAINT "export_request_asked_by_user_id_fk" FOREIGN KEY ("asked_by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "export_request" ADD CONSTRAINT "export_request_decided_by_user_id_fk" FOREIGN KEY ("decided_by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "account" ADD CONSTRAINT "account_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clinician_key" ADD CONSTRAINT "clinician_key_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "clinician_key" ADD CONSTRAINT "clinician_key_enrolled_by_user_id_fk" FOREIGN KEY ("enrolled_by") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "session" ADD CONSTRAINT "session_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "blob" ADD CONSTRAINT "blob_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_guest_id_guest_id_fk" FOREIGN KEY ("guest_id") REFERENCES "public"."guest"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "consent" ADD CONSTRAINT "consent_share_id_share_id_fk" FOREIGN KEY ("share_id") REFERENCES "public"."share"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "share" ADD CONSTRAINT "share_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "share" ADD CONSTRAINT "share_clinician_id_user_id_fk" FOREIGN KEY ("clinician_id") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ask" ADD CONSTRAINT "ask_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "ask" ADD CONSTRAINT "ask_consent_id_consent_id_fk" FOREIGN KEY ("consent_id") REFERENCES "public"."consent"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "background" ADD CONSTRAINT "background_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cancellation" ADD CONSTRAINT "cancellation_prescription_id_record_id_fk" FOREIGN KEY ("prescription_id") REFERENCES "public"."record"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cancellation" ADD CONSTRAINT "cancellation_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "cancellation" ADD CONSTRAINT "cancellation_record_id_record_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."record"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "erasure" ADD CONSTRAINT "erasure_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notes" ADD CONSTRAINT "notes_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record" ADD CONSTRAINT "record_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "record" ADD CONSTRAINT "record_consent_id_consent_id_fk" FOREIGN KEY ("consent_id") REFERENCES "public"."consent"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shared_record" ADD CONSTRAINT "shared_record_share_id_share_id_fk" FOREIGN KEY ("share_id") REFERENCES "public"."share"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "shared_record" ADD CONSTRAINT "shared_record_record_id_record_id_fk" FOREIGN KEY ("record_id") REFERENCES "public"."record"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "slip" ADD CONSTRAINT "slip_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "audit_view" ADD CONSTRAINT "audit_view_user_id_user_id_fk" FOREIGN KEY ("user_id") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "claim" ADD CONSTRAINT "claim_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "guest" ADD CONSTRAINT "guest_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "key_session" ADD CONSTRAINT "key_session_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notice" ADD CONSTRAINT "notice_visit_id_visit_id_fk" FOREIGN KEY ("visit_id") REFERENCES "public"."visit"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "queue" ADD CONSTRAINT "queue_clinician_id_user_id_fk" FOREIGN KEY ("clinician_id") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit" ADD CONSTRAINT "visit_clinician_id_user_id_fk" FOREIGN KEY ("clinician_id") REFERENCES "public"."user"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "visit" ADD CONSTRAINT "visit_signer_clinician_key_signer_fk" FOREIGN KEY ("signer") REFERENCES "public"."clinician_key"("signer") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "checkpoint_by_time" ON "checkpoint" USING btree ("signed_at");--> statement-breakpoint
CREATE INDEX "entry_by_visit" ON "entry" USING btree ("visit_id","number");--> statement-breakpoint
CREATE INDEX "entry_by_action" ON "entry" USING btree ("action","number");--> statement-breakpoint
CREATE INDEX "entry_by_time" ON "entry" USING btree ("at");--> statement-breakpoint
CREATE INDEX "entry_refused" ON "entry" USING btree ("at") WHERE "entry"."refusal" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "entry_refused_of_visit" ON "entry" USING btree ("visit_id") WHERE "entry"."refusal" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "entry_refusals" ON "entry" USING btree ("number") WHERE "entry"."refusal" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "entry_by_actor" ON "entry" USING btree (("actor" ->> 'id'),"number");--> statement-breakpoint
CREATE INDEX "entry_by_day" ON "entry" USING btree (left("at", 10),"number");--> statement-breakpoint
CREATE INDEX "entry_by_act" ON "entry" USING btree ("act_id") WHERE "entry"."act_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "export_request_by_state" ON "export_request" USING btree ("state","asked_at");--> statement-breakpoint
CREATE INDEX "clinician_key_by_person" ON "clinician_key" USING btree ("user_id");--> statement-breakpoint
CREATE INDEX "blob_by_time" ON "blob" USING btree ("stored_at");--> statement-breakpoint
CREATE INDEX "blob_copy_due" ON "blob_copy" USING btree ("store","state","due");--> statement-breakpoint
CREATE INDEX "consent_by_grant" ON "consent" USING btree ("granted_at");--> statement-breakpoint
CREATE UNIQUE INDEX "consent_of_visit" ON "consent" USING btree ("visit_id") WHERE "consent"."guest_id" IS NULL AND "consent"."share_id" IS NULL;--> statement-breakpoint
CREATE INDEX "consent_by_visit" ON "consent" USING btree ("visit_id");--> statement-breakpoint
CREATE INDEX "share_by_visit" ON "share" USING btree ("visit_id");--> statement-breakpoint
CREATE INDEX "share_by_clinician" ON "share" USING btree ("clinician_id","shared_at");--> statement-breakpoint
CREATE UNIQUE INDEX "act_in_order" ON "act" USING btree ("order");--> statement-breakpoint
CREATE INDEX "act_by_arrival" ON "act" USING btree ("ledger_at");--> statement-breakpoint
CREATE INDEX "act_by_state" ON "act" USING btree ("state","order");--> statement-breakpoint
CREATE INDEX "act_by_visit" ON "act" USING btree ("visit_id");--> statement-breakpoint
CREATE INDEX "act_by_object" ON "act" USING btree ("object");--> statement-breakpoint
CREATE INDEX "act_by_transaction" ON "act" USING btree ("transaction");--> statement-breakpoint
CREATE UNIQUE INDEX "ledger_transaction_nonce" ON "ledger_transaction" USING btree ("account","nonce") WHERE "ledger_transaction"."hash" = "ledger_transaction"."first" and "ledger_transaction"."state" <> 'void';--> statement-breakpoint
CREATE INDEX "ledger_transaction_by_first" ON "ledger_transaction" USING btree ("first");--> statement-breakpoint
CREATE INDEX "ledger_transaction_by_state" ON "ledger_transaction" USING btree ("state","nonce");--> statement-breakpoint
CREATE INDEX "ledger_transaction_by_block" ON "ledger_transaction" USING btree ("block");--> statement-breakpoint
CREATE INDEX "ledger_transaction_by_time" ON "ledger_transaction" USING btree ("signed_at");--> statement-breakpoint
CREATE INDEX "ask_by_visit" ON "ask" USING btree ("visit_id");--> statement-breakpoint
CREATE UNIQUE INDEX "erasure_open" ON "erasure" USING btree ("visit_id") WHERE "erasure"."erased_at" IS NULL;--> statement-breakpoint
CREATE INDEX "erasure_by_time" ON "erasure" USING btree ("asked_at");--> statement-breakpoint
CREATE INDEX "record_by_visit" ON "record" USING btree ("visit_id");--> statement-breakpoint
CREATE INDEX "finding_by_number" ON "finding" USING btree ("number");--> statement-breakpoint
CREATE INDEX "review_by_state" ON "review" USING btree ("state","changed_at");--> statement-breakpoint
CREATE INDEX "audit_view_by_person" ON "audit_view" USING btree ("user_id","saved_at");--> statement-breakpoint
CREATE INDEX "guest_by_visit" ON "guest" USING btree ("visit_id");--> statement-breakpoint
CREATE INDEX "visit_by_clinician" ON "visit" USING btree ("clinician_id","created_at","id");--> statement-breakpoint
CREATE INDEX "visit_by_creation" ON "visit" USING btree ("created_at","id");--> statement-breakpoint
CREATE INDEX "visit_by_happening" ON "visit" USING btree ("happened_at","id");--> statement-breakpoint
CREATE INDEX "visit_of_clinician" ON "visit" USING btree ("clinician_id","happened_at","id");--> statement-breakpoint
CREATE INDEX "visit_by_admission" ON "visit" USING btree ("admitted_at");--> statement-breakpoint
CREATE INDEX "visit_by_state" ON "visit" USING btree ("state","planned_for");--> statement-breakpoint
CREATE FUNCTION refuse_rewriting_the_trail() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
  -- A line that is six years old may be emptied, once, to exactly this. See lib/audit/retained.ts.
  IF TG_OP = 'UPDATE' AND TG_LEVEL = 'ROW' THEN
    IF OLD."action" <> 'line.retained' AND OLD."at"::timestamptz <= now() - interval '6 years'
      AND (NEW."number", NEW."at", NEW."previous", NEW."hash") = (OLD."number", OLD."at", OLD."previous", OLD."hash")
      AND NEW."visit_id" IS NOT DISTINCT FROM OLD."visit_id" AND NEW."of_visit" IS NOT DISTINCT FROM OLD."of_visit"
      AND NEW."act_id" IS NOT DISTINCT FROM OLD."act_id"
      AND NEW."actor" = '{"is": "system", "id": "retention"}' AND NEW."action" = 'line.retained'
      AND NEW."object" IS NULL AND NEW."consent" IS NULL AND NEW."refusal" IS NULL
      AND NEW."salt" = '0x' || repeat('0', 32)
      AND NEW."detail" = jsonb_build_object('since', NEW."detail"->>'since', 'batch', NEW."detail"->>'batch')
      AND NEW."detail"->>'since' ~ '^20\d\d-\d\d-\d\dT[\d:.]{8,12}Z$' AND NEW."detail"->>'batch' ~ '^[0-9a-f]{32}$'
    THEN RETURN NEW;
    END IF;
  END IF;
  RAISE EXCEPTION 'The trail only grows.';
END $$;
--> statement-breakpoint
CREATE TRIGGER trail_only_grows BEFORE UPDATE OR DELETE ON "entry" FOR EACH ROW EXECUTE FUNCTION refuse_rewriting_the_trail();
--> statement-breakpoint
CREATE TRIGGER trail_is_not_emptied BEFORE TRUNCATE ON "entry" FOR EACH STATEMENT EXECUTE FUNCTION refuse_rewriting_the_trail();
