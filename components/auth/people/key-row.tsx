"use client";

import { Hand, Hourglass, Laptop, Smartphone, Tablet } from "lucide-react";
import { useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { RecordState } from "@/components/ui/record-state.tsx";
import { Select } from "@/components/ui/select.tsx";
import { counted } from "@/components/ui/text.ts";
import { dayAndClock } from "@/components/ui/times.ts";
import type { StaffKey, WhyRemoved } from "@/lib/auth/people-api.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { KeyWords } from "../key-words.tsx";
import { isWaiting, lastSeen } from "./words.ts";

interface KeyRowProps {
  staffKey: StaffKey;
  /** How many other keys of the person are enrolled. */
  others: number;
  /** This browser's own. */
  here?: boolean;
  /** How whoever looks comes by the four words. */
  ask: string;
  /** Null where whoever looks can't. */
  onEnrol: (() => Promise<unknown>) | null;
  onRemove: (why: WhyRemoved) => Promise<unknown>;
}

/** One key: the browser it is in, what became of it, and what can be done about it. */
export function KeyRow({ staffKey: key, others, here = false, ask, onEnrol, onRemove }: KeyRowProps) {
  const [asking, setAsking] = useState(false);
  const waits = isWaiting(key);
  const Icon = /iPad/.test(key.device) ? Tablet : /iPhone|Android/.test(key.device) ? Smartphone : Laptop;
  return (
    <li className="border-b px-4 py-4 last:border-0 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Icon aria-hidden="true" className="size-6 shrink-0 text-muted-foreground" />
        <div className="min-w-0 grow basis-48">
          <h3 className="font-semibold">
            {key.device}
            {here ? " (this device)" : ""}
          </h3>
          <p className="text-table text-muted-foreground">{storyOf(key)}</p>
        </div>
        {waits ? (
          <Badge tone="attention">
            <Hourglass aria-hidden="true" />
            {onEnrol ? "Waits for you" : "Waits"}
          </Badge>
        ) : null}
        {asking ? (
          <Badge tone="warning">
            <Hand aria-hidden="true" />
            Being removed
          </Badge>
        ) : key.removedAt ? null : (
          <Button variant="danger" className="min-h-11" onClick={() => setAsking(true)}>
            Remove
          </Button>
        )}
      </div>
      {asking ? (
        <RemoveQuestion staffKey={key} others={others} onRemove={onRemove} onDone={() => setAsking(false)} />
      ) : waits && onEnrol ? (
        <EnrolQuestion staffKey={key} ask={ask} onEnrol={onEnrol} />
      ) : null}
    </li>
  );
}

function storyOf(key: StaffKey) {
  const at = (iso: string) => lastSeen(new Date(iso));
  const signed = key.lastSignedAt
    ? ` · ${counted(key.signed, "record", "records")} signed, last ${at(key.lastSignedAt)}`
    : " · nothing signed yet";
  if (key.removedAt)
    return (
      <>
        Removed {at(key.removedAt)}. What it signed stays. {key.ledger ? <RecordState state={key.ledger} /> : null}
      </>
    );
  if (!key.enrolledAt)
    return `Brought ${dayAndClock(new Date(key.askedAt), new Date()).toLowerCase()}; signs nothing yet`;
  return (
    <>
      Enrolled {at(key.enrolledAt)}
      {key.enrolledBy ? ` by ${key.enrolledBy}` : ""} {key.ledger ? <RecordState state={key.ledger} /> : null}
      {signed}
    </>
  );
}

/** The server may lie about whose key this is; the owner's own voice doesn't. */
function EnrolQuestion({
  staffKey,
  ask,
  onEnrol,
}: Pick<KeyRowProps, "staffKey" | "ask"> & { onEnrol: () => Promise<unknown> }) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const enrol = async () => {
    setBusy(true);
    setFault(undefined);
    await onEnrol().catch(setFault);
    setBusy(false);
  };
  return (
    <div className="mt-3 max-w-[40rem] rounded-xl border-2 border-attention p-4">
      <p>{ask} Enrol the key only if they are these.</p>
      <KeyWords card={staffKey.card} />
      {staffKey.sameKit ? null : (
        <Alert tone="warning" className="mt-3" title="It comes with another recovery kit">
          So it can’t open what was sealed for the earlier keys. Ask them whether they lost their kit.
        </Alert>
      )}
      {fault ? (
        <Alert tone="danger" role="alert" className="mt-3" title="The key was not enrolled">
          {wordsFor(fault)}
        </Alert>
      ) : null}
      <Button className="mt-4 min-h-11" busy={busy} onClick={enrol}>
        The words match: enrol
      </Button>
    </div>
  );
}

function RemoveQuestion({
  staffKey: key,
  others,
  onRemove,
  onDone,
}: Pick<KeyRowProps, "staffKey" | "others" | "onRemove"> & { onDone: () => void }) {
  const [why, setWhy] = useState<WhyRemoved>("lost");
  return (
    <QuestionCard
      className="mt-3"
      level={3}
      title="Remove this key?"
      yes="Remove key"
      no="Keep it"
      failed="The key was not removed"
      why={wordsFor}
      onYes={async () => {
        await onRemove(why);
        onDone();
      }}
      onNo={onDone}
    >
      <p>
        <strong className="font-semibold text-foreground">From now on</strong> nothing signed with it counts. The ledger
        itself refuses it, and its owner is signed out.
      </p>
      {key.signed > 0 ? <p>The {counted(key.signed, "record", "records")} it has signed stay valid.</p> : null}
      <p>
        {others > 0
          ? "The other keys keep working."
          : "It is the only one: until another is enrolled, no visit can be held."}
      </p>
      <Field label="Why" className="mt-3 max-w-80 text-foreground">
        <Select value={why} onChange={(event) => setWhy(event.target.value as WhyRemoved)}>
          <option value="lost">Lost or stolen</option>
          <option value="replaced">No longer used</option>
          <option value="other">Another reason</option>
        </Select>
      </Field>
    </QuestionCard>
  );
}
