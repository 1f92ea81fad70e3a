import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const COMMITS = 200;
const STRACE = "/usr/bin/strace";
const traceable = existsSync(STRACE);
if (!traceable)
  console.log("Left out, for want of strace: that every commit reaches the disk. Install the package `strace`.");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "assent-durable-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** The system calls of a database that is made and then commits, as the kernel saw them. */
const traced = (name: string, ...how: string[]) =>
  callsOf("commits.fixture.ts", name, [join(folder, name), String(COMMITS), ...how]);

async function callsOf(fixture: string, name: string, args: string[]): Promise<string[]> {
  const out = join(folder, `${name}.calls`);
  const calls = "trace=fsync,fdatasync,rename,access,stat,statx,newfstatat";
  const command = [process.execPath, join(import.meta.dirname, fixture), ...args];
  await promisify(execFile)(STRACE, ["-f", "--seccomp-bpf", "-y", "-qq", "-e", calls, "-o", out, ...command]);
  return (await readFile(out, "utf8")).split("\n");
}

const at = (lines: string[], what: string) => {
  const found = lines.findIndex((line) => line.includes(what));
  expect(found, what).toBeGreaterThan(-1);
  return found;
};
/** Files that were written through to the disk within these calls, as often as they were. */
const synced = (lines: string[]) =>
  lines.flatMap((line) => /f(?:data)?sync\(\d+<([^>]+)>(?:\)| )/.exec(line)?.[1] ?? []);
const commits = (lines: string[]) =>
  synced(lines.slice(at(lines, '"/begin"'), at(lines, '"/end"'))).filter((path) => path.includes("/pg_wal/"));

describe.skipIf(!traceable)("seen from outside, by its system calls,", () => {
  test(`${COMMITS} commits are at least ${COMMITS} fsyncs of the write-ahead log; PGlite as it comes does none`, async () => {
    expect(commits(await traced("durable")).length).toBeGreaterThanOrEqual(COMMITS);
    expect(commits(await traced("as-it-comes", "bare"))).toEqual([]);
  }, 90_000);

  test("transactions that wait for each other share fsyncs; none is over and none is seen before one that came behind it", async () => {
    const lines = await traced("together", "together");
    const between = lines.slice(at(lines, '"/begin"'), at(lines, '"/end"'));
    for (let number = 0; number < COMMITS; number++) {
      const inside = at(between, `"/inside-${number}"`);
      for (const told of [`"/over-${number}"`, `"/saw-${number + 1}"`]) {
        const written = synced(between.slice(inside, at(between, told)));
        expect(written.some((path) => path.includes("/pg_wal/"))).toBe(true);
      }
    }
    expect(commits(lines).length).toBeLessThan(COMMITS / 4);
  }, 90_000);

  test("a new database is on the disk, file by file, before it has its name", async () => {
    const lines = await traced("new");
    const before = new Set(synced(lines.slice(0, at(lines, `/new.new", "${join(folder, "new")}"`))));
    const files = await readdir(join(folder, "new", "base"), { recursive: true, withFileTypes: true });
    const missing = files
      .filter((one) => one.isFile() && !/^16\d\d\d|^pg_internal/.test(one.name)) // made since
      .map((one) => join(one.parentPath, one.name).replace("/new/base/", "/new.new/base/"))
      .filter((path) => !before.has(path));
    expect(files.length).toBeGreaterThan(500);
    expect(missing).toEqual([]);
  }, 90_000);

  test("a file is on the disk before it has its name, and its name before it is acknowledged", async () => {
    const store = join(folder, "store");
    const lines = await callsOf("puts.fixture.ts", "one", [store]);
    const named = lines.findIndex((line) => /rename\(.*\/coming\/[0-9a-f]+", ".*\/store\/[0-9a-f]{2}\//.test(line));
    expect(named).toBeGreaterThan(-1);
    expect(synced(lines.slice(0, named)).filter((path) => path.startsWith(join(store, "coming/")))).toHaveLength(1);
    const after = synced(lines.slice(named, at(lines, '"/end"')));
    expect(after).toEqual([expect.stringMatching(/\/store\/[0-9a-f]{2}$/), store]);
  }, 60_000);
});
