import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { Door } from "../http.ts";
import type { Ledger } from "../ledger/ledger.ts";
import { withoutValues } from "../log.ts";
import { secretOf } from "../secrets.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { answerAudit } from "./answer.ts";
import { answerConsole } from "./console-answer.ts";
import { answerEvidence, openEvidence } from "./evidence.ts";
import { answerExports } from "./export-answer.ts";
import { openExportRequests } from "./export-requests.ts";
import { openExports } from "./exports.ts";
import { openLog } from "./log.ts";
import { answerLog } from "./log-answer.ts";
import type { Rooms as Overviewed } from "./overview.ts";
import { answerReport } from "./report.ts";
import { openRetention, retainNightly } from "./retention.ts";
import { answerReviews } from "./reviews.ts";
import { openWatch } from "./watch.ts";
import { answerWitnesses } from "./witness-answer.ts";

interface Options {
  storage: Storage;
  ledger: Ledger;
  config: Config;
  clinicName: (read: Reader) => Promise<string | null>;
  now: () => Date;
  log: Logger;
}

/** What the audit's doors ask of other rooms. */
interface Neighbours extends Pick<Overviewed, "mail" | "space" | "stores"> {
  visits: { mine: Parameters<typeof openEvidence>[0]["visits"]["mine"] };
  assertConfirmed: Parameters<typeof answerExports>[1]["assertConfirmed"];
}

/** The audit's rooms, introduced to each other: the log over the trail, who looks through it, and what of it is seen and leaves. */
export async function openAuditRooms({ storage, ledger, config, clinicName, now, log: parent }: Options) {
  const log = parent.child({ room: "audit" });
  const trailLog = await openLog({
    ...{ storage, ledger, now, log, folder: config.dataDir, witnessHosts: config.witnessHosts },
    secret: await secretOf(config.dataDir, "log"),
  });
  const watch = openWatch({ storage, timeZone: config.timeZone, log });
  const retaining = retainNightly(
    openRetention({
      ...{ storage, halted: () => trailLog.standing().halt !== null, years: config.retentionYears, now },
      doubted: (line) => log.error({ line }, "an old line is not what its hash was made of, and stays. Run fsck."),
    }),
    { now, timeZone: config.timeZone },
    {
      done: (lines) => lines > 0 && log.info({ lines }, "old lines of the log are kept as proofs only"),
      failed: (error) => log.warn(withoutValues(error), "old lines of the log stay for now"),
    },
  );
  let following: ReturnType<typeof answerConsole> | undefined;
  return {
    answer(door: Door, { visits, assertConfirmed, ...overviewed }: Neighbours): void {
      const evidence = openEvidence({ storage, ledger, log: trailLog, visits, clinicName, now });
      const exports = openExports({
        ...{ storage, evidence, clinicName, now, ledger: ledger.about, address: config.origins[0] },
        warn: (error, what) => parent.warn(withoutValues(error), what),
      });
      answerAudit(door, { storage, now, ...overviewed });
      answerEvidence(door, evidence);
      following = answerConsole(door, { storage, now });
      answerExports(door, { exports, requests: openExportRequests({ storage, exports, now }), assertConfirmed });
      answerLog(door, trailLog);
      answerWitnesses(door, { storage, log: trailLog, named: config.witnessHosts, now });
      answerReviews(door, { storage, now });
      answerReport(door, { storage, ledger: ledger.about, log: trailLog, timeZone: config.timeZone, now });
    },
    async close(): Promise<void> {
      await following?.close();
      await watch.close();
      await retaining.close();
      await trailLog.close();
    },
  };
}
