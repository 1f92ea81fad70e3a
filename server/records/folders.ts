import { and, eq } from "drizzle-orm";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { openingFault } from "../../lib/keyring/opening.ts";
import { FOLDER, folderHolds, readFolder, type SealedFolder, saveFolder } from "../../lib/records/folder.ts";
import { comesAfter } from "../../lib/records/seal.ts";
import { Refusal } from "../../lib/refusal.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";

const FOLDER_LARGEST = 384 * 1024;

/**
 * Patients' own lists of their visits. The key a folder is kept under signs nothing else and is on no ledger: here, too,
 * nobody can tell whose it is, but for the hour at which it is asked for.
 */
export function answerFolders(door: Door, { storage, now }: { storage: Storage; now: () => Date }): void {
  const newcomers = new RateLimiterMemory({ points: 30, duration: 3600 });
  const actorOf = (signer: string) => ({ is: "patient", id: pseudonymOf(signer) }) as const;

  door.on(readFolder, "anyone", async (opening) => {
    const fault = openingFault(FOLDER, opening, now());
    if (fault) throw new Refusal(fault);
    const { signer } = opening;
    // Anybody has keys that nothing is kept for: that is no reading, and no line of the trail.
    if ((await storage.read.$count(tables.folder, eq(tables.folder.signer, signer))) === 0) return { folder: null };
    return storage.transact(async (tx, finish) => {
      const folder = await kept(tx, signer);
      return finish({ actor: actorOf(signer), action: "folder.read" }, { folder });
    });
  });

  door.on(
    saveFolder,
    "anyone",
    async ({ signer, ...folder }, _, http) => {
      if (!(await folderHolds(folder, signer))) throw new Refusal("signature.wrong");
      const { version } = folder;
      if (version === 1) {
        await newcomers.consume(http.req.header("x-real-ip") ?? "").catch(() => {
          throw new Refusal("request.too-many");
        });
      }
      return storage.transact(async (tx, finish) => {
        if (!(await comesAfter(folder, await kept(tx, signer)))) throw new Refusal("folder.newer");
        const row = { signer, ...folder, savedAt: now() };
        const saved =
          version === 1
            ? await tx.insert(tables.folder).values(row).onConflictDoNothing().returning()
            : await tx.update(tables.folder).set(row).where(oneBefore(signer, version)).returning();
        if (saved.length === 0) throw new Refusal("folder.newer");
        return finish({ actor: actorOf(signer), action: "folder.saved", detail: { version } }, { version });
      });
    },
    { largest: FOLDER_LARGEST },
  );
}

const oneBefore = (signer: string, version: number) =>
  and(eq(tables.folder.signer, signer), eq(tables.folder.version, version - 1));

async function kept(read: Reader, signer: string): Promise<SealedFolder | null> {
  const [row] = await read.select().from(tables.folder).where(eq(tables.folder.signer, signer));
  if (!row) return null;
  const { signer: _, savedAt: __, ...folder } = row;
  return folder;
}
