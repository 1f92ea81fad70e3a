/**
 * How fast is the trail written, read, proven and verified, at ten thousand lines, a hundred thousand and a million? A practice
 * is made up for each size (`npm run seed`), kept under the system's temporary folder and used again. `SIZES=10000,100000` asks less.
 *
 * Floors, in the same run: an append against an insert of as many bytes into the bare database under as many writers; what the
 * API answers against the cheapest question an admin has there; a proof against reading one row by its key; **Verify all** in a
 * browser against reading the same pages; a start against that of a practice that has seen nothing yet.
 */
import { existsSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { eq } from "drizzle-orm";
import { listLines, readLogStanding } from "../lib/audit/api.ts";
import { birthLeaf } from "../lib/audit/log.ts";
import { inclusionIn } from "../lib/audit/tiles.ts";
import { signIn } from "../lib/auth/api.ts";
import { pseudonymOf } from "../lib/visits/pseudonym.ts";
import { sizeNow } from "../server/audit/growth.ts";
import { openTiles } from "../server/audit/tiles.ts";
import { openWatch } from "../server/audit/watch.ts";
import { type Answer, type Browser, Clinic } from "../server/clinic.fixture.ts";
import { readConfig } from "../server/config.ts";
import { homeOf } from "../server/ledger/home.ts";
import { PASSWORD, seedFolder } from "../server/seed/seed.ts";
import { fingerprint, madeFolder, migrations } from "../server/storage/made.fixture.ts";
import { openPGlite } from "../server/storage/pglite.ts";
import { claim, entry, user, visit } from "../server/storage/schema.ts";
import { percentile, seeded } from "../server/storage/seeded.fixture.ts";
import { openStorage } from "../server/storage/storage.ts";
import { startOf, verifiesAll } from "./parts/admin-page.ts";
import { type Facts, questionsFor } from "./parts/console.ts";
import { type Measured, median, report } from "./parts/report.ts";

const RUNS = Number(process.env.RUNS ?? 3);
const SIZES = (process.env.SIZES ?? "10000,100000,1000000").split(",").map(Number);
const SEED = 7;
const UNTIL = Date.parse("2026-11-23");
/** Times that each question is asked in a run, and leaves that are proven. */
const ASKED = 20;
const PROVEN = 300;
const WRITERS = 20;
const EACH = 50;

const parts: Record<string, Measured> = {};
const keep = (name: string, unit: string, value: number, floor: number) => {
  parts[name] ??= { values: [], floors: [], unit };
  parts[name].values.push(Math.round(value * 100) / 100);
  parts[name].floors.push(Math.round(floor * 100) / 100);
};
const timed = async (work: () => Promise<unknown>) => {
  const began = performance.now();
  await work();
  return performance.now() - began;
};
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

/** Lines a second on a trail of their own, and rows of as many bytes in a bare database, under so many writers. */
async function appends(writers: number): Promise<[ours: number, bare: number]> {
  const folder = await madeFolder("bench-audit");
  const storage = await openStorage(folder, migrations);
  const line = { actor: { is: "system", id: "bench" }, action: "store.back", object: "x".repeat(64) } as const;
  const rate = async (one: () => Promise<unknown>) => {
    await one();
    const each = writers === 1 ? EACH * 6 : EACH * 3;
    const ms = await timed(() =>
      Promise.all(
        Array.from({ length: writers }, async () => {
          for (let n = 0; n < each; n++) await one();
        }),
      ),
    );
    return (writers * each * 1_000) / ms;
  };
  const ours = await rate(() => storage.transact((_, finish) => finish(line, null)));
  await storage.close();
  const database = await openPGlite(join(folder, "bare"));
  await database.exec("CREATE TABLE kept (what text)");
  const bare = await rate(() => database.query("INSERT INTO kept VALUES ($1)", ["x".repeat(500)]));
  await database.close();
  await rm(folder, { recursive: true, force: true });
  return [ours, bare];
}

/** A practice of so many lines: made once for each schema, and then there. */
async function practiceOf(lines: number): Promise<string> {
  const folder = join(tmpdir(), `assent-bench-${fingerprint()}-${lines}`);
  if (existsSync(folder)) return folder;
  const making = await mkdtemp(`${folder}.`);
  await seedFolder({ folder: making, lines, seed: SEED, until: UNTIL, log: silent });
  // As it would have been meanwhile: the server does not begin with reading it all.
  const storage = await openStorage(making, migrations);
  const watch = openWatch({ storage, timeZone: readConfig({}).timeZone, log: silent, every: null });
  await watch.advance();
  await watch.close();
  await storage.close();
  await rename(making, folder);
  return folder;
}

async function measure(lines: number, run: number): Promise<void> {
  const folder = await practiceOf(lines);
  const of = (name: string) => `${name}, ${lines}`;
  const storage = await openStorage(folder, migrations);
  const { chainId, address } = (await homeOf(storage))!;
  const size = await sizeNow(storage);
  const chance = seeded(`leaves of ${lines}, run ${run}`);
  const tiles = openTiles(storage.read, birthLeaf({ chainId, address }));
  const [proofs, rows]: [number[], number[]] = [[], []];
  for (let n = 0; n < PROVEN; n++) {
    const leaf = Math.floor(chance.between(1, size - 256));
    proofs.push(await timed(() => inclusionIn(tiles, leaf, size - (size % 256))));
    rows.push(await timed(() => storage.read.select().from(entry).where(eq(entry.number, leaf)).execute()));
  }
  keep(of("inclusion proof p99"), "ms", percentile(proofs, 0.99), percentile(rows, 0.99));
  const [admin] = await storage.read.select().from(user).orderBy(user.createdAt).limit(1);
  const facts = await factsOf(storage);
  await storage.close();

  const clinic = await Clinic.open(folder, { TRUST_PROXY_HOPS: "1" });
  let floorOfAll: number;
  try {
    const browser = clinic.browser();
    const { code } = await asked(browser, (one) => one.ask(signIn, { email: admin!.email, password: PASSWORD }));
    if (code) throw new Error(code);
    const floor = (one: Browser) => one.ask(readLogStanding, {});
    const questions = Object.entries(questionsFor(facts));
    for (const [name, question] of questions) {
      const [times, floors]: [number[], number[]] = [[], []];
      for (let n = 0; n < ASKED; n++) {
        times.push(await timed(() => asked(browser, question)));
        floors.push(await timed(() => asked(browser, floor)));
      }
      keep(of(name), "ms p95", percentile(times, 0.95), percentile(floors, 0.95));
    }
    floorOfAll = await readThrough(browser);
  } finally {
    await clinic.close({ keep: true });
  }
  await verified(folder, admin!.email, of("verified in a browser"), floorOfAll);
  keep(of("start"), "ms", await startOf(folder), await startOf());
}

let asks = 0;
/** An address has so many questions a minute; this asks from ever others. */
async function asked<T>(browser: Browser, question: (one: Browser) => Promise<Answer<T>>): Promise<Answer<T>> {
  asks += 1;
  browser.from = `198.51.100.${Math.floor(asks / 400) % 250}`;
  const answer = await question(browser);
  if (answer.code) throw new Error(answer.code);
  return answer;
}

async function factsOf(storage: Awaited<ReturnType<typeof openStorage>>): Promise<Facts> {
  const { id, clinicianId, createdAt } = visit;
  const ends = await storage.read.select({ id, clinicianId, createdAt }).from(visit).orderBy(createdAt);
  const [someone] = await storage.read.select({ signer: claim.signer }).from(claim).limit(1);
  const old = ends[Math.floor(ends.length / 10)]!;
  return {
    clinicians: [...new Set(ends.map((row) => row.clinicianId))],
    old: { visitId: old.id, cursor: `${old.createdAt.toISOString()}_${old.id}` },
    first: ends[0]!.createdAt.getTime(),
    last: ends.at(-1)!.createdAt.getTime(),
    lines: await storage.read.$count(entry),
    code: pseudonymOf(someone!.signer),
  };
}

/** The whole log, in a browser; the floor is reading the same pages through the API and doing nothing with them. */
async function verified(folder: string, email: string, name: string, floor: number): Promise<void> {
  const { lines, ms } = await verifiesAll(folder, email, PASSWORD);
  keep(name, "lines/s", (lines * 1_000) / ms, floor);
}

/** Lines a second that are read as **Verify all** reads them. */
async function readThrough(browser: Browser): Promise<number> {
  let read = 0;
  const ms = await timed(async () => {
    for (let more = true; more; ) {
      const page = (await asked(browser, (one) => one.ask(listLines, { after: read }))).value;
      read = page.lines.at(-1)?.entry.number ?? read;
      more = page.more;
    }
  });
  return (read * 1_000) / ms;
}

for (let run = 0; run < RUNS; run++) {
  for (const writers of [1, WRITERS]) {
    const [ours, bare] = await appends(writers);
    keep(`append, ${writers} at once`, "lines/s", ours, bare);
  }
  for (const lines of SIZES) await measure(lines, run);
}

/** The slowest of what the console asks at the largest size. */
const largest = Math.max(...SIZES);
const ofConsole = Object.entries(parts).filter(
  ([name, { unit }]) => unit === "ms p95" && name.endsWith(`, ${largest}`),
);
const [, slowest] = ofConsole.sort(([, a], [, b]) => median(b.values) - median(a.values))[0]!;
parts.slowest = slowest;
report({ question: "audit", unit: "ms p95", runs: RUNS, headline: "slowest", parts });
