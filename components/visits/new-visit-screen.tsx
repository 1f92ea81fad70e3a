"use client";

import { useQueryClient } from "@tanstack/react-query";
import { CalendarDays, Link as LinkIcon, Lock } from "lucide-react";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { useOwnClinic } from "@/components/auth/own-clinic.ts";
import { KeyGate, useKeys, useMe } from "@/components/auth/staff";
import { StaffShell } from "@/components/auth/staff-shell";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Card, CardTitle } from "@/components/ui/card";
import { Field, focusFirstWrong } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Mark } from "@/components/ui/mark";
import { Select } from "@/components/ui/select";
import { dayAndClock, localField } from "@/components/ui/times.ts";
import { sealFor } from "@/lib/keyring/sealed.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { createVisit, readVisit, type VisitView } from "@/lib/visits/api.ts";
import { type Link as JoinLink, newLink } from "@/lib/visits/link.ts";
import type { VisitDetails } from "@/lib/visits/visit.ts";
import { ask } from "@/lib/wire.ts";
import { BackToVisits } from "./back-to-visits.tsx";
import { languages } from "./languages.ts";

export function NewVisitScreen() {
  return (
    <StaffShell current="visits">
      <KeyGate>
        <NewVisit />
      </KeyGate>
    </StaffShell>
  );
}

const empty = { patientName: "", reason: "", when: "", language: "" };
type Fields = typeof empty;

function NewVisit() {
  const router = useRouter();
  const queries = useQueryClient();
  const keys = useKeys();
  const form = useRef<HTMLFormElement>(null);
  /** Kept over attempts: an answer that got lost must not leave two visits. */
  const link = useRef<JoinLink | null>(null);
  const [fields, setFields] = useState(empty);
  const [whenFault, setWhenFault] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const put = (field: keyof Fields) => ({
    name: field,
    value: fields[field],
    onChange: (event: { target: { value: string } }) => setFields({ ...fields, [field]: event.target.value }),
  });

  const create = async () => {
    setTrouble(null);
    const when = momentOf(form.current, fields.when);
    setWhenFault(when === "wrong" ? "This is not a whole date and time" : null);
    if (when === "wrong") return focusFirstWrong(form.current);
    setBusy(true);
    const again = link.current !== null;
    try {
      link.current ??= await newLink();
      const visit = await made(link.current, fields, when, again);
      queries.setQueryData(["visit", visit.id], visit);
      void queries.invalidateQueries({ queryKey: ["visits"] });
      router.push(`/visits/${visit.id}`);
    } catch (fault) {
      setTrouble(wordsFor(fault));
      setBusy(false);
    }
  };

  const made = async (to: JoinLink, asked: Fields, when: Date | null, again: boolean): Promise<VisitView> => {
    const details: VisitDetails = {
      patientName: asked.patientName.trim(),
      reason: asked.reason.trim(),
      language: asked.language,
      secret: to.secret,
    };
    try {
      return await ask(createVisit, {
        id: to.visitId,
        signer: keys.signer,
        claimHash: to.claimHash,
        details: await sealFor([keys.recipient], details),
        plannedFor: when?.toISOString() ?? null,
      });
    } catch (fault) {
      if (again && fault instanceof Refusal && fault.code === "visit.wrong-state") {
        return ask(readVisit, { visitId: to.visitId });
      }
      throw fault;
    }
  };

  const tomorrow = tomorrowAtNine();
  return (
    <>
      <BackToVisits />
      <h1 className="mt-1 text-title font-bold">New visit</h1>
      <p className="text-muted-foreground">Everything is optional. The link works as soon as the visit is created.</p>
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-5 xl:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)] xl:items-start">
        <form
          ref={form}
          noValidate
          className="rounded-xl border bg-card p-4 shadow-card sm:p-6"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy) void create();
          }}
        >
          {trouble ? (
            <Alert tone="warning" role="alert" title="The visit was not created" className="mb-5">
              {trouble}
            </Alert>
          ) : null}
          <div className="grid grid-cols-[minmax(0,1fr)] gap-5 sm:grid-cols-2">
            <Field label="Patient name" optional hint="Encrypted; only you can read it.">
              <Input autoComplete="off" maxLength={120} {...put("patientName")} />
            </Field>
            <Field label="Language" optional>
              <Select {...put("language")}>
                <option value="">Not noted</option>
                {languages.map((language) => (
                  <option key={language}>{language}</option>
                ))}
              </Select>
            </Field>
            <Field label="Reason" optional hint="Encrypted as well; only you can read it." className="sm:col-span-2">
              <Input autoComplete="off" maxLength={400} {...put("reason")} />
            </Field>
            <Field label="When" optional hint="Empty means now." error={whenFault} className="sm:col-span-2">
              <Input type="datetime-local" {...put("when")} />
            </Field>
          </div>
          <fieldset className="mt-4 flex flex-wrap gap-2">
            <legend className="sr-only">Fill in a time</legend>
            <TimeButton onClick={() => setFields({ ...fields, when: "" })}>Now</TimeButton>
            {[nextHalfHour(), tomorrow].map((at) => (
              <TimeButton key={at.getTime()} onClick={() => setFields({ ...fields, when: localField(at) })}>
                {dayAndClock(at, new Date()).replace(/^Today, |,/, "")}
              </TimeButton>
            ))}
          </fieldset>
          <div className="mt-6 flex flex-wrap gap-2 border-t pt-5">
            <Button type="submit" className="min-h-11 px-6 max-sm:grow" busy={busy}>
              Create visit
            </Button>
            <Button variant="ghost" className="min-h-11" onClick={() => router.push("/visits")}>
              Cancel
            </Button>
          </div>
        </form>
        <FirstSight when={fields.when} />
      </div>
    </>
  );
}

function TimeButton({ onClick, children }: { onClick: () => void; children: string }) {
  return (
    <Button variant="outline" size="sm" className="min-h-10" onClick={onClick}>
      {children}
    </Button>
  );
}

/** What the patient meets at the link, as far as it is known here. */
function FirstSight({ when }: { when: string }) {
  const me = useMe();
  const clinic = useOwnClinic();
  const name = clinic.data?.name ?? "";
  const at = when === "" ? null : new Date(when);
  return (
    <Card aria-labelledby="first-sight" className="shadow-none">
      <CardTitle id="first-sight">What the patient will see first</CardTitle>
      <div className="mt-3 rounded-xl border bg-background p-4">
        <p className="flex items-center gap-2 text-table font-semibold">
          <Mark className="size-6" />
          {name}
        </p>
        {at && !Number.isNaN(at.getTime()) ? (
          <p className="mt-3 flex items-center gap-2 text-small text-muted-foreground">
            <CalendarDays aria-hidden="true" className="size-4 shrink-0" />
            {dayAndClock(at, new Date())}
          </p>
        ) : null}
        <p className="mt-1 text-[1.25rem] leading-tight font-bold">
          Video visit with {me.name}
          {name ? `, ${name}` : ""}
        </p>
      </div>
      <ul className="mt-4 grid gap-2 text-table text-muted-foreground">
        <li className="flex gap-2.5">
          <LinkIcon aria-hidden="true" className="size-5 shrink-0" />
          The link works once the visit is created, for one person and one device.
        </li>
        <li className="flex gap-2.5">
          <Lock aria-hidden="true" className="size-5 shrink-0" />
          All of this is sealed in this browser; the server keeps what it can’t read.
        </li>
      </ul>
    </Card>
  );
}

/** A half-typed date leaves the field's value empty, which only the field itself can tell from "now". */
function momentOf(form: HTMLFormElement | null, when: string): Date | null | "wrong" {
  const field = form?.elements.namedItem("when");
  if (field instanceof HTMLInputElement && field.validity.badInput) return "wrong";
  if (when === "") return null;
  const at = new Date(when);
  return Number.isNaN(at.getTime()) ? "wrong" : at;
}

function nextHalfHour(): Date {
  const half = 30 * 60_000;
  return new Date(Math.ceil((Date.now() + 60_000) / half) * half);
}

function tomorrowAtNine(): Date {
  const at = new Date();
  at.setDate(at.getDate() + 1);
  at.setHours(9, 0, 0, 0);
  return at;
}
