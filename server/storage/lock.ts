import { randomBytes } from "node:crypto";
import { mkdirSync, readFileSync, readlinkSync, rmdirSync, rmSync, statSync, utimesSync } from "node:fs";
import { link, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";

/** Taking a dead lock away is a matter of microseconds: after this, in milliseconds, whoever began it died at it. */
const REAPING = 10_000;

/** How often, in milliseconds, an owner shows that it lives, to those who cannot see its process. */
const HEARTBEAT = 2_000;
/** After how long without that, in milliseconds, it is dead to them. */
const SILENCE = 30_000;

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
 * Only a dead owner's lock is reaped: one whose process is gone or, where processes of another container or machine
 * cannot be seen, one that was silent for `silence` milliseconds while we looked. Resolves to the release.
 */
export async function lockFolder(folder: string, silence = SILENCE): Promise<() => void> {
  const path = join(folder, "lock");
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid), among: neighbours() });
  const candidate = `${path}.${randomBytes(8).toString("hex")}`;
  await writeFile(candidate, mine, { mode: 0o600 });
  try {
    for (;;) {
      try {
        await link(candidate, path); // atomic: fails when the lock exists
        const beating = setInterval(() => beat(path), HEARTBEAT).unref();
        return () => {
          clearInterval(beating);
          if (readFileSync(path, "utf8") === mine) rmSync(path);
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      }
      const found = await readFile(path, "utf8").catch(() => null);
      if (found === null) continue;
      const owner = ownerOf(found);
      if (owner && (await lives(owner, path, silence))) throw new FolderInUse(folder, owner.pid);
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

interface Owner {
  pid: number;
  started: string | null;
  among?: string | null;
}

async function lives(owner: Owner, path: string, silence: number): Promise<boolean> {
  const here = neighbours();
  if ((owner.among ?? here) === here) return startOf(owner.pid) === owner.started && isAlive(owner.pid);
  const beats = () => statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  const before = beats();
  for (const since = performance.now(); performance.now() - since < silence; await pause(100)) {
    if (beats() === undefined) return false;
    if (beats() !== before) return true;
  }
  return false;
}

function beat(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    // A full or vanished disk: those who look will see.
  }
}

function ownerOf(text: string): Owner | null {
  try {
    const owner = JSON.parse(text) as Owner;
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

/** Whose processes we can see: this boot's, in this container. Null where there is no /proc. */
function neighbours(): string | null {
  try {
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot} ${readlinkSync("/proc/self/ns/pid")}`;
  } catch {
    return null;
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
