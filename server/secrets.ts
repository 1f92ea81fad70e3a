import { randomBytes } from "node:crypto";
import { mkdir, open, readFile, rename } from "node:fs/promises";
import { join } from "node:path";

/** A secret of this installation: 256 random bits in hex, made once, kept 0600 under DATA_DIR/secrets. */
export async function secretOf(dataDir: string, name: string): Promise<string> {
  const folder = join(dataDir, "secrets");
  const path = join(folder, name);
  const kept = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    // Only what was never there is made: a secret that cannot be read must not be replaced.
    if (error.code !== "ENOENT") throw error;
    return null;
  });
  if (kept) return kept.trim();
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const made = randomBytes(32).toString("hex");
  const handle = await open(`${path}.new`, "w", 0o600);
  await handle.writeFile(made);
  await handle.sync();
  await handle.close();
  await rename(`${path}.new`, path);
  const parent = await open(folder, "r");
  await parent.sync();
  await parent.close();
  return made;
}
