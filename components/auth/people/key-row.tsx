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
import { enrolKey, removeKey, type StaffKey, type StaffMember } from "@/lib/auth/people-api.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { KeyWords } from "../key-words.tsx";
import type { useChange } from "./use-change.ts";
import { lastSeen } from "./words.ts";

type Change = ReturnType<typeof useChange>["change"];
type Why = "lost" | "replaced" | "other";

interface KeyRowProps {
  owner: Pick<StaffMember, "name">;
  staffKey: StaffKey;
  /** How many other keys of the person are enrolled. */
  others: number;
  change: Change;
}

/** One key: the browser it is in, what became of it, and what can be done about it. */
export function KeyRow({ owner, staffKey: key, others, change }: KeyRowProps) {
  const [asking, setAsking] = useState(false);
  const waits = !key.enrolledAt && !key.removedAt;
  const Icon = /iPad/.test(key.device) ? Tablet : /iPhone|Android/.test(key.device) ? Smartphone : Laptop;
  return (
    <li className="border-b px-4 py-4 last:border-0 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <Icon aria-hidden="true" className="size-6 shrink-0 text-muted-foreground" />
        <div className="min-w-0 grow basis-48">
          <h3 className="font-semibold">{key.device}</h3>
          <p className="text-table text-muted-foreground">{storyOf(key)}</p>
        </div>
        {waits ? (
          <Badge tone="attention">
            <Hourglass aria-hidden="true" />
            Waits for you
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
        <RemoveQuestion staffKey={key} others={others} change={change} onDone={() => setAsking(false)} />
      ) : waits ? (
        <EnrolQuestion owner={owner} staffKey={key} change={change} />
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
function EnrolQuestion({ owner, staffKey, change }: Pick<KeyRowProps, "owner" | "staffKey" | "change">) {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const enrol = async () => {
    setBusy(true);
    setFault(undefined);
    await change(enrolKey, { signer: staffKey.card.signer }).catch(setFault);
    setBusy(false);
  };
  return (
    <div className="mt-3 max-w-[40rem] rounded-xl border-2 border-attention p-4">
      <p>
        Call {owner.name} on a number you know, and ask for the four words on their screen. Enrol the key only if they
        are these.
      </p>
      <KeyWords card={staffKey.card} />
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
  change,
  onDone,
}: Pick<KeyRowProps, "staffKey" | "others" | "change"> & { onDone: () => void }) {
  const [why, setWhy] = useState<Why>("lost");
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
        await change(removeKey, { signer: key.card.signer, why });
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
          ? "Their other keys keep working."
          : "It is the only one: until another is enrolled, they can hold no visit."}
      </p>
      <Field label="Why" className="mt-3 max-w-80 text-foreground">
        <Select value={why} onChange={(event) => setWhy(event.target.value as Why)}>
          <option value="lost">Lost or stolen</option>
          <option value="replaced">No longer used</option>
          <option value="other">Another reason</option>
        </Select>
      </Field>
    </QuestionCard>
  );
}
