import { join } from "node:path";
import { readConfig, root } from "../config.ts";
import { FolderInUse } from "../storage/lock.ts";
import { openStorage } from "../storage/storage.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { openRetention } from "./retention.ts";

export const retainUsage = "retain [--dry-run]";

/** Resolves to the exit code: 0 done, 2 it could not be. */
export async function retainCommand(args: string[], say: (line: string) => void): Promise<number> {
  try {
    const dry = args[0] === "--dry-run";
    if (args.length > (dry ? 1 : 0)) throw new WrongSetting(`Usage: npm run audit -- ${retainUsage}`);
    try {
      process.loadEnvFile(join(root, ".env"));
    } catch {
      // No .env: the environment alone.
    }
    const { dataDir, retentionYears: years } = readConfig(process.env);
    const storage = await openStorage(dataDir, join(root, "server/storage/migrations"));
    try {
      const lines = await openRetention({ storage, years, now: () => new Date() }).run({ really: !dry });
      const what = `${lines} ${lines === 1 ? "line is" : "lines are"} older than ${years} years`;
      say(dry ? `${what}. Nothing was changed.` : `${what}: kept as proofs only from now on.`);
      return 0;
    } finally {
      await storage.close();
    }
  } catch (error) {
    if (!(error instanceof WrongSetting || error instanceof FolderInUse)) throw error;
    say(error.message);
    return 2;
  }
}
