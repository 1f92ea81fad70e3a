"use client";

import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";

export interface WordsFieldsProps {
  words: readonly string[];
  /** Which word is wrong and what to say about it. */
  fault: { at: number; says: string } | null;
  onChange: (words: string[]) => void;
  onLeave: (at: number) => void;
  calm?: boolean;
}

/** Twelve fields. Words pasted into one of them fill the ones after it. */
export function WordsFields({ words, fault, onChange, onLeave, calm = true }: WordsFieldsProps) {
  const put = (at: number, text: string) => {
    const typed = text.toLowerCase().split(/[^\p{L}]+/u);
    const several = typed.filter(Boolean);
    if (several.length < 2) onChange(words.with(at, typed.join("")));
    else onChange(words.map((word, place) => several[place - at] ?? word));
  };
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
                onChange={(event) => put(at, event.target.value)}
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
