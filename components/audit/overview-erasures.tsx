"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type * as z from "zod/mini";
import { useConfirmed } from "@/components/auth/confirm.tsx";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { QuestionCard } from "@/components/ui/question-card.tsx";
import { counted } from "@/components/ui/text.ts";
import { fromSeconds, when } from "@/components/ui/times.ts";
import { confirmErasure, listErasures } from "@/lib/records/erasure.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { recordKinds } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";

type Asked = z.infer<typeof listErasures.answer>["asked"][number];
interface Why {
  reason: string;
  until: string;
}
const QUERY = ["erasures"];
const NOTES = "notes";

/** Visits whose patients want them erased. Nothing where nobody does. */
export function Erasures() {
  const found = useQuery({ queryKey: QUERY, queryFn: () => ask(listErasures, {}) });
  const asked = found.data?.asked ?? [];
  if (asked.length === 0) return null;
  return (
    <Card className="mt-4 border-2 border-attention sm:p-5" aria-labelledby="erasures">
      <CardTitle id="erasures">
        {counted(asked.length, "patient asks", "patients ask")} that a visit is erased
      </CardTitle>
      <p className="mt-1 text-table text-muted-foreground">
        Mark what the law makes the practice keep. Everything else of the visit is destroyed, for everybody and for
        good.
      </p>
      <ul className="mt-2">
        {asked.map((one) => (
          <li key={one.id} className="border-t py-4 first:border-0">
            <AskedFor asked={one} />
          </li>
        ))}
      </ul>
    </Card>
  );
}

function AskedFor({ asked }: { asked: Asked }) {
  const queries = useQueryClient();
  const [kept, setKept] = useState<ReadonlyMap<string, Why>>(new Map());
  const [asking, setAsking] = useState(false);
  const { confirmed, dialog } = useConfirmed();
  const confirm = useMutation({
    mutationFn: () => {
      const { [NOTES]: notes = null, ...records } = Object.fromEntries(kept);
      const list = Object.entries(records).map(([id, why]) => ({ id, ...why }));
      const { id, version } = asked;
      return confirmed(() => ask(confirmErasure, { id, version, kept: list, keptNotes: notes }));
    },
    // Done or refused: what stands there now is what is decided about next.
    onSettled: () => queries.invalidateQueries({ queryKey: QUERY }),
  });
  const keep = (id: string, why: Why | null) => {
    const next = new Map(kept);
    if (why) next.set(id, why);
    else next.delete(id);
    setKept(next);
  };
  const items = [
    ...asked.records.map(({ id, kind, signedAt }) => ({
      id,
      label: `${recordKinds[kind]}, ${when(fromSeconds(signedAt))}`,
    })),
    ...(asked.notes ? [{ id: NOTES, label: "The doctor’s notes" }] : []),
  ];
  const ready = [...kept.values()].every(({ reason, until }) => reason.trim().length >= 3 && until !== "");
  return (
    <>
      {dialog}
      <p className="font-semibold">
        Visit of {when(new Date(asked.visitAt))} with {asked.clinician}, patient{" "}
        <span className="font-mono">{asked.pseudonym}</span>
      </p>
      <p className="text-table text-muted-foreground">Asked {when(new Date(asked.askedAt))}.</p>
      <ul className="mt-2 grid gap-2">
        {items.map(({ id, label }) => (
          <li key={id}>
            <label className="flex min-h-11 items-center gap-3 text-table sm:min-h-9">
              <input
                type="checkbox"
                className="size-5 accent-primary"
                checked={kept.has(id)}
                onChange={(event) => keep(id, event.target.checked ? { reason: "", until: "" } : null)}
              />
              <span>Keep: {label}</span>
            </label>
            {kept.has(id) ? <Reason why={kept.get(id)!} onChange={(why) => keep(id, why)} /> : null}
          </li>
        ))}
      </ul>
      {confirm.error ? <Alert tone="warning" role="alert" className="mt-3" title={wordsFor(confirm.error)} /> : null}
      {asking ? (
        <QuestionCard
          level={3}
          className="mt-3"
          title="Erase it for good?"
          yes="Erase"
          no="Not yet"
          failed="Nothing was erased"
          why={wordsFor}
          // Refused, it is not asked again over a list that has changed under it: the list is looked at first.
          onYes={async () => {
            await confirm.mutateAsync().finally(() => setAsking(false));
          }}
          onNo={() => setAsking(false)}
        >
          {items.length - kept.size === 0
            ? "All records are kept. Names and the visit’s reason go."
            : `${counted(items.length - kept.size, "record", "records")} and all names go. Nobody can bring them back.`}
        </QuestionCard>
      ) : (
        <Button variant="danger" className="mt-3" disabled={!ready} onClick={() => setAsking(true)}>
          {kept.size === 0 ? "Erase everything" : "Erase the rest"}
        </Button>
      )}
    </>
  );
}

function Reason({ why, onChange }: { why: Why; onChange: (why: Why) => void }) {
  return (
    <div className="mt-1 mb-2 grid gap-3 pl-8 sm:grid-cols-[1fr_12rem]">
      <Field label="Reason">
        <Input
          value={why.reason}
          maxLength={200}
          placeholder="Medical records act, § 630f"
          onChange={(event) => onChange({ ...why, reason: event.target.value })}
        />
      </Field>
      <Field label="Until">
        <Input type="date" value={why.until} onChange={(event) => onChange({ ...why, until: event.target.value })} />
      </Field>
    </div>
  );
}
