"use client";

import { Check, Printer } from "lucide-react";
import { useEffect, useMemo, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent } from "@/components/ui/dialog";
import { Field, focusFirstWrong } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Mark } from "@/components/ui/logo";
import { PrintPage } from "@/components/ui/print-page";
import { Loading } from "@/components/ui/skeleton";
import { toast } from "@/components/ui/toaster";
import { rememberKitSaved } from "./kit-saved.ts";
import { useKeyringHere, useMe } from "./staff.tsx";

/** The kit in a dialog: the words, on paper if wanted, two of them asked back. */
export function RecoveryKitDialog({
  open,
  onOpenChange,
  onSaved,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSaved?: () => void;
}) {
  const me = useMe();
  const saved = () => {
    rememberKitSaved(me.id);
    onSaved?.();
    onOpenChange(false);
    toast("Recovery kit saved");
  };
  return (
    <Dialog open={open} onOpenChange={onOpenChange}>
      <DialogContent
        title="Save recovery kit"
        description="Only this browser can open your signing key. If it is lost, these twelve words open it on another. We have no copy and can’t make one."
        className="max-w-[40rem]"
      >
        <Words onSaved={saved} />
      </DialogContent>
    </Dialog>
  );
}

function Words({ onSaved }: { onSaved: () => void }) {
  const keyring = useKeyringHere();
  const seed = keyring.data?.seed;
  const [words, setWords] = useState<string[] | null>(null);
  useEffect(() => {
    if (!seed) return;
    let here = true;
    void import("@/lib/keyring/words.ts").then(({ wordsOf }) => here && setWords(wordsOf(seed)));
    return () => {
      here = false;
    };
  }, [seed]);
  if (keyring.isError || keyring.data === null) {
    return (
      <Alert tone="warning" title="Your signing key is not in this browser">
        Open it under Visits with your twelve words first, or make the kit on the device that has it.
      </Alert>
    );
  }
  if (!words) return <Loading label="Making the words" />;
  return <Kit words={words} onSaved={onSaved} />;
}

function Kit({ words, onSaved }: { words: readonly string[]; onSaved: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const asked = useMemo(twoPlaces, []);
  const [answers, setAnswers] = useState(["", ""]);
  const [wrong, setWrong] = useState<(string | null)[]>([null, null]);

  const check = () => {
    const faults = asked.map((place, n) => faultIn(answers[n] ?? "", words[place] ?? "", place));
    setWrong(faults);
    if (faults.every((fault) => fault === null)) onSaved();
    else focusFirstWrong(form.current);
  };

  return (
    <div className="min-w-0">
      <p className="font-semibold">Write them down in this order. Look over your shoulder first.</p>
      <div className="@container mt-3">
        <ol
          aria-label="Your twelve words"
          className="grid grid-cols-1 gap-x-6 @min-[17rem]:grid-cols-2 @min-[30rem]:grid-cols-3"
        >
          {words.map((word, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, its place does not
            <li key={at} className="flex items-baseline gap-3 border-b py-2">
              <span className="figures w-7 shrink-0 text-right text-table text-muted-foreground">{at + 1}</span>
              <span className="text-lead font-semibold">{word}</span>
            </li>
          ))}
        </ol>
      </div>
      <Button variant="ghost" className="mt-3 min-h-11" onClick={() => window.print()}>
        <Printer aria-hidden="true" />
        Print
      </Button>
      <form
        ref={form}
        noValidate
        className="mt-4 min-w-0 border-t pt-4"
        onSubmit={(event) => {
          event.preventDefault();
          check();
        }}
      >
        <h3 className="font-semibold">Did it work?</h3>
        <p className="text-table text-muted-foreground">Type two of them, from your paper.</p>
        <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">
          {asked.map((place, n) => (
            <Field key={place} label={`Word ${place + 1}`} error={wrong[n] ?? null}>
              <Input
                value={answers[n]}
                onChange={(event) => setAnswers(answers.map((answer, m) => (m === n ? event.target.value : answer)))}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
            </Field>
          ))}
        </div>
        <Button type="submit" className="mt-4 min-h-12 w-full">
          <Check aria-hidden="true" />I have written them down
        </Button>
      </form>
      <PaperKit words={words} />
    </div>
  );
}

function PaperKit({ words }: { words: readonly string[] }) {
  const today = new Intl.DateTimeFormat("en-GB", { day: "numeric", month: "long", year: "numeric" }).format(new Date());
  return (
    <PrintPage>
      <header className="flex items-start justify-between gap-4 border-b-2 border-current pb-4">
        <p className="flex items-center gap-3 text-[1.25rem] font-bold">
          <Mark />
          Assent
        </p>
        <div className="text-right text-table">
          <p className="font-semibold">Recovery kit</p>
          <p>{today}</p>
          <p>Keep it like a passport</p>
        </div>
      </header>
      <h1 className="mt-7 text-[2rem] leading-tight font-bold">This page opens a signing key</h1>
      <p className="mt-2 text-[1.125rem]">
        If the device is lost or broken, it brings the key back on another one. Whoever has this page can do the same,
        so keep it out of sight. There is no other copy.
      </p>
      <section className="mt-6 rounded-lg border-2 border-current p-6">
        <h2 className="text-[1.25rem] font-bold">Twelve words, in this order</h2>
        <ol className="mt-3 grid grid-cols-3 gap-x-8">
          {words.map((word, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a word may come twice, its place does not
            <li key={at} className="flex items-baseline gap-3 border-b border-[oklch(0.8_0.01_212)] py-2">
              <span className="w-6 text-right text-table">{at + 1}</span>
              <span className="text-[1.25rem] font-bold">{word}</span>
            </li>
          ))}
        </ol>
        <p className="mt-4">
          Sign in at <span className="font-mono break-all">{globalThis.location?.host}</span> on the new device; it asks
          for them.
        </p>
      </section>
      <p className="mt-6">
        <strong>Nobody will ask for it.</strong> Not the clinic, not a pharmacy, not us. If someone does, hang up.
      </p>
      <footer className="mt-10 border-t border-[oklch(0.8_0.01_212)] pt-3 text-small">
        Made in the browser; it was never sent to us. Page 1 of 1.
      </footer>
    </PrintPage>
  );
}

function faultIn(answer: string, word: string, place: number): string | null {
  const typed = answer.trim().toLowerCase();
  if (typed === "") return `Type word ${place + 1} from your paper`;
  return typed === word ? null : `Word ${place + 1} is another one. Compare it with your paper.`;
}

/** One of the first six places and one of the last. */
function twoPlaces(): [number, number] {
  const [first = 0, last = 0] = crypto.getRandomValues(new Uint8Array(2));
  return [first % 6, 6 + (last % 6)];
}
