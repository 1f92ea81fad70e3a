/**
 * `commits.fixture.ts FOLDER COMMITS [bare | together]`: makes a database, then commits that often, between two questions
 * about files that are not there (`/begin` and `/end`), which whoever traces system calls sees. `bare` is PGlite as it comes;
 * `together` are transactions that wait for each other, each with a question in it (`/inside-N`) and behind it (`/over-N`),
 * and among them somebody who reads how many there are (`/saw-N`).
 */
import { existsSync } from "node:fs";
import { PGlite } from "@electric-sql/pglite";
import { openPGlite } from "./pglite.ts";

const [folder = "", commits, how] = process.argv.slice(2);
const database = how === "bare" ? await PGlite.create(folder) : await openPGlite(folder);
await database.exec("CREATE TABLE written (number int)");
const numbers = Array.from({ length: Number(commits) }, (_, number) => number);
const insert = (number: number): [string, number[]] => ["INSERT INTO written VALUES ($1)", [number]];
existsSync("/begin");
if (how === "together")
  await Promise.all(
    numbers.map(async (number) => {
      const done = database.transaction(async (tx) => {
        await tx.query(...insert(number));
        existsSync(`/inside-${number}`);
      });
      const read = database.query<{ seen: number }>("SELECT count(*)::int AS seen FROM written");
      await Promise.all([
        done.then(() => existsSync(`/over-${number}`)),
        read.then(({ rows }) => existsSync(`/saw-${rows[0]?.seen}`)),
      ]);
    }),
  );
else for (const number of numbers) await database.query(...insert(number));
existsSync("/end");
await database.close();
