"use client";

import { Check, Eye, EyeOff, Printer } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { loadSeed } from "@/lib/keyring/vault.browser.ts";
import { wordsOf } from "@/lib/keyring/words.ts";
import { noteSaved } from "./kit-saved.ts";
import { printKit } from "./print-kit.ts";

/** Twelve words, shown once they are asked for; two are asked back, so that a slip of the pen is found today. */
export function KitDialog({ onClose }: { onClose: () => void }) {
  const [words, setWords] = useState<readonly string[] | "none" | undefined>();
  useEffect(() => {
    let here = true;
    loadSeed("patient")
      .then((seed) => here && setWords(seed ? wordsOf(seed) : "none"))
      .catch(() => here && setWords("none"));
    return () => {
      here = false;
    };
  }, []);
  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent
        title="Save recovery kit"
        description="Twelve words. Write them down in this order, or print them. Look over your shoulder first."
        className="max-w-[40rem] text-calm"
      >
        {words === undefined ? (
          <Loading label="Making your words" />
        ) : words === "none" ? (
          <Alert calm tone="warning" title="There is nothing to save in this browser">
            It keeps no data, so these records can be read only until you close this page. Save what you need now.
          </Alert>
        ) : (
          <Kit words={words} onClose={onClose} />
        )}
      </DialogContent>
    </Dialog>
  );
}

function Kit({ words, onClose }: { words: readonly string[]; onClose: () => void }) {
  const [hidden, setHidden] = useState(false);
  const [asked] = useState(twoOf);
  const [typed, setTyped] = useState<readonly [string, string]>(["", ""]);
  const [checked, setChecked] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const numbered = words.map((word, at) => ({ word, number: at + 1 }));
  const right = (at: 0 | 1) => typed[at].trim().toLowerCase() === words[asked[at]];

  const check = (event: FormEvent) => {
    event.preventDefault();
    if (right(0) && right(1)) {
      noteSaved();
      return onClose();
    }
    setChecked(true);
    focusFirstWrong(form.current);
  };

  const field = (at: 0 | 1) => {
    const number = asked[at] + 1;
    const wrong = checked && !right(at) ? `That is not word ${number}. Please look at your paper again.` : undefined;
    return (
      <Field calm label={`Word ${number}`} error={wrong}>
        <Input
          autoComplete="off"
          autoCapitalize="none"
          spellCheck={false}
          value={typed[at]}
          onChange={(event) => {
            setChecked(false);
            const text = event.target.value;
            setTyped(at === 0 ? [text, typed[1]] : [typed[0], text]);
          }}
        />
      </Field>
    );
  };

  return (
    <>
      <section aria-label="The words" className="min-w-0 rounded-2xl border bg-card p-[min(1rem,4vw)]">
        <div className="@container">
          <ol className="grid grid-cols-1 gap-x-6 @min-[17rem]:grid-cols-2 @min-[30rem]:grid-cols-3">
            {numbered.map(({ word, number }) => (
              <li key={number} className="flex items-baseline gap-3 border-b py-2.5">
                <span className="figures w-7 shrink-0 text-right text-calm-small text-muted-foreground">{number}</span>
                <span className="min-w-0 text-lead font-semibold break-words">{hidden ? "•••••" : word}</span>
              </li>
            ))}
          </ol>
        </div>
        <div className="mt-4 flex flex-wrap gap-2">
          <Button variant="outline" size="calm" className="px-4 text-calm-small" onClick={() => setHidden(!hidden)}>
            {hidden ? <Eye aria-hidden="true" /> : <EyeOff aria-hidden="true" />}
            {hidden ? "Show the words" : "Hide the words"}
          </Button>
          <Button variant="outline" size="calm" className="px-4 text-calm-small" onClick={() => printKit(words)}>
            <Printer aria-hidden="true" />
            Print
          </Button>
        </div>
      </section>
      <form ref={form} className="min-w-0" noValidate onSubmit={check}>
        <h3 className="text-lead font-semibold">Did it work?</h3>
        <p className="text-calm-small text-muted-foreground">Type two of them, from your paper.</p>
        <div className="mt-3 grid grid-cols-[minmax(0,1fr)] gap-4 sm:grid-cols-2">
          {field(0)}
          {field(1)}
        </div>
        <Button type="submit" size="calm" className="mt-4 w-full">
          <Check aria-hidden="true" />I have written them down
        </Button>
      </form>
      <p className="text-calm-small text-muted-foreground">
        Whoever has these words can read your records, so don’t send them by mail or chat. We have no copy and can’t
        make one. Nobody will ever ask you for them.
      </p>
    </>
  );
}

/** Two different places, in order. */
function twoOf(): readonly [number, number] {
  const [a = 0, b = 0] = crypto.getRandomValues(new Uint32Array(2));
  const first = a % 12;
  const second = (first + 1 + (b % 11)) % 12;
  return first < second ? [first, second] : [second, first];
}
