"use client";

import { Check, Eye, EyeOff, Printer } from "lucide-react";
import { type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Qr } from "@/components/ui/qr.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { kitCode } from "./kit-code.ts";
import { PaperKit } from "./paper-kit.tsx";
import { answerFault, twoPlaces } from "./typed-words.ts";

/** What the words open: a patient's records, or what was sealed to a doctor. */
export type Opens = "records" | "visits";

const said = {
  records: {
    about: "Twelve words. Write them down in this order, or print them. Look over your shoulder first.",
    note: "Whoever has these words can read your records",
  },
  visits: {
    about:
      "Only this browser opens your visits. If it is lost, these twelve words open them on another, which then gets a signing key of its own. Write them down in this order; look over your shoulder first.",
    note: "Whoever has these words can read what was sealed to you",
  },
} as const satisfies Record<Opens, object>;

interface KitDialogProps {
  opens: Opens;
  /** Undefined while it is being read; null when this browser has none. */
  words: readonly string[] | null | undefined;
  /** What to say when there is none. */
  missing: ReactNode;
  /** Patients' size. */
  calm?: boolean;
  /** Two words were typed back. */
  onSaved: () => void;
  onClose: () => void;
}

/** The kit: twelve words, on paper if wanted; two are asked back, so that a slip of the pen is found today. */
export function KitDialog({ opens, words, missing, calm = false, onSaved, onClose }: KitDialogProps) {
  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent
        title="Save recovery kit"
        description={said[opens].about}
        className={cn("max-w-[40rem]", calm && "text-calm")}
      >
        {words ? <Kit opens={opens} words={words} calm={calm} onSaved={onSaved} /> : null}
        {words === undefined ? <Loading label="Making the words" /> : null}
        {words === null ? missing : null}
      </DialogContent>
    </Dialog>
  );
}

function Kit({
  opens,
  words,
  calm,
  onSaved,
}: Pick<KitDialogProps, "opens" | "onSaved"> & { words: readonly string[]; calm: boolean }) {
  const [hidden, setHidden] = useState(false);
  const small = calm ? "text-calm-small" : "text-table";
  const look = calm ? ({ size: "calm", className: "px-4 text-calm-small" } as const) : { className: "min-h-11" };
  return (
    <>
      <section
        aria-label="The words"
        className={cn("min-w-0 border bg-card", calm ? "rounded-2xl p-[min(1rem,4vw)]" : "rounded-xl p-4")}
      >
        <div className="@container">
          <ol
            aria-label="Your twelve words"
            className="grid grid-cols-1 gap-x-6 @min-[17rem]:grid-cols-2 @min-[30rem]:grid-cols-3"
          >
            {words.map((word, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, its place does not
              <li key={at} className={cn("flex items-baseline gap-3 border-b", calm ? "py-2.5" : "py-2")}>
                <span className={cn("figures w-7 shrink-0 text-right text-muted-foreground", small)}>{at + 1}</span>
                <span className="min-w-0 text-lead font-semibold break-words">{hidden ? "•••••" : word}</span>
              </li>
            ))}
          </ol>
        </div>
        <div className="mt-4 flex flex-wrap gap-2">
          <Button variant="outline" {...look} onClick={() => setHidden(!hidden)}>
            {hidden ? <Eye aria-hidden="true" /> : <EyeOff aria-hidden="true" />}
            {hidden ? "Show the words" : "Hide the words"}
          </Button>
          <Button variant="outline" {...look} onClick={() => window.print()}>
            <Printer aria-hidden="true" />
            Print
          </Button>
        </div>
      </section>
      {opens === "records" ? (
        <details className="rounded-xl border px-4 py-1">
          <summary className="min-h-11 cursor-pointer content-center font-semibold">
            Show a QR code for another phone
          </summary>
          <p className={cn("pb-3 text-muted-foreground", small)}>
            Open My records there, choose “Scan its code”, and point its camera here.
          </p>
          <Qr text={kitCode(words)} label="Recovery kit as a QR code" className="mb-4" />
        </details>
      ) : null}
      <AskedBack words={words} calm={calm} onSaved={onSaved} />
      <p className={cn("text-muted-foreground", small)}>
        {said[opens].note}, so don’t send them by mail or chat. We have no copy and can’t make one. Nobody will ever ask
        you for them.
      </p>
      <PaperKit opens={opens} words={words} />
    </>
  );
}

function AskedBack({ words, calm, onSaved }: { words: readonly string[]; calm: boolean; onSaved: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [asked] = useState(() => twoPlaces(crypto.getRandomValues(new Uint8Array(2))));
  const [answers, setAnswers] = useState<readonly string[]>(["", ""]);
  const [faults, setFaults] = useState<readonly (string | null)[]>([null, null]);

  const check = () => {
    const found = asked.map((place, n) => answerFault(answers[n] ?? "", words[place] ?? "", place));
    setFaults(found);
    if (found.every((fault) => fault === null)) onSaved();
    else focusFirstWrong(form.current);
  };

  return (
    <form
      ref={form}
      noValidate
      className="min-w-0"
      onSubmit={(event) => {
        event.preventDefault();
        check();
      }}
    >
      <h3 className={cn("font-semibold", calm && "text-lead")}>Did it work?</h3>
      <p className={cn("text-muted-foreground", calm ? "text-calm-small" : "text-table")}>
        Type two of them, from your paper.
      </p>
      <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">
        {asked.map((place, n) => (
          <Field key={place} calm={calm} label={`Word ${place + 1}`} error={faults[n]}>
            <Input
              value={answers[n]}
              onChange={(event) => {
                setAnswers(answers.with(n, event.target.value));
                setFaults(faults.with(n, null));
              }}
              autoComplete="off"
              autoCapitalize="none"
              spellCheck={false}
            />
          </Field>
        ))}
      </div>
      <Button
        type="submit"
        {...(calm ? { size: "calm" as const } : {})}
        className={cn("mt-4 w-full", !calm && "min-h-12")}
      >
        <Check aria-hidden="true" />I have written them down
      </Button>
    </form>
  );
}
