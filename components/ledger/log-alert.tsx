import { Alert } from "@/components/ui/alert.tsx";
import type { LogAlarm } from "@/lib/audit/follow.ts";
import type { Reader } from "./promise-alerts.tsx";
import { SaveProof } from "./save-proof.tsx";

/** The clinic's log is not what this browser saw of it before: what happened, what it means, what to do. */
export function LogAlert({ alarm, reader }: { alarm: LogAlarm; reader: Reader }) {
  const calm = reader === "patient";
  const { title, meaning } = words(alarm.is, reader);
  return (
    <Alert calm={calm} tone="warning" title={title}>
      <div className="grid gap-2">
        <p>{meaning}</p>
        <p>
          {reader === "patient"
            ? "The file is your proof. Keep it, and show it to somebody you trust who is not of the practice. No names are in it."
            : "The file is the proof. Keep it, and tell whoever runs this server, and your admin. No names are in it."}
        </p>
        <SaveProof
          what="Save the proof"
          name="assent-two-logs.json"
          content={() => ({ format: "assent/two-logs/1", ...alarm })}
          calm={calm}
        />
      </div>
    </Alert>
  );
}

function words(is: LogAlarm["is"], reader: Reader): { title: string; meaning: string } {
  const whose = reader === "patient" ? "The practice’s" : "This clinic’s";
  const about =
    "Whoever looks at your data, and everything that is done in a visit, is written into a log that may only grow.";
  switch (is) {
    case "shorter":
      return {
        title: `${whose} log is shorter than it was`,
        meaning: `${about} This browser has seen more of it than it is shown now. It may be a backup that was put back; until it is mended, entries are missing.`,
      };
    case "other":
      return {
        title: `${whose} log is not the one this browser saw before`,
        meaning: `${about} What it is shown now does not begin with what it was shown before: something in it was changed.`,
      };
    case "differs":
      return {
        title: "The two of you are shown different logs",
        meaning: `${about} You and the other person in the call were shown two that do not fit together. Both cannot be true.`,
      };
    case "unsigned":
      return {
        title: `${whose} log is not signed`,
        meaning: `${about} What this browser is shown is not signed with the key that the ledger knows, so nobody answers for it.`,
      };
  }
}
