import { mkdirSync, readFileSync, rmdirSync, rmSync, statSync } from "node:fs";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Taking a dead lock away is a matter of microseconds: after this, in milliseconds, whoever began it died at it. */
const REAPING = 10_000;

/** Thrown when another process that is alive owns the folder. */
export class FolderInUse extends Error {
  constructor(folder: string, pid: number) {
    super(
      `Another Assent (process ${pid}) is already running on ${folder}. Stop it first, or set DATA_DIR to another folder.`,
    );
  }
}

/**
 * Takes the folder for this process: PGlite itself takes no lock, and two processes in one folder lose acknowledged rows.
 * Only a dead owner's lock is reaped. Resolves to the release.
 */
export async function lockFolder(folder: string): Promise<() => void> {
  const path = join(folder, "lock");
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) });
  const candidate = `${path}.${process.pid}`;
  await writeFile(candidate, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        await link(candidate, path); // atomic: fails when the lock exists
        return () => {
          if (readFileSync(path, "utf8") === mine) rmSync(path);
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const found = await readFile(path, "utf8").catch(() => null);
      if (found === null) continue;
      const owner = ownerOf(found);
      if (owner && startOf(owner.pid) === owner.started && isAlive(owner.pid)) throw new FolderInUse(folder, owner.pid);
      if (!reap(path, found)) await pause(5);
    }
  } finally {
    await rm(candidate, { force: true });
  }
}

/**
 * Takes a dead lock away, one process at a time: between looking and removing, somebody faster could otherwise have
 * reaped and locked, and a live lock would go. False when another is at it.
 */
function reap(path: string, dead: string): boolean {
  const guard = `${path}.reaping`;
  try {
    mkdirSync(guard); // atomic: fails when it exists
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
    const since = statSync(guard, { throwIfNoEntry: false })?.mtimeMs;
    if (since !== undefined && Date.now() - since > REAPING) rmSync(guard, { recursive: true, force: true });
    return false;
  }
  try {
    if (readFileSync(path, "utf8") === dead) rmSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  } finally {
    rmdirSync(guard);
  }
  return true;
}

function ownerOf(text: string): { pid: number; started: string | null } | null {
  try {
    const owner = JSON.parse(text) as { pid: number; started: string | null };
    return Number.isInteger(owner.pid) ? owner : null;
  } catch {
    return null; // torn by a crash while writing: nobody's
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** When a process started, in clock ticks since boot, so that a reused pid isn't mistaken for the owner; null where there is no /proc. */
function startOf(pid: number): string | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19] ?? null;
  } catch {
    return null;
  }
}
