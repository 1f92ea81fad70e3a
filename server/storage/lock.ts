import { readFileSync, rmSync } from "node:fs";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";

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
      const reaped = `${path}.dead.${process.pid}`;
      await rename(path, reaped).catch(() => undefined);
      // Somebody faster may have reaped and locked in between: what we moved away must be the dead one's.
      const moved = await readFile(reaped, "utf8").catch(() => null);
      if (moved !== null && moved !== found) await link(reaped, path).catch(() => undefined);
      await rm(reaped, { force: true });
    }
  } finally {
    await rm(candidate, { force: true });
  }
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
