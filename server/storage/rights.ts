import type { PGlite } from "@electric-sql/pglite";

/** Who the server is in its own database. */
const ROLE = "assent";

/**
 * Goes on as somebody who may do with the tables what the product does, and no more: the trail and the log over it are only
 * added to, besides the trigger that refuses it to everybody, but for old lines that are emptied (docs/decisions/0028). Whoever has the folder is the database's owner all the same;
 * what they change is found by the log (docs/decisions/0020).
 */
export async function giveUpRights(database: PGlite): Promise<void> {
  await database.exec(`
    DO $$ BEGIN
      IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = '${ROLE}') THEN CREATE ROLE ${ROLE} NOLOGIN; END IF;
    END $$;
    GRANT USAGE ON SCHEMA public TO ${ROLE};
    GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON ALL TABLES IN SCHEMA public TO ${ROLE};
    REVOKE UPDATE, DELETE ON entry, log_subtree, checkpoint FROM ${ROLE};
    -- Old lines are emptied: what of it, and when, the trigger says.
    GRANT UPDATE (actor, action, object, consent, refusal, detail, salt) ON entry TO ${ROLE};
    -- Cosignatures come later.
    GRANT UPDATE (note) ON checkpoint TO ${ROLE};
    -- For scouring what was erased from the database's own files.
    GRANT pg_checkpoint TO ${ROLE};
    GRANT EXECUTE ON FUNCTION pg_switch_wal() TO ${ROLE};
    GRANT SET ON PARAMETER wal_recycle TO ${ROLE};
    SET ROLE ${ROLE};
  `);
}
