"use client";

import { PackageCheck } from "lucide-react";
import { type FormEvent, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { dispense, sealNote } from "@/lib/records/slip.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import type { Held } from "./use-slip.ts";

/** Who gives it out says so, each time once. The name is sealed here, for the patient, the doctor and whoever holds the paper. */
export function MarkCard({ held, onMarked }: { held: Held; onMarked: () => void }) {
  const { record, slip, view, found } = held;
  const form = useRef<HTMLFormElement>(null);
  const [pharmacy, setPharmacy] = useState("");
  const [person, setPerson] = useState("");
  const [wrong, setWrong] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();

  const mark = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (pharmacy.trim() === "") {
      setWrong(true);
      return focusFirstWrong(form.current);
    }
    setBusy(true);
    setFault(undefined);
    try {
      const note = await sealNote({ record, pharmacy, person }, view.envelope.recipients);
      const nth = found.dispensed.length + 1;
      await ask(dispense, { record, token: slip.token, nth, note });
      onMarked();
    } catch (why) {
      // Somebody was faster, or the doctor was: the page shows who.
      if (why instanceof Refusal && why.code.startsWith("prescription.")) onMarked();
      else setFault(why);
    }
    setBusy(false);
  };

  return (
    <Card aria-labelledby="handing-out" className="rounded-2xl p-5 sm:p-5">
      <h2 id="handing-out" className="font-semibold">
        Handing it out?
      </h2>
      <p className="mt-1 text-table text-muted-foreground">
        Mark it, so that no one dispenses it twice. The patient sees it in their records.
      </p>
      <form ref={form} className="mt-4 grid gap-4" noValidate onSubmit={mark}>
        <Field label="Pharmacy" error={wrong && pharmacy.trim() === "" ? "Which pharmacy is this?" : null}>
          <Input
            name="pharmacy"
            value={pharmacy}
            maxLength={120}
            autoComplete="organization"
            onChange={(event) => setPharmacy(event.target.value)}
          />
        </Field>
        <Field label="Your name" optional>
          <Input
            name="person"
            value={person}
            maxLength={120}
            autoComplete="name"
            onChange={(event) => setPerson(event.target.value)}
          />
        </Field>
        {fault ? (
          <Alert tone="danger" role="alert" title="Not marked">
            {wordsFor(fault)}
          </Alert>
        ) : null}
        <Button type="submit" busy={busy} className="min-h-12">
          {busy ? null : <PackageCheck aria-hidden="true" />}
          Mark as dispensed
        </Button>
      </form>
    </Card>
  );
}
