"use client";

import { ArrowLeft, Check, Eye, UserRoundX } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { shortName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Avatar } from "@/components/ui/avatar.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { ChoiceGroup } from "@/components/ui/choice-group.tsx";
import { Empty } from "@/components/ui/empty.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { PatientFrame, StickyFoot } from "@/components/ui/patient-frame.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { counted } from "@/components/ui/text.ts";
import { acceptChangedKeys, KeyChanged } from "@/lib/keyring/known.browser.ts";
import { MOST_SHARED } from "@/lib/records/content.ts";
import type { Colleague } from "@/lib/records/share.ts";
import { colleaguesFor, shareOf, type Unanswered, whyNotShared } from "./share-records.ts";
import { ShareRow, shareable } from "./share-rows.tsx";
import type { MyVisit } from "./use-mine.ts";

const DAY = 86_400;
const spans = { day: DAY, week: 7 * DAY, month: 30 * DAY } as const;
type Span = keyof typeof spans;

/** Who, what and how long: the patient lets another doctor of the clinic read. */
export function ShareForm({ visits, onDone }: { visits: readonly MyVisit[]; onDone: (shared: boolean) => void }) {
  const [colleagues, setColleagues] = useState<Colleague[] | { fault: unknown }>();
  const [reader, setReader] = useState<Colleague>();
  const [chosen, setChosen] = useState<ReadonlySet<string>>(new Set());
  const [span, setSpan] = useState<Span>("day");
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const unanswered = useRef<Unanswered>(new Map());
  const clinic = visits[0]?.join.clinic ?? "Assent";
  const having = visits.filter(({ join, records }) => join.consent && records.some(shareable));

  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once, for the visits the page was opened with
  useEffect(() => {
    const life = new AbortController();
    colleaguesFor(having, life.signal)
      .then((found) => {
        setColleagues(found);
        if (found.length === 1) setReader(found[0]);
      })
      .catch((why) => life.signal.aborted || setColleagues({ fault: why }));
    return () => life.abort();
  }, []);

  // A visit's own doctor reads its records anyway.
  const offered = having.filter(({ join }) => join.clinician.key.recipient !== reader?.key.recipient);
  const share = async () => {
    if (!reader) return;
    setBusy(true);
    setFault(undefined);
    const left = new Set(chosen);
    try {
      for (const visit of offered) {
        const records = visit.records.filter(({ id }) => left.has(id));
        if (records.length === 0) continue;
        await shareOf({ visit, records, reader, lasts: spans[span], from: name, unanswered: unanswered.current });
        // What is shared is not shared again when the next visit's fails and is tried once more.
        for (const { id } of records) left.delete(id);
        setChosen(new Set(left));
      }
      onDone(true);
    } catch (why) {
      setFault(why);
      setBusy(false);
    }
  };
  const choose = (id: string, yes: boolean) => {
    const next = new Set(chosen);
    if (yes) next.add(id);
    else next.delete(id);
    setChosen(next);
  };

  const count = offered.flatMap(({ records }) => records).filter(({ id }) => chosen.has(id)).length;
  const doctor = reader ? shortName(reader.name) : "The doctor";
  return (
    <PatientFrame
      title={clinic}
      foot={
        Array.isArray(colleagues) && colleagues.length > 0 && having.length > 0 ? (
          <StickyFoot label="Authorize">
            {fault instanceof KeyChanged && reader ? (
              <Alert
                calm
                tone="danger"
                role="alert"
                className="mb-3"
                title={`${reader.name} has another key than before`}
              >
                <p>
                  A new device or a new recovery kit can be the reason, or somebody in between. Nothing was shared. Ask
                  the practice by phone first.
                </p>
                <Button
                  variant="outline"
                  size="calm"
                  className="mt-3"
                  onClick={() => {
                    acceptChangedKeys();
                    void share();
                  }}
                >
                  I asked: it is theirs
                </Button>
              </Alert>
            ) : fault ? (
              <Alert calm tone="danger" role="alert" className="mb-3" title="Not shared yet">
                {whyNotShared(fault)}
              </Alert>
            ) : null}
            <div className="flex flex-wrap items-center gap-3">
              <Button
                size="calm"
                className="grow"
                busy={busy}
                disabled={!reader || count === 0 || count > MOST_SHARED}
                onClick={() => void share()}
              >
                {busy ? null : <Check aria-hidden="true" />}
                Authorize {count === 0 ? "" : counted(count, "item", "items")}
              </Button>
              <Button variant="ghost" size="calm" disabled={busy} onClick={() => onDone(false)}>
                Not now
              </Button>
            </div>
          </StickyFoot>
        ) : undefined
      }
    >
      <Button variant="ghost" size="sm" className="-ml-3 text-muted-foreground" onClick={() => onDone(false)}>
        <ArrowLeft aria-hidden="true" />
        My records
      </Button>
      <h1 className="mt-2 text-calm-title font-bold lg:text-[2.25rem]">Share with another doctor</h1>
      <p className="text-muted-foreground">You choose who, what and how long. You can take it back.</p>
      {colleagues === undefined ? (
        <Loading
          label="Asking for the practice’s doctors"
          slow="Still waiting for the practice’s server."
          className="mt-6"
        />
      ) : !Array.isArray(colleagues) ? (
        <Alert calm tone="warning" className="mt-6" title="We couldn’t ask for the doctors just now">
          {whyNotShared(colleagues.fault)}
        </Alert>
      ) : having.length === 0 ? (
        <Empty icon={<UserRoundX aria-hidden="true" />} title="Nothing to share yet" className="mt-6 rounded-2xl">
          Prescriptions and files of your visits can be shared.
        </Empty>
      ) : colleagues.length === 0 ? (
        <Empty icon={<UserRoundX aria-hidden="true" />} title="No other doctor here" className="mt-6 rounded-2xl">
          {clinic} has no other doctor with a key. You can download everything and take it along.
        </Empty>
      ) : (
        <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-5">
          <Card calm>
            <fieldset>
              <legend className="font-semibold">Who</legend>
              <div className="mt-2 grid grid-cols-[minmax(0,1fr)]">
                {colleagues.map((one) => (
                  <label
                    key={one.key.signer}
                    className="grid cursor-pointer grid-cols-[auto_minmax(0,1fr)_auto] items-center gap-3.5 border-t py-3 first:border-0"
                  >
                    <Avatar name={one.name.replace(/^(Dr|Prof|Mr|Mrs|Ms|Mx)\.?\s+/i, "")} className="size-12" />
                    <span className="min-w-0">
                      <span className="block font-semibold break-words">{one.name}</span>
                      <span className="block text-calm-small text-muted-foreground">{clinic}</span>
                    </span>
                    <input
                      type="radio"
                      name="reader"
                      className="size-6 accent-primary"
                      checked={reader?.key.signer === one.key.signer}
                      onChange={() => setReader(one)}
                    />
                  </label>
                ))}
              </div>
            </fieldset>
          </Card>
          <Card calm>
            <fieldset>
              <legend className="font-semibold">What {doctor} may open</legend>
              <ul>
                {offered.flatMap((visit) =>
                  visit.records
                    .filter(shareable)
                    .map((record) => (
                      <ShareRow
                        key={record.id}
                        visit={visit}
                        record={record}
                        chosen={chosen.has(record.id)}
                        onChosen={(yes) => choose(record.id, yes)}
                      />
                    )),
                )}
              </ul>
              {count > MOST_SHARED ? (
                <p role="status" className="mt-2 text-calm-small font-semibold text-destructive">
                  At most {MOST_SHARED} at a time. Share the others afterwards.
                </p>
              ) : null}
              {offered.length === 0 ? (
                <p className="mt-2 text-calm-small">{doctor} can open everything of your visits already.</p>
              ) : null}
            </fieldset>
          </Card>
          <Card calm>
            <ChoiceGroup
              name="span"
              title="For how long"
              options={[
                { value: "day", label: "One day" },
                { value: "week", label: "One week" },
                { value: "month", label: "One month" },
              ]}
              value={span}
              onChange={setSpan}
            />
          </Card>
          <Card calm>
            <Field
              calm
              optional
              label="Your name"
              hint={`Only ${doctor} can read it. Without it you are a code, as everywhere.`}
            >
              <Input
                value={name}
                maxLength={120}
                autoComplete="name"
                onChange={(event) => setName(event.target.value)}
              />
            </Field>
          </Card>
          <p className="flex gap-3 text-calm-small text-muted-foreground">
            <Eye aria-hidden="true" className="mt-0.5 size-6 shrink-0" />
            Each time {doctor} opens something, you see it under Who looked. A copy that was saved can’t be taken back.
          </p>
        </div>
      )}
    </PatientFrame>
  );
}
