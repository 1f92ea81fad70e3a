"use client";

import { Field } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import type { WordFault } from "./words-fault.ts";

interface WordsFieldsProps {
  words: readonly string[];
  fault: WordFault | null;
  onType: (at: number, text: string) => void;
  onLeave: (at: number) => void;
  calm?: boolean;
}

/** Twelve fields. A wrong word takes a row of its own, so that its sentence can be read. */
export function WordsFields({ words, fault, onType, onLeave, calm = false }: WordsFieldsProps) {
  return (
    <div className="@container">
      <div className="grid grid-cols-[minmax(0,1fr)] gap-x-5 gap-y-4 @min-[17rem]:grid-cols-2 @min-[30rem]:grid-cols-3">
        {words.map((word, at) => {
          const error = fault?.at === at ? fault.says : null;
          return (
            <Field
              // biome-ignore lint/suspicious/noArrayIndexKey: the twelve places never move
              key={at}
              label={`Word ${at + 1}`}
              error={error}
              calm={calm}
              className={error ? "@min-[17rem]:col-span-2 @min-[30rem]:col-span-3" : ""}
            >
              <Input
                value={word}
                onChange={(event) => onType(at, event.target.value)}
                onPaste={(event) => {
                  // Taken before the field drops the line ends that kept the words apart.
                  const pasted = event.clipboardData.getData("text").trim();
                  if (!/\s/.test(pasted)) return;
                  event.preventDefault();
                  onType(at, pasted);
                }}
                onBlur={() => onLeave(at)}
                autoComplete="off"
                autoCapitalize="none"
                spellCheck={false}
              />
            </Field>
          );
        })}
      </div>
    </div>
  );
}
