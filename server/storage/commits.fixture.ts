/**
 * `commits.fixture.ts FOLDER COMMITS [bare]`: makes a database, then commits that often, between two questions about
 * files that are not there (`/begin` and `/end`), which whoever traces system calls sees. `bare` is PGlite as it comes.
 */
import { existsSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { openPGlite } from "./pglite.ts";

const [folder = "", commits, bare] = process.argv.slice(2);
const database = bare ? await PGlite.create(folder) : await openPGlite(folder);
await database.exec("CREATE TABLE written (number int)");
existsSync("/begin");
for (let number = 1; number <= Number(commits); number++)
  await database.query("INSERT INTO written VALUES ($1)", [number]);
existsSync("/end");
await database.close();
