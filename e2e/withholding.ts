import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Clinic } from "./clinic.ts";

/**
 * The operator turns: from here on the server says of every act of this kind that it is final, and sends none of them. Done
 * the way an operator could, in the database, with the product as it is.
 */
export async function withhold(clinic: Clinic, kind: "grant" | "revoke" | "record"): Promise<void> {
  await inDatabase(
    clinic,
    `CREATE FUNCTION withhold() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.state := 'final'; RETURN NEW; END $$;
     CREATE TRIGGER withhold BEFORE INSERT ON act FOR EACH ROW WHEN (NEW.kind = '${kind}') EXECUTE FUNCTION withhold();`,
  );
}

async function inDatabase(clinic: Clinic, sql: string): Promise<void> {
  await clinic.stop();
  const database = await PGlite.create(join(clinic.folder, "database"));
  await database.exec(sql);
  await database.close();
  await clinic.start();
}
