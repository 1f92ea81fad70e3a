import { join } from "node:path";
import { type Config, readConfig, root } from "../config.ts";
import type { LedgerLog } from "../ledger/act.ts";
import { openLedger } from "../ledger/ledger.ts";
import { secretOf } from "../secrets.ts";
import { FolderInUse } from "../storage/lock.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { type Log, openLog } from "./log.ts";
import { openRetention } from "./retention.ts";

export const retainUsage = "retain [--dry-run]";

interface Told {
  /** Nothing is changed. */
  dry: boolean;
  say(line: string): void;
}

/** Resolves to the exit code: 0 done, 1 but for lines that do not hold, 2 it could not be. */
export async function retainCommand(args: string[], say: Told["say"]): Promise<number> {
  try {
    const dry = args[0] === "--dry-run";
    if (args.length > (dry ? 1 : 0)) throw new WrongSetting(`Usage: npm run audit -- ${retainUsage}`);
    try {
      process.loadEnvFile(join(root, ".env"));
    } catch {
      // No .env: the environment alone.
    }
    return await retainFolder(readConfig(process.env), { dry, say });
  } catch (error) {
    if (!(error instanceof WrongSetting || error instanceof FolderInUse)) throw error;
    say(error.message);
    return 2;
  }
}

/** As the server does each night, in a data folder that no server runs on: the log is opened, and with it held to what was signed. */
export async function retainFolder(
  { dataDir, network, retentionYears: years }: Pick<Config, "dataDir" | "network" | "retentionYears">,
  told: Told,
): Promise<number> {
  const loud = (facts: object, text: string) => told.say(`${text} ${JSON.stringify(facts)}`);
  const log: LedgerLog = { info: () => undefined, warn: loud, error: loud };
  const now = () => new Date();
  const storage = await openStorage(dataDir, join(root, "server/storage/migrations"));
  try {
    const ledger = await openLedger({ storage, folder: dataDir, log, network, onMoved: () => undefined });
    try {
      const secret = await secretOf(dataDir, "log");
      const trailLog = await openLog({ storage, ledger, folder: dataDir, secret, now, log, every: null });
      try {
        return await retainLines({ storage, log: trailLog, years, now }, told);
      } finally {
        await trailLog.close();
      }
    } finally {
      await ledger.close();
    }
  } finally {
    await storage.close();
  }
}

export async function retainLines(
  { storage, log, years, now }: { storage: Storage; log: Pick<Log, "standing">; years: number; now: () => Date },
  { dry, say }: Told,
): Promise<number> {
  const halted = () => log.standing().halt !== null;
  if (halted()) {
    say("The log signs nothing any more, so nothing of it is touched. See docs/operate.md.");
    return 2;
  }
  const changed: number[] = [];
  const doubted = (line: number) => void changed.push(line);
  const lines = await openRetention({ storage, halted, doubted, years, now }).run({ really: !dry });
  const what = `${lines} ${lines === 1 ? "line is" : "lines are"} older than ${years} years`;
  say(dry ? `${what}. Nothing was changed.` : `${what}: kept as proofs only from now on.`);
  for (const line of changed) say(`Line ${line} is not what its hash was made of, and stays as it is. Run fsck.`);
  return changed.length === 0 ? 0 : 1;
}
