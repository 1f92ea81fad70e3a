"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { changePhone, Phone } from "@/lib/auth/api.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { useOwnClinic } from "./own-clinic.ts";

/** The number that a patient sees who waits or can't go on. */
export function PhoneCard() {
  const clinic = useOwnClinic().data;
  return (
    <Card className="sm:p-5" aria-labelledby="practice-phone">
      <CardTitle id="practice-phone">Phone for patients</CardTitle>
      {clinic ? <PhoneForm key={clinic.phone} phone={clinic.phone ?? ""} /> : null}
    </Card>
  );
}

function PhoneForm({ phone }: { phone: string }) {
  const queries = useQueryClient();
  const [text, setText] = useState(phone);
  const [error, setError] = useState<string>();
  const change = useMutation({
    mutationFn: (number: string | null) => ask(changePhone, { phone: number }),
    onSuccess: () => queries.invalidateQueries({ queryKey: ["clinic"] }),
  });
  const save = (event: FormEvent) => {
    event.preventDefault();
    const number = text.trim();
    if (number !== "" && !Phone.safeParse(number).success)
      return setError("Write it with digits and spaces, such as 030 555 010");
    setError(undefined);
    change.mutate(number === "" ? null : number);
  };
  return (
    <form noValidate onSubmit={save} className="mt-3 grid gap-3">
      <Field
        optional
        label="Practice’s number"
        error={error}
        hint="Patients see it in the waiting room, and where something keeps them out."
      >
        <Input
          name="phone"
          type="tel"
          autoComplete="off"
          maxLength={30}
          value={text}
          onChange={(event) => setText(event.target.value)}
        />
      </Field>
      <div className="flex flex-wrap items-center gap-3">
        <Button type="submit" variant="outline" busy={change.isPending} disabled={text.trim() === phone}>
          Save number
        </Button>
        <span role="status" className="text-table text-muted-foreground">
          {phone === "" ? "None is shown now." : `Shown now: ${phone}`}
        </span>
      </div>
      {change.error ? <Alert tone="warning" role="alert" title={wordsFor(change.error)} /> : null}
    </form>
  );
}
