"use client";

import { Link as LinkIcon, Siren } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Field, focusFirstWrong } from "@/components/ui/field";
import { Input, PasswordInput } from "@/components/ui/input";
import { Logo } from "@/components/ui/logo";
import { SkipLink } from "@/components/ui/skip-link";
import { signIn } from "@/lib/auth/api.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { emailFault } from "./field-faults.ts";
import { FormPage, Point } from "./points.tsx";
import { hintSession, nextPath } from "./session.ts";
import { useClinic } from "./use-clinic.ts";

/** Email and password. What this browser lacks to sign is asked for where it is needed. */
export function SignInScreen() {
  const router = useRouter();
  const signedIn = () => {
    hintSession(true);
    router.replace(nextPath(window.location.search));
  };

  return (
    <>
      <SkipLink />
      <FormPage aside={<NotStaff />}>
        <div className="mx-auto max-w-[26rem]">
          <Logo />
          <SignInForm onSignedIn={signedIn} />
        </div>
      </FormPage>
    </>
  );
}

function SignInForm({ onSignedIn }: { onSignedIn: () => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [clinic] = useClinic();
  const [email, setEmail] = useState("");
  const [password, setPassword] = useState("");
  const [faults, setFaults] = useState<{ email?: string; password?: string }>({});
  const [trouble, setTrouble] = useState<{ title: string; wrong: boolean } | null>(null);
  const [busy, setBusy] = useState(false);

  const enter = async () => {
    setTrouble(null);
    const found: typeof faults = {};
    if (!signIn.ask.shape.email.safeParse(email.trim()).success) found.email = emailFault(email.trim());
    if (password === "") found.password = "Enter your password";
    setFaults(found);
    if (found.email || found.password) return focusFirstWrong(form.current);
    setBusy(true);
    try {
      await ask(signIn, { email: email.trim(), password });
      onSignedIn();
    } catch (fault) {
      const wrong = fault instanceof Refusal && fault.code === "auth.wrong";
      setTrouble({ title: wordsFor(fault), wrong });
      if (wrong) {
        setPassword("");
        requestAnimationFrame(() => form.current?.querySelector<HTMLInputElement>("[name=password]")?.focus());
      }
    } finally {
      setBusy(false);
    }
  };

  const name = clinic.is === "known" ? clinic.clinic.name : null;
  return (
    <div className="mt-8 lg:mt-16">
      <h1 className="text-calm-title font-bold">Sign in</h1>
      <p className="mt-1 min-h-6 text-muted-foreground">{name}</p>
      {clinic.is === "known" && name === null ? (
        <Alert tone="info" title="There is no clinic here yet" className="mt-5">
          <Link href="/setup" className="text-primary underline underline-offset-4">
            Set up your clinic
          </Link>
        </Alert>
      ) : null}
      {trouble ? (
        <Alert tone={trouble.wrong ? "danger" : "warning"} role="alert" title={trouble.title} className="mt-5" />
      ) : null}
      <form
        ref={form}
        noValidate
        className="mt-6 grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void enter();
        }}
      >
        <Field label="Email" error={faults.email}>
          <Input
            type="email"
            name="email"
            autoComplete="username"
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
        </Field>
        <Field label="Password" error={faults.password}>
          <PasswordInput
            name="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
            {...(trouble?.wrong ? { "aria-invalid": true } : {})}
          />
        </Field>
        <Button type="submit" className="min-h-12 w-full" busy={busy}>
          Sign in
        </Button>
      </form>
      <p className="mt-5 text-table text-muted-foreground">
        On a new device you also need your recovery kit, and somebody who enrols its key.
      </p>
    </div>
  );
}

function NotStaff() {
  return (
    <aside className="flex bg-secondary px-4 py-8 sm:px-10 lg:px-14" aria-label="Not a member of staff?">
      <div className="mx-auto my-auto w-full max-w-[26rem] lg:max-w-[25rem]">
        <h2 className="text-lead font-semibold">Not a member of staff?</h2>
        <ul className="mt-5 grid gap-5">
          <Point icon={<LinkIcon aria-hidden="true" />} title="You have a visit">
            Open the link from your doctor. You need no account and no password. Lost it? Call the practice.
          </Point>
          <Point icon={<Siren aria-hidden="true" />} title="It can’t wait">
            Call 112 or your local emergency number.
          </Point>
        </ul>
      </div>
    </aside>
  );
}
