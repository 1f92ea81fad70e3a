import { join } from "node:path";
import { openChain } from "../../lib/audit/chain.ts";
import type { OddTime } from "../../lib/audit/clock.ts";
import { LIMIT_EXCEEDED, NodeLies, NodeSaysNo } from "../../lib/ledger/logs.ts";
import type { AskChain } from "../../lib/ledger/read.ts";
import { Refusal } from "../../lib/refusal.ts";
import { type Config, readConfig, root } from "../config.ts";
import type { LedgerLog } from "../ledger/act.ts";
import { openLedger } from "../ledger/ledger.ts";
import { FolderInUse } from "../storage/lock.ts";
import { openStorage } from "../storage/storage.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { type Finding, fsck, type Listeners } from "./fsck.ts";

/** Resolves to the exit code: 0 everything holds, 1 something does not, 2 it could not be looked at. */
export async function fsckCommand(args: string[], say: (line: string) => void): Promise<number> {
  try {
    if (args.length > 0) throw new WrongSetting("Usage: npm run audit -- fsck");
    const doubtful = new Map<number, OddTime>();
    const findings = await look(say, (line, odd) => doubtful.set(line, odd));
    for (const [line, odd] of doubtful) say(oddInWords(line, odd));
    for (const finding of findings) say(inWords(finding));
    say(findings.length === 0 ? "Everything holds." : `${findings.length} found.`);
    return findings.length === 0 ? 0 : 1;
  } catch (error) {
    if (!(error instanceof WrongSetting || error instanceof FolderInUse)) throw error;
    say(error.message);
    return 2;
  }
}

async function look(say: (line: string) => void, doubted: Listeners["doubted"]): Promise<Finding[]> {
  try {
    process.loadEnvFile(join(root, ".env"));
  } catch {
    // No .env: the environment alone.
  }
  const loud = (facts: object, text: string) => say(`${text} ${JSON.stringify(facts)}`);
  let last = 0;
  const told = (line: number) => {
    if (line - last < 50_000) return;
    last = line;
    say(`${line} lines read`);
  };
  return fsckFolder(readConfig(process.env), { info: () => undefined, warn: loud, error: loud }, { told, doubted });
}

/** Everything that is wrong in a data folder that no server runs on. */
export async function fsckFolder(
  { dataDir, network }: Pick<Config, "dataDir" | "network">,
  log: LedgerLog,
  listeners?: Listeners,
): Promise<Finding[]> {
  const storage = await openStorage(dataDir, join(root, "server/storage/migrations"));
  try {
    const ledger = await openLedger({ storage, folder: dataDir, log, network, onMoved: () => undefined });
    try {
      const rpc: AskChain = async (method, params) => {
        try {
          return await ledger.rpc(method, params);
        } catch (error) {
          if (error instanceof Refusal && error.code === "request.too-large")
            throw new NodeSaysNo({ code: LIMIT_EXCEEDED, message: error.code });
          throw error;
        }
      };
      const chain = openChain(rpc, { address: ledger.about.address, since: ledger.since });
      return await fsck(
        { storage, ledger: ledger.about, logKey: ledger.logKey, chain, now: () => new Date() },
        listeners,
      );
    } finally {
      await ledger.close();
    }
  } catch (error) {
    if (error instanceof NodeSaysNo || error instanceof NodeLies)
      throw new WrongSetting(`The ledger cannot be asked: ${error.message}`);
    throw error;
  } finally {
    await storage.close();
  }
}

/** One finding as a sentence. */
export function inWords(finding: Finding): string {
  switch (finding.is) {
    case "line":
      return `Line ${finding.line} does not hold: ${finding.differs.join(", ")}.`;
    case "subtree":
      return `The kept subtree ${finding.index} of level ${finding.level} is not the one its lines make.`;
    case "checkpoint":
      return finding.why === "root"
        ? `The checkpoint at size ${finding.size} has another root than the lines up to ${finding.size - 1} make.`
        : `The checkpoint at size ${finding.size} says something else than it should, or is not signed by the log.`;
    case "step":
      return `Step ${finding.version} of the review of ${finding.about} is not what its line on the trail tells of.`;
    case "cut":
      return `${finding.lines} lines are missing at the end.`;
    case "emptied":
      return `${finding.lines} lines are emptied, and no line of the log tells of it.`;
    case "untold":
      return `The ledger has an act that no line tells of: ${finding.act}, in transaction ${finding.transaction}.`;
    case "rewritten":
      return `The first ${finding.lines} lines are not the ones that ${finding.by === "ledger" ? "the ledger anchored" : "the log signed"}.`;
    case "unsigned":
      return "The last checkpoint is not signed by the log.";
  }
}

/** A line whose time is in doubt, and nothing else. */
export function oddInWords(line: number, { against, by }: OddTime): string {
  const apart = `${Math.round(Math.abs(by) / 1_000)} seconds ${by < 0 ? "before" : "after"}`;
  const what = against === "line" ? "the line before it" : "its block on the ledger";
  return `Line ${line} says a time that is ${apart} ${what}. Its place is not in doubt: a clock was wrong, or the ledger late.`;
}
