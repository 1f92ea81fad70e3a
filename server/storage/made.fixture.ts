import { createHash } from "node:crypto";
import { cpSync, existsSync, readdirSync, readFileSync } from "node:fs";
import { mkdtemp, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "../config.ts";
import { openStorage } from "./storage.ts";

export const migrations = join(root, "server/storage/migrations");

/**
 * A data folder of its own, in which the empty database is there already: making one takes longer than most tests. All are
 * copies of one, which is made by `openStorage` where there is none for these sources yet.
 */
export async function madeFolder(name: string): Promise<string> {
  const made = join(tmpdir(), `assent-made-${fingerprint()}`);
  if (!existsSync(made)) {
    const folder = await mkdtemp(`${made}.`);
    await (await openStorage(folder, migrations)).close();
    // Another process may have been faster; both are the same.
    await rename(folder, made).catch(() => rm(folder, { recursive: true }));
  }
  const folder = await mkdtemp(join(tmpdir(), `assent-${name}-`));
  cpSync(made, folder, { recursive: true });
  return folder;
}

/** What an empty database depends on. */
export function fingerprint(): string {
  const digest = createHash("sha256");
  const sources = readdirSync(migrations, { recursive: true, withFileTypes: true })
    .filter((one) => one.isFile())
    .map((one) => join(one.parentPath, one.name));
  for (const path of [...sources.sort(), join(root, "server/storage/pglite.ts"), join(root, "package-lock.json")])
    digest.update(readFileSync(path));
  return digest.digest("hex").slice(0, 16);
}
