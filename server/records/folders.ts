import { and, eq } from "drizzle-orm";
import { RateLimiterMemory } from "rate-limiter-flexible";
import { openingFault } from "../../lib/keyring/opening.ts";
import { FOLDER, folderHolds, readFolder, saveFolder } from "../../lib/records/folder.ts";
import { Refusal } from "../../lib/refusal.ts";
import { pseudonymOf } from "../../lib/visits/pseudonym.ts";
import type { Door } from "../http.ts";
import * as tables from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";

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
    return storage.transact(async (tx, finish) => {
      const [row] = await tx.select().from(tables.folder).where(eq(tables.folder.signer, signer));
      const folder = row ? { sealed: row.sealed, seal: row.seal, version: row.version } : null;
      return finish({ actor: actorOf(signer), action: "folder.read" }, { folder });
    });
  });

  door.on(
    saveFolder,
    "anyone",
    async ({ signer, ...folder }, _, http) => {
      if (!(await folderHolds(folder, signer))) throw new Refusal("signature.wrong");
      const { sealed, seal, version } = folder;
      if (version === 1) {
        await newcomers.consume(http.req.header("x-real-ip") ?? "").catch(() => {
          throw new Refusal("request.too-many");
        });
      }
      return storage.transact(async (tx, finish) => {
        const row = { signer, sealed, seal, version, savedAt: now() };
        const kept =
          version === 1
            ? await tx.insert(tables.folder).values(row).onConflictDoNothing().returning()
            : await tx.update(tables.folder).set(row).where(oneBefore(signer, version)).returning();
        if (kept.length === 0) throw new Refusal("folder.newer");
        return finish({ actor: actorOf(signer), action: "folder.saved", detail: { version } }, { version });
      });
    },
    { largest: FOLDER_LARGEST },
  );
}

const oneBefore = (signer: string, version: number) =>
  and(eq(tables.folder.signer, signer), eq(tables.folder.version, version - 1));
