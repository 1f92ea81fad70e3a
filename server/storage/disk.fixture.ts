import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { spaceOf } from "./space.ts";

/** A disk of this size in memory, or null where we may not mount one, which says what is left out for it. */
export async function smallDisk(size: number, leftOut: string): Promise<string | null> {
  const folder = await mkdtemp(join(tmpdir(), "assent-disk-"));
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${size}`, "tmpfs", folder], { stdio: "ignore" });
    return folder;
  } catch {
    await rm(folder, { recursive: true });
    console.log(`Left out, since mounting a small disk needs root on Linux: ${leftOut}.`);
    return null;
  }
}

/** Lets others fill the disk until this much is free. */
export function leaveFree(disk: string, free: number): void {
  const filler = join(disk, "filler");
  execFileSync("rm", ["-f", filler]);
  execFileSync("fallocate", ["-l", String(spaceOf(disk).free - free), filler]);
}

export async function unmount(disk: string): Promise<void> {
  execFileSync("umount", [disk]);
  await rm(disk, { recursive: true });
}
