"use client";

import { CircleAlert, CircleCheck } from "lucide-react";
import { type FormEvent, useId, useRef, useState } from "react";
import { useMe } from "@/components/auth/staff";
import { Alert } from "@/components/ui/alert";
import { Badge } from "@/components/ui/badge";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { Select } from "@/components/ui/select";
import { Loading, Skeleton } from "@/components/ui/skeleton";
import { Textarea } from "@/components/ui/textarea";
import { when } from "@/components/ui/times.ts";
import {
  isErased,
  LONGEST_TEXT,
  type Review,
  ReviewOutcome,
  type Step,
  stepHolds,
  type ToldStep,
} from "@/lib/audit/review.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { timeIn } from "../words.ts";
import { outcomeWord, outcomeWords, stepWords } from "./review-words.ts";
import { useReview, useStep } from "./use-review.ts";

/** What admins make of a session or a finding: who looks into it, what they say, how it ended. */
export function ReviewPanel({ about, className }: { about: string; className?: string }) {
  const review = useReview(about);
  return (
    <Card className={className} aria-label="Review">
      {review.data ? (
        <Inside review={review.data} />
      ) : review.isError ? (
        <Alert tone="warning" title={wordsFor(review.error)}>
          <Button
            variant="outline"
            size="sm"
            className="mt-2"
            onClick={() => review.refetch()}
            busy={review.isFetching}
          >
            Try again
          </Button>
        </Alert>
      ) : (
        <Loading label="Loading the review" slow="Still waiting for the practice’s server.">
          <Skeleton className="h-6 w-48" />
        </Loading>
      )}
    </Card>
  );
}

function Inside({ review }: { review: Review }) {
  const { state, assignee, steps } = review;
  const heading = useRef<HTMLHeadingElement>(null);
  // What was pressed may be gone once the step is done.
  useFocusKept(heading, review.version);
  const names = new Map(review.people.map(({ id, name }) => [id, name]));
  const nameOf = (id: string) => names.get(id) ?? "Someone of the staff";
  const closedAs = steps.findLast(({ is }) => is === "close")?.code ?? null;
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-2">
        <CardTitle ref={heading} tabIndex={-1} className="outline-none">
          Review
        </CardTitle>
        {state === "open" ? <Badge tone="info">{`Open, with ${assignee?.name ?? "nobody"}`}</Badge> : null}
        {state === "closed" ? (
          <Badge tone="success">
            <CircleCheck aria-hidden="true" />
            {`Closed: ${outcomeWord(closedAs)}`}
          </Badge>
        ) : null}
      </div>
      {steps.length > 0 ? (
        <ol className="mt-2" aria-label="Steps of the review">
          {steps.map((step) => (
            <OneStep key={step.version} step={step} says={stepWords(step, nameOf)} />
          ))}
        </ol>
      ) : (
        <p className="mt-1 text-table text-muted-foreground">Nobody has looked into this yet.</p>
      )}
      <Next review={review} />
    </>
  );
}

function OneStep({ step, says }: { step: ToldStep; says: string }) {
  const holds = stepHolds(step);
  return (
    <li className="border-t py-2.5 text-table first:border-0">
      <p>
        {says}{" "}
        <span className="text-muted-foreground">
          <time dateTime={step.at}>{timeIn(step.at, when)}</time>
          {step.line ? ` · line ${step.line.number}` : ""}
        </span>
      </p>
      {step.text === null ? null : <p className="mt-1 break-words whitespace-pre-line">“{step.text}”</p>}
      {isErased(step) ? (
        <p className="mt-1 text-muted-foreground">What was written here was erased with the visit.</p>
      ) : null}
      {holds ? null : (
        <p className="mt-1 flex items-start gap-2 font-semibold text-destructive">
          <CircleAlert aria-hidden="true" className="mt-0.5 size-4 shrink-0" />
          {step.line
            ? "This was changed after it was written: its line in the log has another fingerprint."
            : "No line of the log tells of this."}
        </p>
      )}
    </li>
  );
}

/** What can be done next. What was typed stays until it was taken. */
function Next({ review }: { review: Review }) {
  const { about, version, state } = review;
  const me = useMe();
  const form = useId();
  const [to, setTo] = useState("");
  const [text, setText] = useState("");
  const [code, setCode] = useState<ReviewOutcome | "">("");
  const take = useStep(about, () => {
    setText("");
    setCode("");
    setTo("");
  });
  const go = (step: Step) => take.mutate({ version, step });
  const chosen = to || (review.assignee?.id ?? me.id);
  const assign = (event: FormEvent) => {
    event.preventDefault();
    go({ is: "assign", to: chosen });
  };
  const words = text.trim();
  return (
    <div className="mt-3 grid gap-3 border-t pt-3">
      {take.isError ? <Alert tone="warning" title={wordsFor(take.error)} /> : null}
      {state === "closed" ? (
        <div>
          <Button variant="outline" busy={take.isPending} onClick={() => go({ is: "reopen" })}>
            Open again
          </Button>
        </div>
      ) : (
        <form onSubmit={assign} className="flex flex-wrap items-end gap-2">
          <Field label="Who looks into it" className="min-w-48 grow sm:max-w-80">
            <Select name={`${form}-to`} value={chosen} onChange={(e) => setTo(e.target.value)}>
              {review.admins.map(({ id, name }) => (
                <option key={id} value={id}>
                  {id === me.id ? `${name} (you)` : name}
                </option>
              ))}
            </Select>
          </Field>
          <Button
            type="submit"
            variant="outline"
            busy={take.isPending}
            disabled={state === "open" && chosen === review.assignee?.id}
          >
            {state === "none" ? "Start review" : "Give"}
          </Button>
        </form>
      )}
      {state === "open" ? (
        <>
          <Field label="Comment" hint="Kept beside the log, which holds its fingerprint. Write no patient’s name.">
            <Textarea
              name={`${form}-text`}
              maxLength={LONGEST_TEXT}
              value={text}
              onChange={(e) => setText(e.target.value)}
            />
          </Field>
          <div>
            <Button
              variant="outline"
              busy={take.isPending}
              disabled={words === ""}
              onClick={() => go({ is: "comment", text: words })}
            >
              Comment
            </Button>
          </div>
          <div className="flex flex-wrap items-end gap-2 border-t pt-3">
            <Field label="Outcome" className="min-w-48 grow sm:max-w-64">
              <Select
                name={`${form}-code`}
                value={code}
                onChange={(e) => setCode(ReviewOutcome.safeParse(e.target.value).data ?? "")}
              >
                <option value="">Choose one</option>
                {ReviewOutcome.options.map((one) => (
                  <option key={one} value={one}>
                    {outcomeWords[one]}
                  </option>
                ))}
              </Select>
            </Field>
            <Button
              busy={take.isPending}
              disabled={code === ""}
              onClick={() => code && go({ is: "close", code, ...(words ? { text: words } : {}) })}
            >
              Close review
            </Button>
          </div>
        </>
      ) : null}
    </div>
  );
}
