"use client";

import { useQueryClient } from "@tanstack/react-query";
import { ArrowLeft } from "lucide-react";
import Link from "next/link";
import { useRouter } from "next/navigation";
import { useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { INVITATION_HOURS, invite } from "@/lib/auth/people-api.ts";
import type { Role } from "@/lib/auth/person.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { inviteLinkOf, newLink, type Link as OneTimeLink } from "@/lib/visits/link.ts";
import { ask } from "@/lib/wire.ts";
import { AdminsOnly } from "../admins-only.tsx";
import { useConfirmed } from "../confirm.tsx";
import { emailFault } from "../field-faults.ts";
import { StaffShell } from "../staff-shell.tsx";
import { RoleChoice } from "./roles.tsx";

const DAYS = INVITATION_HOURS / 24;

/** The link is made here: the server never has its secret, so an admin hands it over. */
export function InviteScreen() {
  return (
    <StaffShell current="people">
      <AdminsOnly what="Inviting people is">
        <Invite />
      </AdminsOnly>
    </StaffShell>
  );
}

function Invite() {
  const [made, setMade] = useState<{ name: string; link: string } | null>(null);
  return (
    <>
      <nav aria-label="Breadcrumb" className="text-table">
        <Link
          href="/admin/people"
          className="inline-flex min-h-9 items-center gap-1.5 text-muted-foreground hover:text-foreground"
        >
          <ArrowLeft aria-hidden="true" className="size-4 shrink-0" />
          People
        </Link>
      </nav>
      <h1 className="mt-1 text-title font-bold">Invite</h1>
      <p className="text-muted-foreground">They choose their own password; you never see it.</p>
      <div className="mt-5 grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[minmax(0,1.35fr)_minmax(0,1fr)] lg:items-start">
        {made ? <Made {...made} /> : <InviteForm onMade={(name, link) => setMade({ name, link })} />}
        <WhatNext />
      </div>
    </>
  );
}

function InviteForm({ onMade }: { onMade: (name: string, link: string) => void }) {
  const router = useRouter();
  const queries = useQueryClient();
  const { confirmed, dialog } = useConfirmed();
  const form = useRef<HTMLFormElement>(null);
  /** Kept over attempts, as is what a lost answer may have made. */
  const link = useRef<OneTimeLink>(undefined);
  const [name, setName] = useState("");
  const [email, setEmail] = useState("");
  const [roles, setRoles] = useState<Role[]>(["clinician"]);
  const [faults, setFaults] = useState<{ name?: string; email?: string; roles?: string }>({});
  const [trouble, setTrouble] = useState<unknown>();
  const [busy, setBusy] = useState(false);

  const make = async () => {
    setTrouble(undefined);
    const shape = invite.ask.shape;
    const found: typeof faults = {};
    if (!shape.name.safeParse(name).success) found.name = "Enter the name as patients should see it";
    if (!shape.email.safeParse(email.trim()).success) found.email = emailFault(email.trim());
    if (roles.length === 0) found.roles = "Choose at least one";
    setFaults(found);
    if (Object.keys(found).length > 0) return focusFirstWrong(form.current);
    setBusy(true);
    try {
      link.current ??= await newLink();
      const { visitId: id, secret, claimHash } = link.current;
      await confirmed(() => ask(invite, { id, claimHash, name, email: email.trim(), roles }));
      void queries.invalidateQueries({ queryKey: ["people"] });
      onMade(name.trim(), inviteLinkOf(window.location.origin, id, secret));
    } catch (fault) {
      setTrouble(fault);
      setBusy(false);
    }
  };

  return (
    <>
      <form
        ref={form}
        noValidate
        className="grid gap-5 rounded-xl border bg-card p-4 shadow-card sm:p-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void make();
        }}
      >
        {trouble ? (
          <Alert tone="danger" role="alert" title="Nobody was invited">
            {wordsFor(trouble)}
          </Alert>
        ) : null}
        <Field label="Name" hint="As patients will see it." error={faults.name}>
          <Input
            name="name"
            autoComplete="off"
            maxLength={120}
            value={name}
            onChange={(e) => setName(e.target.value)}
          />
        </Field>
        <Field label="Email" error={faults.email}>
          <Input
            name="email"
            type="email"
            autoComplete="off"
            maxLength={254}
            value={email}
            onChange={(e) => setEmail(e.target.value)}
          />
        </Field>
        <RoleChoice roles={roles} onChange={setRoles} error={faults.roles ?? null} />
        <div className="flex flex-wrap gap-3 border-t pt-5">
          <Button type="submit" className="min-h-11" busy={busy}>
            Make the link
          </Button>
          <Button variant="ghost" className="min-h-11" onClick={() => router.push("/admin/people")}>
            Cancel
          </Button>
        </div>
      </form>
      {dialog}
    </>
  );
}

function Made({ name, link }: { name: string; link: string }) {
  return (
    <Card className="grid gap-4">
      <Alert tone="success" title={`${name} is invited`}>
        Send them this link the way you usually reach them. It is shown only now.
      </Alert>
      <Field label="Invitation link" hint={`It works once, for ${DAYS} days. Whoever has it can join.`}>
        <Input readOnly value={link} onFocus={(event) => event.target.select()} />
      </Field>
      <div className="flex flex-wrap gap-3">
        <CopyButton className="min-h-11" text={link} label="Copy link" done="Link copied" />
        <Button asChild variant="outline" className="min-h-11">
          <Link href="/admin/people">Back to people</Link>
        </Button>
      </div>
    </Card>
  );
}

function WhatNext() {
  return (
    <Card aria-labelledby="next">
      <CardTitle id="next">What happens next</CardTitle>
      <ol className="mt-4 grid gap-4">
        <Step number={1} title="You hand over a link">
          It works once, for {DAYS} days. You can take it back.
        </Step>
        <Step number={2} title="Their browser makes a key">
          They choose a password first.
        </Step>
        <Step number={3} title="You enrol the key">
          You compare four words with them, by phone or in person. Then it is on the ledger, with your name beside it.
        </Step>
      </ol>
    </Card>
  );
}

function Step({ number, title, children }: { number: number; title: string; children: React.ReactNode }) {
  return (
    <li className="flex gap-3">
      <span
        aria-hidden="true"
        className="grid size-7 shrink-0 place-items-center rounded-full bg-accent text-small font-semibold text-accent-foreground"
      >
        {number}
      </span>
      <div className="min-w-0">
        <h3 className="font-semibold">{title}</h3>
        <p className="text-table text-muted-foreground">{children}</p>
      </div>
    </li>
  );
}
