"use client";

import { KeyRound, LifeBuoy, Phone } from "lucide-react";
import { useRouter } from "next/navigation";
import { useEffect, useRef, useState } from "react";
import type * as z from "zod/mini";
import { Alert } from "@/components/ui/alert.tsx";
import { deviceName } from "@/components/ui/browser-name.ts";
import { Button } from "@/components/ui/button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { Logo } from "@/components/ui/logo.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { SkipLink } from "@/components/ui/skip-link.tsx";
import { signIn } from "@/lib/auth/api.ts";
import { acceptInvitation, openInvitation } from "@/lib/auth/people-api.ts";
import type { Staff } from "@/lib/auth/person.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { tokenOf } from "@/lib/visits/link.ts";
import { forgetSecret, secretOf, stripAddress } from "@/lib/visits/link-secret.browser.ts";
import { ask } from "@/lib/wire.ts";
import { beginFault, passwordFault } from "../field-faults.ts";
import { NewPassword } from "../new-password.tsx";
import { FormPage, Point, WhatHappens } from "../points.tsx";
import { hintSession } from "../session.ts";
import { roleWords } from "./words.ts";

type Invitation = z.infer<typeof openInvitation.answer>;
type Now = { is: "asking" } | { is: "open"; invitation: Invitation; token: string } | { is: "refused"; why: unknown };

/** At an invitation's link: a password, and for a doctor the key that this browser makes. */
export function InvitedScreen({ id }: { id: string }) {
  const [now, setNow] = useState<Now>({ is: "asking" });
  useEffect(() => {
    const lifetime = new AbortController();
    stripAddress();
    const look = async (): Promise<Now> => {
      const found = secretOf(id);
      if (found?.is !== "whole") throw new Refusal("invitation.not-found");
      const token = await tokenOf(found.secret);
      const invitation = await ask(openInvitation, { invitationId: id, token }, { signal: lifetime.signal });
      return { is: "open", invitation, token };
    };
    look().then(setNow, (why) => !lifetime.signal.aborted && setNow({ is: "refused", why }));
    return () => lifetime.abort();
  }, [id]);

  return (
    <>
      <SkipLink />
      <FormPage aside={now.is === "refused" ? null : <HowToJoin />}>
        <div className="mx-auto max-w-[30rem]">
          <Logo />
          {now.is === "asking" ? (
            <Loading label="Opening your invitation" className="mt-8" slow="Still waiting for the practice’s server." />
          ) : now.is === "refused" ? (
            <>
              <h1 className="mt-8 text-calm-title font-bold">This link opens nothing</h1>
              <Alert tone="warning" role="alert" className="mt-5" title={wordsFor(now.why)} />
            </>
          ) : (
            <JoinForm id={id} {...now} />
          )}
        </div>
      </FormPage>
    </>
  );
}

function JoinForm({ id, invitation, token }: { id: string; invitation: Invitation; token: string }) {
  const { clinic, name, email, roles } = invitation;
  const router = useRouter();
  const input = useRef<HTMLFormElement>(null);
  /** An attempt went out and no answer came: it may have been carried out. */
  const unanswered = useRef(false);
  const [password, setPassword] = useState("");
  const [fault, setFault] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const sees = roles.includes("clinician");

  const joined = async (key: z.input<typeof acceptInvitation.ask>["key"]): Promise<Staff> => {
    try {
      return await ask(acceptInvitation, { invitationId: id, token, password, key });
    } catch (why) {
      if (!(why instanceof Refusal) || why.code !== "invitation.not-found" || !unanswered.current) throw why;
      return ask(signIn, { email, password });
    }
  };
  const join = async () => {
    setTrouble(null);
    const wrong = passwordFault(password);
    setFault(wrong);
    if (wrong) return input.current?.querySelector<HTMLInputElement>("[name=password]")?.focus();
    setBusy(true);
    try {
      const { adopt, pendingKey, pendingOf } = await import("../staff-keys.ts");
      const key = sees ? await pendingKey(deviceName(navigator.userAgent), pendingOf(id)) : null;
      const staff = await joined(key);
      if (key) await adopt(staff, pendingOf(id));
      forgetSecret(id);
      hintSession(true);
      router.replace(sees ? "/visits" : "/admin");
    } catch (why) {
      unanswered.current ||= why instanceof Refusal && why.code === "server.unreachable";
      setTrouble(beginFault(why));
      setBusy(false);
    }
  };

  return (
    <>
      <h1 className="mt-8 text-calm-title font-bold">Join {clinic}</h1>
      <p className="mt-2 text-muted-foreground">
        {name} · {roleWords(roles)}
      </p>
      <form
        ref={input}
        noValidate
        className="mt-6 grid gap-5"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void join();
        }}
      >
        {trouble ? (
          <Alert tone="danger" role="alert" title="You have not joined yet">
            {trouble}
          </Alert>
        ) : null}
        <Field label="Email">
          <Input readOnly type="email" name="email" autoComplete="username" value={email} />
        </Field>
        <NewPassword
          value={password}
          error={fault}
          onChange={(event) => {
            setPassword(event.target.value);
            if (fault) setFault(null);
          }}
        />
        <Button type="submit" size="calm" className="mt-1 w-full" busy={busy}>
          Join
        </Button>
      </form>
    </>
  );
}

function HowToJoin() {
  return (
    <WhatHappens>
      <Point icon={<KeyRound aria-hidden="true" />} title="This browser makes your signing key">
        Doctors sign with it. It never leaves this device, and nobody else ever sees it.
      </Point>
      <Point icon={<Phone aria-hidden="true" />} title="You read four words to the practice">
        That is how an admin knows that the key is yours, and enrols it.
      </Point>
      <Point icon={<LifeBuoy aria-hidden="true" />} title="You save a recovery kit">
        Twelve words on paper, for when this device is lost.
      </Point>
    </WhatHappens>
  );
}
