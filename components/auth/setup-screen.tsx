"use client";

import { BookLock, KeyRound, LifeBuoy } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { deviceName } from "@/components/ui/browser-name.ts";
import { Button } from "@/components/ui/button";
import { Field, focusFirstWrong } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { Logo } from "@/components/ui/logo";
import { SkipLink } from "@/components/ui/skip-link";
import { createClinic, signIn } from "@/lib/auth/api.ts";
import type { Staff } from "@/lib/auth/person.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask } from "@/lib/wire.ts";
import { beginFault, emailFault, passwordFault } from "./field-faults.ts";
import { NewPassword } from "./new-password.tsx";
import { FormPage, Point, WhatHappens } from "./points.tsx";
import { hintSession } from "./session.ts";
import { useClinic } from "./use-clinic.ts";

/** First run: the clinic, its first person, and their key, made in this browser. */
export function SetupScreen() {
  const [clinic] = useClinic();
  const exists = clinic.is === "known" && clinic.clinic.name !== null;
  return (
    <>
      <SkipLink />
      <FormPage aside={<HowItStarts ledger={clinic.is === "known" ? clinic.clinic.ledger.label : "Local ledger"} />}>
        <div className="mx-auto max-w-[30rem]">
          <Logo />
          <h1 className="mt-8 text-calm-title font-bold">Set up your clinic</h1>
          {exists ? (
            <Alert tone="info" title="This clinic is already set up" className="mt-5">
              Whoever works here signs in.{" "}
              <Link href="/sign-in" className="text-primary underline underline-offset-4">
                Sign in
              </Link>
            </Alert>
          ) : (
            <>
              <p className="mt-2 text-muted-foreground">You’ll be its first doctor and its admin.</p>
              <SetupForm />
            </>
          )}
        </div>
      </FormPage>
    </>
  );
}

const empty = { clinicName: "", name: "", email: "", password: "" };
type Fields = typeof empty;

function SetupForm() {
  const router = useRouter();
  const form = useRef<HTMLFormElement>(null);
  /** An attempt went out and no answer came: it may have been carried out. */
  const unanswered = useRef(false);
  const [fields, setFields] = useState(empty);
  const [faults, setFaults] = useState<Partial<Record<keyof Fields, string>>>({});
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);

  const put = (field: keyof Fields) => ({
    name: field,
    value: fields[field],
    onChange: (event: { target: { value: string } }) => {
      setFields({ ...fields, [field]: event.target.value });
      if (faults[field]) setFaults({ ...faults, [field]: undefined });
    },
  });

  const create = async () => {
    setTrouble(null);
    const found = faultsIn(fields);
    setFaults(found);
    if (Object.keys(found).length > 0) return focusFirstWrong(form.current);
    setBusy(true);
    try {
      const { adopt, pendingKey } = await import("./staff-keys.ts");
      const key = await pendingKey(deviceName(navigator.userAgent));
      const staff = await made({ ...fields, key });
      // An earlier attempt may have enrolled another key of this browser; then signing in finds it.
      if (staff.keys.some(({ signer }) => signer === key.card.signer)) await adopt(staff);
      hintSession(true);
      router.replace("/visits");
    } catch (fault) {
      unanswered.current ||= fault instanceof Refusal && fault.code === "server.unreachable";
      setTrouble(beginFault(fault));
      setBusy(false);
    }
  };

  const made = async (
    asked: Parameters<typeof ask<typeof createClinic.ask, typeof createClinic.answer>>[1],
  ): Promise<Staff> => {
    try {
      return await ask(createClinic, asked);
    } catch (fault) {
      if (!(fault instanceof Refusal) || fault.code !== "clinic.exists" || !unanswered.current) throw fault;
      return ask(signIn, { email: asked.email, password: asked.password });
    }
  };

  return (
    <form
      ref={form}
      noValidate
      className="mt-6 grid gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        if (!busy) void create();
      }}
    >
      {trouble ? (
        <Alert tone="danger" role="alert" title="The clinic was not created">
          {trouble}
        </Alert>
      ) : null}
      <Field label="Clinic name" error={faults.clinicName}>
        <Input autoComplete="organization" maxLength={120} {...put("clinicName")} />
      </Field>
      <div className="grid gap-5 sm:grid-cols-2">
        <Field label="Your name" error={faults.name}>
          <Input autoComplete="name" maxLength={120} {...put("name")} />
        </Field>
        <Field label="Email" error={faults.email}>
          <Input type="email" autoComplete="username" maxLength={254} {...put("email")} />
        </Field>
      </div>
      <NewPassword error={faults.password} {...put("password")} />
      <Button type="submit" size="calm" className="mt-1 w-full" busy={busy}>
        Create clinic
      </Button>
    </form>
  );
}

function faultsIn(fields: Fields): Partial<Record<keyof Fields, string>> {
  const shape = createClinic.ask.shape;
  const found: Partial<Record<keyof Fields, string>> = {};
  if (!shape.clinicName.safeParse(fields.clinicName).success) found.clinicName = "Enter the name patients know you by";
  if (!shape.name.safeParse(fields.name).success) found.name = "Enter your name as patients should see it";
  if (!shape.email.safeParse(fields.email.trim()).success) found.email = emailFault(fields.email.trim());
  const password = passwordFault(fields.password);
  if (password) found.password = password;
  return found;
}

function HowItStarts({ ledger }: { ledger: string }) {
  return (
    <WhatHappens>
      <Point icon={<KeyRound aria-hidden="true" />} title="This browser makes your signing key">
        It signs your prescriptions. It never leaves this device, and we never see it.
      </Point>
      <Point icon={<LifeBuoy aria-hidden="true" />} title="You save a recovery kit">
        Twelve words on paper. They are the only way to open your visits if this device is lost.
      </Point>
      <Point icon={<BookLock aria-hidden="true" />} title="Your clinic’s ledger starts">
        A record book that can be added to but not rewritten. It is labelled{" "}
        <strong className="font-semibold">{ledger}</strong>.
      </Point>
    </WhatHappens>
  );
}
