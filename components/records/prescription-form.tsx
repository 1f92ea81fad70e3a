"use client";

import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Textarea } from "@/components/ui/textarea.tsx";
import type { Prescription } from "@/lib/records/record.ts";
import { type Draft, faultsOf, frequencies, prescriptionOf, routes } from "./draft.ts";

/** The eight fields of a prescription. What is typed lives with whoever shows the form, so closing the panel loses nothing. */
export function PrescriptionForm({
  id,
  draft,
  onDraft,
  onSign,
  children,
}: {
  id: string;
  draft: Draft;
  onDraft: (draft: Draft) => void;
  onSign: (prescription: Prescription) => void;
  /** What stands above the fields. */
  children?: ReactNode;
}) {
  const [shown, setShown] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const faults = shown ? faultsOf(draft) : {};
  const set = (name: keyof Draft) => (event: { target: { value: string } }) =>
    onDraft({ ...draft, [name]: event.target.value });

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = prescriptionOf(draft);
    if (found) return onSign(found);
    setShown(true);
    focusFirstWrong(form.current);
  };

  /** With `offers` the field suggests while one types, and takes anything else too. */
  const text = (name: keyof Draft, label: string, maxLength: number, offers?: readonly string[]) => (
    <Field label={label} error={faults[name]}>
      <Input
        name={name}
        value={draft[name]}
        onChange={set(name)}
        onFocus={offers ? (event) => event.target.select() : undefined}
        maxLength={maxLength}
        autoComplete="off"
        list={offers ? `${id}-${name}` : undefined}
      />
      {offers && (
        <datalist id={`${id}-${name}`}>
          {offers.map((offer) => (
            <option key={offer} value={offer} />
          ))}
        </datalist>
      )}
    </Field>
  );

  return (
    <form ref={form} id={id} className="grid gap-4" noValidate onSubmit={submit} aria-label="Prescription">
      {children}
      {text("medication", "Medication", 200)}
      <div className="@container">
        <div className="grid gap-4 @min-[18rem]:grid-cols-2">
          {text("dose", "Dose", 120)}
          {text("route", "Route", 60, routes)}
          {text("frequency", "Frequency", 120, frequencies)}
          {text("duration", "Duration", 120)}
          {text("quantity", "Quantity", 60)}
          <Field label="Refills" error={faults.refills}>
            <Input
              name="refills"
              type="number"
              inputMode="numeric"
              min={0}
              max={12}
              value={draft.refills}
              onChange={set("refills")}
            />
          </Field>
        </div>
      </div>
      <Field label="Instructions" error={faults.instructions}>
        <Textarea
          name="instructions"
          rows={2}
          maxLength={1000}
          value={draft.instructions}
          onChange={set("instructions")}
        />
      </Field>
      <p className="text-small text-muted-foreground">
        Assent does not prescribe controlled substances. A ledger signature is not a certified e-prescription.
      </p>
    </form>
  );
}
