"use client";

import { ChevronDown, ChevronUp } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Select } from "@/components/ui/select";
import { counted, figure, often } from "@/components/ui/text.ts";
import { Textarea } from "@/components/ui/textarea";
import { clock, when } from "@/components/ui/times.ts";
import { toast } from "@/components/ui/toaster";
import { type Finding, LONGEST_TEXT, Reason } from "@/lib/audit/review.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { addressOf } from "../use-filters.ts";
import { whoOf } from "../words.ts";
import { ReviewPanel } from "./review-panel.tsx";
import { disorderWords, reasonWord, reasonWords, ruleWords } from "./review-words.ts";
import { useStep } from "./use-review.ts";

interface FindingCardProps {
  finding: Finding;
  people: ReadonlyMap<string, string>;
}

/** One thing that is unusual: what, why, who, the lines it rests on, and what an admin makes of it. */
export function FindingCard({ finding, people }: FindingCardProps) {
  const { rule, why, actor, times, dismissal, review } = finding;
  const [reviewing, setReviewing] = useState(false);
  const { title, why: because } = ruleWords[rule];
  const who = whoOf({ actor, action: "" }, people);
  const panel = `review-of-${finding.id}`;
  const heading = `finding-${finding.id}`;
  return (
    <li className="rounded-xl border bg-card p-4 shadow-card sm:p-5">
      <article aria-labelledby={heading}>
        <h2 id={heading} className="text-[1.125rem] font-semibold">
          {title}
        </h2>
        <p className="text-table">{why ? disorderWords[why] : because}</p>
        <p className="mt-1 text-table text-muted-foreground">
          {actor.is === "nobody" ? (
            "Somebody without a name"
          ) : (
            <span className={who.isCode ? "font-mono" : ""}>{who.name}</span>
          )}
          {` · ${span(finding)} · ${often(times)}`}
          {review.state === "open" ? ` · ${review.assignee ?? "Somebody"} looks into it` : ""}
          {review.state === "closed" ? " · review closed" : ""}
        </p>
        <Lines finding={finding} />
        {dismissal ? (
          <p className="mt-2 text-table">
            {`${people.get(dismissal.by) ?? "Someone of the staff"} dismissed it ${when(new Date(dismissal.at))}: ${reasonWord(dismissal.code)}.`}
            {dismissal.text === null ? null : (
              <span className="block break-words whitespace-pre-line">“{dismissal.text}”</span>
            )}
          </p>
        ) : null}
        <div className="mt-3 flex flex-wrap gap-2">
          {dismissal ? <Restore finding={finding} /> : <Dismiss finding={finding} />}
          <Button
            variant="ghost"
            aria-expanded={reviewing}
            aria-controls={panel}
            aria-describedby={heading}
            onClick={() => setReviewing(!reviewing)}
          >
            Review
            {reviewing ? <ChevronUp aria-hidden="true" /> : <ChevronDown aria-hidden="true" />}
          </Button>
        </div>
        <div id={panel}>{reviewing ? <ReviewPanel about={finding.id} className="mt-3" /> : null}</div>
      </article>
    </li>
  );
}

/** `24 Nov 14:02`, `24 Nov 14:02 to 14:40`. */
function span({ at, until }: Finding): string {
  const [from, to] = [new Date(at), new Date(until)];
  return clock(from) === clock(to) && from.toDateString() === to.toDateString()
    ? when(from)
    : `${when(from)} to ${from.toDateString() === to.toDateString() ? clock(to) : when(to)}`;
}

/** The lines, each at its place in its session's timeline. */
function Lines({ finding: { lines, times } }: { finding: Finding }) {
  return (
    <p className="mt-1 text-table">
      {lines.length === 1 ? "Line " : "Lines "}
      {lines.map(({ number, visitId }, i) => (
        <span key={number}>
          {i > 0 ? ", " : ""}
          <Link
            href={
              visitId === null
                ? addressOf({ tab: "events", numbers: String(number) })
                : `/admin/audit/${visitId}#line-${number}`
            }
            className="figures text-primary underline underline-offset-4"
          >
            {figure(number)}
          </Link>
        </span>
      ))}
      {times > lines.length ? ` and ${counted(times - lines.length, "more", "more")}` : ""}
    </p>
  );
}

function Dismiss({ finding }: { finding: Finding }) {
  const { id, times, rule, review } = finding;
  const [open, setOpen] = useState(false);
  const [code, setCode] = useState<Reason | "">("");
  const [text, setText] = useState("");
  const take = useStep(id, () => {
    setOpen(false);
    toast(`Dismissed: ${ruleWords[rule].title}.`);
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const words = text.trim();
    if (code !== "")
      take.mutate({ version: review.version, step: { is: "dismiss", code, times, ...(words ? { text: words } : {}) } });
  };
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="outline" aria-describedby={`finding-${id}`}>
          Dismiss
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Dismiss what was found"
        description="It leaves a line in the log, and can be taken back. When more of it comes, it is open again."
      >
        <form onSubmit={submit} className="grid gap-4">
          <Field label="Why">
            <Select
              name="dismiss-why"
              value={code}
              onChange={(e) => setCode(Reason.safeParse(e.target.value).data ?? "")}
            >
              <option value="">Choose a reason</option>
              {Reason.options.map((one) => (
                <option key={one} value={one}>
                  {reasonWords[one]}
                </option>
              ))}
            </Select>
          </Field>
          <Field
            label="Note"
            optional
            hint="Kept beside the log, which holds its fingerprint. Write no patient’s name."
          >
            <Textarea
              name="dismiss-note"
              maxLength={LONGEST_TEXT}
              value={text}
              onChange={(e) => setText(e.target.value)}
            />
          </Field>
          {take.isError ? <Alert tone="warning" title={wordsFor(take.error)} /> : null}
          <div>
            <Button type="submit" disabled={code === ""} busy={take.isPending}>
              Dismiss
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  );
}

function Restore({ finding }: { finding: Finding }) {
  const take = useStep(finding.id, () => toast(`Open again: ${ruleWords[finding.rule].title}.`));
  return (
    <div>
      <Button
        variant="outline"
        aria-describedby={`finding-${finding.id}`}
        busy={take.isPending}
        onClick={() => take.mutate({ version: finding.review.version, step: { is: "restore" } })}
      >
        Take back
      </Button>
      {take.isError ? <Alert tone="warning" className="mt-2" title={wordsFor(take.error)} /> : null}
    </div>
  );
}
