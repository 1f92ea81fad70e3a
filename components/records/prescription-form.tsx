"use client";

import { Plus, Trash2 } from "lucide-react";
import { type FormEvent, type ReactNode, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Textarea } from "@/components/ui/textarea.tsx";
import { frequencies, routes, WHEN_NEEDED } from "@/lib/records/codes.ts";
import type { Item } from "@/lib/records/fhir.ts";
import { MOST_ITEMS } from "@/lib/records/prescription.ts";
import { MOST_REFILLS } from "@/lib/records/record.ts";
import { type Draft, faultsOf, type ItemDraft, type ItemField, itemsIn, newItem } from "./draft.ts";

/** Offered while typing; anything else may be written. */
const offeredRoutes = routes.map(({ words }) => words);
const offeredFrequencies = [...frequencies.map(({ words }) => words), WHEN_NEEDED];

/** Eight fields a medicine. What is typed lives with whoever shows the form, so closing the panel loses nothing. */
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
  onSign: (items: Item[]) => void;
  /** What stands above the fields. */
  children?: ReactNode;
}) {
  const [shown, setShown] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const { items } = draft;

  const submit = (event: FormEvent) => {
    event.preventDefault();
    const found = itemsIn(draft);
    if (found) return onSign(found);
    setShown(true);
    focusFirstWrong(form.current);
  };
  const change = (changed: ItemDraft) =>
    onDraft({ ...draft, items: items.map((item) => (item.key === changed.key ? changed : item)) });
  const add = () => {
    const item = newItem();
    onDraft({ ...draft, items: [...items, item] });
    requestAnimationFrame(() => document.getElementById(fieldsId(id, item))?.querySelector("input")?.focus());
  };
  const remove = (gone: ItemDraft) => {
    onDraft({ ...draft, items: items.filter((item) => item.key !== gone.key) });
    requestAnimationFrame(() => form.current?.querySelector("input")?.focus());
  };

  return (
    <form ref={form} id={id} className="grid gap-4" noValidate onSubmit={submit} aria-label="Prescription">
      {children}
      {items.map((item, at) => (
        <fieldset
          key={item.key}
          id={fieldsId(id, item)}
          aria-label={`Medicine ${at + 1}`}
          className="grid min-w-0 gap-4"
        >
          {items.length > 1 ? (
            <div className="flex items-center justify-between gap-4 border-t pt-3">
              <h3 className="font-semibold">Medicine {at + 1}</h3>
              <Button
                variant="ghost"
                className="min-h-11"
                aria-label={`Remove medicine ${at + 1}`}
                onClick={() => remove(item)}
              >
                <Trash2 aria-hidden="true" />
                Remove
              </Button>
            </div>
          ) : null}
          <ItemFields id={`${id}-${item.key}`} item={item} shown={shown} onChange={change} />
        </fieldset>
      ))}
      {items.length < MOST_ITEMS ? (
        <Button variant="outline" className="min-h-11 justify-self-start" onClick={add}>
          <Plus aria-hidden="true" />
          Add another medicine
        </Button>
      ) : null}
      <p className="text-small text-muted-foreground">
        Assent does not prescribe controlled substances. A ledger signature is not a certified e-prescription.
      </p>
    </form>
  );
}

const fieldsId = (form: string, item: ItemDraft) => `${form}-medicine-${item.key}`;

function ItemFields({
  id,
  item,
  shown,
  onChange,
}: {
  id: string;
  item: ItemDraft;
  /** Whether what is wrong is told yet. */
  shown: boolean;
  onChange: (item: ItemDraft) => void;
}) {
  const faults = shown ? faultsOf(item) : {};
  const set = (name: ItemField) => (event: { target: { value: string } }) =>
    onChange({ ...item, [name]: event.target.value });

  /** With `offers` the field suggests while one types, and takes anything else too. */
  const text = (name: ItemField, label: string, maxLength: number, offers?: readonly string[]) => (
    <Field label={label} error={faults[name]}>
      <Input
        name={name}
        value={item[name]}
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
    <>
      {text("medication", "Medication", 200)}
      <div className="@container">
        <div className="grid gap-4 @min-[18rem]:grid-cols-2">
          {text("dose", "Dose", 60)}
          {text("route", "Route", 60, offeredRoutes)}
          {text("frequency", "Frequency", 120, offeredFrequencies)}
          {text("duration", "Duration", 60)}
          {text("quantity", "Quantity", 60)}
          <Field label="Refills" error={faults.refills}>
            <Input
              name="refills"
              type="number"
              inputMode="numeric"
              min={0}
              max={MOST_REFILLS}
              value={item.refills}
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
          value={item.instructions}
          onChange={set("instructions")}
        />
      </Field>
    </>
  );
}
