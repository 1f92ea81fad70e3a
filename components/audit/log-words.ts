import { counted, figure } from "@/components/ui/text.ts";
import { ago } from "@/components/ui/times.ts";
import type { Knower, LogHalt, LogStanding, Witness } from "@/lib/audit/api.ts";

/** `Sealed 3 seconds ago · anchored up to line 340`. */
export function standingWords({ signed, signedAt, anchored, halt }: LogStanding, now: Date): string {
  if (halt) return "Not sealed any more";
  if (signedAt === null) return "Nothing to seal yet";
  const sealed = `Sealed ${ago(new Date(signedAt), now)}`;
  if (anchored === null || anchored === 0) return `${sealed} · not anchored yet`;
  return anchored >= signed ? `${sealed} and anchored` : `${sealed} · anchored up to line ${figure(anchored)}`;
}

/** What stopped the log, what it means, and what to do. */
export function haltWords(halt: LogHalt): { title: string; text: string } {
  const way = "Everything else goes on, but nothing new is sealed. docs/operate.md says what to do, step by step.";
  switch (halt.is) {
    case "shorter": {
      const missing = counted(halt.size - halt.has, "line is", "lines are");
      return {
        title: `The log is shorter than what ${knower(halt.known)}: ${missing} missing`,
        text: `An older database is in the place of the newer one, as after a backup was put back. Put back the newest. ${way}`,
      };
    }
    case "other":
      return {
        title: `The log’s first ${counted(halt.size - 1, "line is", "lines are")} not what ${knower(halt.known)}`,
        text: `The database was changed past the server. Keep a copy before anything else. ${way}`,
      };
    case "changed":
      return {
        title: `Line ${figure(halt.line)} of the log is not what it was when it was written`,
        text: `The database was changed past the server. Keep a copy before anything else. ${way}`,
      };
    case "unreadable":
      return {
        title: "What was noted of the last checkpoint is unreadable",
        text: `The file log/signed in the data folder was changed. Put it back from a backup. ${way}`,
      };
  }
}

const knower = (known: Knower | "database") =>
  known === "ledger" ? "the ledger keeps" : known === "journal" ? "was signed" : "the database says was signed";

/** As its key has it. */
export const nameOf = ({ key }: Witness): string => key.split("+", 1)[0]!;

/** Milliseconds after which a witness that does not cosign is somebody’s to look after. */
const LONG_AWAY = 3_600_000;

/** How a witness stands. `worry` where somebody has to look. */
export function witnessWords(witness: Witness, now: Date): { text: string; worry: boolean } {
  const last = witness.cosignedAt
    ? `Cosigned ${counted(Math.max(0, witness.size - 1), "line", "lines")} ${ago(new Date(witness.cosignedAt), now)}`
    : "Has not cosigned yet";
  switch (witness.trouble) {
    case null:
      return { text: last, worry: false };
    case "away":
      // One sentence for every reason: an admin may not learn here what is at an address.
      return {
        text: `${last} · does not cosign now: it is away, does not know this log’s key, or has another key than this`,
        worry: now.getTime() - Date.parse(witness.cosignedAt ?? witness.addedAt) > LONG_AWAY,
      };
    case "knows-more":
      return { text: `${last} · has seen more of this log than this server has`, worry: true };
    case "knows-another":
      return { text: `${last} · has seen another log under this name`, worry: true };
  }
}
