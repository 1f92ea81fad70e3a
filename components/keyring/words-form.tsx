"use client";

import { useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { focusFirstWrong } from "@/components/ui/field.tsx";
import { noWords, typedInto } from "./typed-words.ts";
import type { KitFault, WordFault } from "./words-fault.ts";
import { WordsFields } from "./words-fields.tsx";

/** The twelve words of a recovery kit, checked here as they are typed; nothing is sent. */
export function WordsForm({
  action,
  calm = false,
  onWords,
}: {
  /** What the button says. */
  action: string;
  /** Patients' size. */
  calm?: boolean;
  /** Takes a good kit; resolves to what speaks against this one, or null. Must not reject. */
  onWords: (words: readonly string[]) => Promise<KitFault | null>;
}) {
  const form = useRef<HTMLFormElement>(null);
  const [words, setWords] = useState(noWords);
  const [fault, setFault] = useState<WordFault | null>(null);
  const [trouble, setTrouble] = useState<KitFault | null>(null);
  const [busy, setBusy] = useState(false);

  const type = (at: number, text: string) => {
    const next = typedInto(words, at, text);
    if (next.filter((word, place) => word !== words[place]).length > 1) setFault(null);
    setWords(next);
    setTrouble(null);
  };

  const check = async (at: number) => {
    const { faultAt } = await import("./words-fault.ts");
    const found = faultAt(words, at);
    setFault((now) => found ?? (now?.at === at ? null : now));
  };

  const open = async () => {
    setTrouble(null);
    setBusy(true);
    const { faultIn } = await import("./words-fault.ts");
    const found = faultIn(words);
    const wrong = found && "at" in found ? found : null;
    setFault(wrong);
    if (wrong) focusFirstWrong(form.current);
    else setTrouble(found && "title" in found ? found : await onWords(words));
    setBusy(false);
  };

  return (
    <form
      ref={form}
      noValidate
      className="grid grid-cols-[minmax(0,1fr)] gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void open();
      }}
    >
      <Card calm={calm}>
        <WordsFields words={words} fault={fault} onType={type} onLeave={check} calm={calm} />
      </Card>
      {trouble ? (
        <Alert tone="danger" role="alert" title={trouble.title} calm={calm}>
          {trouble.says}
        </Alert>
      ) : null}
      <Button type="submit" size={calm ? "calm" : "default"} className="w-full" busy={busy}>
        {action}
      </Button>
    </form>
  );
}
