"use client";

import type { ReactNode } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { capital } from "@/components/ui/text.ts";
import { clock, day, daysUntil, fromSeconds } from "@/components/ui/times.ts";
import { submissionOf } from "@/lib/ledger/keep.ts";
import type { Kept } from "@/lib/ledger/promise.ts";
import type { Alarm } from "@/lib/ledger/watch.ts";
import { nameOfAct } from "@/lib/strings/acts.ts";
import { LogAlert } from "./log-alert.tsx";
import { NodeChoice } from "./node-choice.tsx";
import type { Reader } from "./promise-alerts.tsx";
import { SaveProof } from "./save-proof.tsx";
import type { Promises } from "./use-promises.ts";

/** What was promised and is not there, and a log that is not what it was: what happened, what it means, what to do. */
export function AlarmCards({ promises, reader }: { promises: Promises; reader: Reader }) {
  const by = (is: Alarm["is"]) => promises.alarms.filter((alarm) => alarm.is === is).map(({ kept }) => kept);
  const [broken, unpromised, unseen] = [by("broken"), by("unpromised"), by("unseen")];
  return (
    <div className="grid gap-4">
      {promises.log && <LogAlert alarm={promises.log} reader={reader} />}
      {isSome(broken) && <One is="broken" kept={broken} promises={promises} reader={reader} />}
      {isSome(unpromised) && <One is="unpromised" kept={unpromised} promises={promises} reader={reader} />}
      {isSome(unseen) && <One is="unseen" kept={unseen} promises={promises} reader={reader} />}
    </div>
  );
}

type Some = readonly [Kept, ...Kept[]];
const isSome = (kept: readonly Kept[]): kept is Some => kept.length > 0;

function One({ is, kept, promises, reader }: { is: Alarm["is"]; kept: Some; promises: Promises; reader: Reader }) {
  const calm = reader === "patient";
  const { ledger, visitId } = kept[0];
  const { title, meaning } = words[is](kept, reader);
  return (
    <Alert calm={calm} tone={is === "unseen" ? "info" : "warning"} title={title}>
      <div className="grid gap-2">
        <p>{meaning}</p>
        {kept.length > 1 && (
          <ul className="list-disc pl-5">
            {names(kept, reader).map((name) => (
              <li key={name}>{capital(name)}</li>
            ))}
          </ul>
        )}
        <p>{ledger.local ? localWay(reader) : openWay(reader)}</p>
        <SaveProof
          what="Submit it myself"
          name={`assent-to-submit-${visitId.slice(0, 8)}.json`}
          content={() => submissionOf(kept)}
          next={ledger.local ? "Keep it." : nextStep(reader)}
          calm={calm}
        />
        {ledger.local ? null : <NodeChoice calm={calm} promises={promises} />}
      </div>
    </Alert>
  );
}

const words = {
  broken: (kept, reader) => ({
    title: `${subject(kept, reader)} not on the ledger in time`,
    meaning: `${who(reader)} promised that ${it(kept)} would be there by ${deadlineOf(kept)}. We looked, and ${it(kept)} ${are(kept)} not. ${reader === "patient" ? "In the practice it counts all the same" : "Here it counts all the same"}, and we keep looking.`,
  }),
  unpromised: (kept, reader) => ({
    title: `No receipt for ${kept.length === 1 ? names(kept, reader)[0] : `${kept.length} things`} from this visit`,
    meaning: `With a receipt ${inSentence(reader)} promises by when something is on the ledger. None came, or it was not a valid one. We keep looking.`,
  }),
  unseen: (kept, reader) => ({
    title: "We can’t look at the ledger right now",
    meaning: `${subject(kept, reader)} promised to be there by ${deadlineOf(kept)}. We keep trying; most often this passes by itself.`,
  }),
} as const satisfies Record<Alarm["is"], (kept: Some, reader: Reader) => { title: ReactNode; meaning: string }>;

const who = (reader: Reader) => (reader === "patient" ? "The practice" : "This server");
const inSentence = (reader: Reader) => (reader === "patient" ? "the practice" : "this server");
const it = (kept: Some) => (kept.length === 1 ? "it" : "they");
const are = (kept: Some) => (kept.length === 1 ? "is" : "are");

/** `Your permission is`, `3 things from this visit are`. */
function subject(kept: Some, reader: Reader): string {
  const [name] = names(kept, reader);
  return kept.length === 1 ? `${capital(name ?? "")} is` : `${kept.length} things from this visit are`;
}

function names(kept: Some, reader: Reader): string[] {
  const counted = new Map<string, number>();
  for (const { act } of kept) {
    const name = nameOfAct(act, reader);
    counted.set(name, (counted.get(name) ?? 0) + 1);
  }
  return [...counted].map(([name, n]) => (n === 1 ? name : `${name} (${n} times)`));
}

function deadlineOf(kept: Some): string {
  const last = Math.max(...kept.map(({ receipt, since }) => receipt?.deadline ?? since));
  const at = fromSeconds(last);
  return daysUntil(at, new Date()) === 0 ? clock(at) : `${clock(at)}, ${day(at)}`;
}

function localWay(reader: Reader): string {
  return reader === "patient"
    ? "Please tell the practice; most often it is a fault they can mend. Only the practice can write to this ledger, so the file is your proof of what was signed and promised. No names are in it."
    : "Only this clinic can write to its ledger. The file is proof of what was signed and what was promised; whoever runs the server can submit it from that machine.";
}

const nextStep = (reader: Reader): string =>
  reader === "patient" ? "Give it to them." : "The command for it: npm run ledger -- submit.";

function openWay(reader: Reader): string {
  return reader === "patient"
    ? "You need not wait for the practice: save the file, and anyone you trust with a computer can put it on the ledger for you. No names are in it."
    : "Nobody has to wait for this server: save the file and put it on the ledger with any node.";
}
