"use client";

import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Select } from "@/components/ui/select.tsx";
import { Textarea } from "@/components/ui/textarea.tsx";
import type { Prescription } from "@/lib/records/record.ts";
import { type Draft, faultsOf, frequencies, OTHER, prescriptionOf, routes } from "./draft.ts";

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

  const text = (name: keyof Draft, label: string, maxLength: number) => (
    <Field label={label} error={faults[name]}>
      <Input name={name} value={draft[name]} onChange={set(name)} maxLength={maxLength} autoComplete="off" />
    </Field>
  );

  return (
    <form ref={form} id={id} className="grid gap-4" noValidate onSubmit={submit} aria-label="Prescription">
      {children}
      {text("medication", "Medication", 200)}
      <div className="@container">
        <div className="grid gap-4 @min-[18rem]:grid-cols-2">
          {text("dose", "Dose", 120)}
          <Field label="Route" error={faults.route}>
            <Select name="route" value={draft.route} onChange={set("route")}>
              {routes.map((route) => (
                <option key={route}>{route}</option>
              ))}
            </Select>
          </Field>
          {draft.route === OTHER && text("otherRoute", "Which route", 60)}
          <Field label="Frequency" error={faults.frequency}>
            <Select name="frequency" value={draft.frequency} onChange={set("frequency")}>
              {frequencies.map((frequency) => (
                <option key={frequency}>{frequency}</option>
              ))}
            </Select>
          </Field>
          {draft.frequency === OTHER && text("otherFrequency", "How often", 120)}
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
