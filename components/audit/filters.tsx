"use client";

import { SlidersHorizontal, X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Select } from "@/components/ui/select";
import { patientCodeIn } from "@/lib/visits/pseudonym.ts";
import { DayInput } from "./day-input.tsx";
import { actChoices, kindChoices, outcomeChoices, recordChoices, resultChoices, stateChoices } from "./filter-words.ts";
import { type Filters, none, type Tab, useFilters } from "./use-filters.ts";

interface Person {
  id: string;
  name: string;
}

export function FilterForm({ tab, people }: { tab: Tab; people: readonly Person[] }) {
  const { filters, set, any } = useFilters();
  const [open, setOpen] = useState(false);
  const clear = () => set({ ...none, tab: filters.tab });
  const choice = (name: keyof Filters) => ({
    value: filters[name],
    onChange: (e: { target: { value: string } }) => set({ [name]: e.target.value }),
  });
  return (
    <search aria-label={tab === "events" ? "Filter events" : "Filter sessions"} className="mt-4 block">
      <div className="flex flex-wrap gap-2 lg:hidden">
        <Button variant="outline" aria-expanded={open} aria-controls="audit-filters" onClick={() => setOpen(!open)}>
          <SlidersHorizontal aria-hidden="true" />
          Filters
        </Button>
      </div>
      <div
        id="audit-filters"
        className={cn("gap-3 max-lg:mt-3 sm:grid-cols-2 lg:grid lg:grid-cols-4", open ? "grid" : "hidden")}
      >
        <Field label="Date from">
          <DayInput day={filters.from} max={filters.to || undefined} onDay={(from) => set({ from })} />
        </Field>
        <Field label="Date to">
          <DayInput day={filters.to} min={filters.from || undefined} onDay={(to) => set({ to })} />
        </Field>
        <Choice label={tab === "events" ? "Who" : "Doctor"} {...choice("doctor")}>
          <option value="">{tab === "events" ? "Everybody" : "All doctors"}</option>
          {people.map(({ id, name }) => (
            <option key={id} value={id}>
              {name}
            </option>
          ))}
        </Choice>
        <CodeField code={filters.patient} onCode={(patient) => set({ patient })} />
        {tab === "events" ? (
          <>
            <Choice label="Kind of act" {...choice("act")}>
              <option value="">Everything</option>
              {actChoices.map(({ group, name, acts }) => (
                <optgroup key={group} label={name}>
                  <option value={group}>{`All: ${name}`}</option>
                  {acts.map(([act, word]) => (
                    <option key={act} value={act}>
                      {word}
                    </option>
                  ))}
                </optgroup>
              ))}
            </Choice>
            <Choice label="Outcome" {...choice("result")}>
              <Options of={resultChoices} any="Done or refused" />
            </Choice>
          </>
        ) : (
          <>
            <Choice label="Kind" {...choice("kind")}>
              <Options of={kindChoices} any="Everything" />
            </Choice>
            <Choice label="Outcome" {...choice("outcome")}>
              <Options of={outcomeChoices} any="Any outcome" />
            </Choice>
            <Choice label="State" {...choice("state")}>
              <Options of={stateChoices} any="Any state" />
            </Choice>
          </>
        )}
        <Choice label="Record" {...choice("record")}>
          <Options of={recordChoices} any="Any record" />
        </Choice>
      </div>
      {any ? (
        <div className="mt-2 flex flex-wrap items-center gap-2">
          {tab === "events" ? (
            <>
              <Chip shown={filters.visit} onDrop={() => set({ visit: "", about: "" })}>
                One session
              </Chip>
              <Chip shown={filters.about} onDrop={() => set({ about: "" })}>
                About {filters.about.slice(0, 6)}…{filters.about.slice(-4)}
              </Chip>
              <Chip shown={filters.numbers} onDrop={() => set({ numbers: "" })}>
                {filters.numbers.includes(",") ? "Lines" : "Line"} {numbersWord(filters.numbers)}
              </Chip>
            </>
          ) : null}
          <Button variant="ghost" className="px-3" onClick={clear}>
            Clear filters
          </Button>
        </div>
      ) : null}
    </search>
  );
}

const numbersWord = (numbers: string) => {
  const all = numbers.split(",");
  return all.length > 4 ? `${all.slice(0, 3).join(", ")} and ${all.length - 3} more` : all.join(", ");
};

interface ChoiceProps {
  label: string;
  value: string;
  onChange: (e: { target: { value: string } }) => void;
  children: ReactNode;
}

const Choice = ({ label, children, ...props }: ChoiceProps) => (
  <Field label={label}>
    <Select {...props}>{children}</Select>
  </Field>
);

const Options = ({ of, any }: { of: readonly (readonly [string, string])[]; any: string }) => (
  <>
    <option value="">{any}</option>
    {of.map(([value, word]) => (
      <option key={value} value={value}>
        {word}
      </option>
    ))}
  </>
);

/** A filter that no field shows: it can be taken away. */
function Chip({ shown, onDrop, children }: { shown: string; onDrop: () => void; children: ReactNode }) {
  if (!shown) return null;
  return (
    <Button variant="outline" size="sm" className="font-mono" onClick={onDrop}>
      {children}
      <X aria-hidden="true" />
      <span className="sr-only">: take away</span>
    </Button>
  );
}

/** Typed or pasted, with or without its hyphen: it counts once it is a code. */
function CodeField({ code, onCode }: { code: string; onCode: (code: string) => void }) {
  const [text, setText] = useState(code);
  const [left, setLeft] = useState(false);
  useEffect(() => setText(code), [code]);
  const wrong = left && text.trim() !== "" && patientCodeIn(text) === null;
  return (
    <Field label="Patient code" error={wrong ? "Six letters or digits, such as K7M-4QD." : null}>
      <Input
        className="font-mono"
        value={text}
        maxLength={20}
        autoComplete="off"
        spellCheck={false}
        onBlur={() => setLeft(true)}
        onChange={(e) => {
          setText(e.target.value);
          setLeft(false);
          const found = e.target.value.trim() === "" ? "" : patientCodeIn(e.target.value);
          if (found !== null && found !== code) onCode(found);
        }}
      />
    </Field>
  );
}
