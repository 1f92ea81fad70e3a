"use client";

import { useQuery } from "@tanstack/react-query";
import { UserPlus } from "lucide-react";
import Link from "next/link";
import { useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { counted } from "@/components/ui/text.ts";
import { type Invited, readPeople, type StaffMember } from "@/lib/auth/people-api.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { AdminsOnly } from "../admins-only.tsx";
import { EVERY_MS } from "../staff-keys.ts";
import { StaffShell } from "../staff-shell.tsx";
import { InvitationCard } from "./invitation-card.tsx";
import { PeopleTable } from "./people-table.tsx";
import { PersonCard } from "./person-card.tsx";

/** Who works here, what signs for them, and the way in and out. */
export function PeopleScreen() {
  return (
    <StaffShell current="people">
      <AdminsOnly what="The list of people is">
        <People />
      </AdminsOnly>
    </StaffShell>
  );
}

function People() {
  const [chosen, choose] = useState<string | null>(null);
  const found = useQuery({ queryKey: ["people"], queryFn: () => ask(readPeople, {}), refetchInterval: EVERY_MS });
  const { people = [], invitations = [] } = found.data ?? {};
  const person = people.find(({ id }) => id === chosen);
  const invitation = invitations.find(({ id }) => id === chosen);
  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 className="text-title font-bold">People</h1>
          <p className="min-h-[1.5em] text-muted-foreground">{found.data ? inShort(people, invitations) : null}</p>
        </div>
        <Button asChild className="min-h-11">
          <Link href="/admin/people/invite">
            <UserPlus aria-hidden="true" />
            Invite
          </Link>
        </Button>
      </div>
      {found.isError ? (
        <Alert tone="warning" className="mt-4" title={wordsFor(found.error)}>
          {found.data ? <p>What you see is from before.</p> : null}
          <Button variant="outline" className="mt-3" onClick={() => found.refetch()} busy={found.isFetching}>
            Try again
          </Button>
        </Alert>
      ) : null}
      {found.data ? (
        <PeopleTable people={people} invitations={invitations} chosen={chosen} onChoose={choose} />
      ) : found.isError ? null : (
        <Loading
          label="Loading people"
          slow="Still waiting for the practice’s server."
          className="mt-4 rounded-xl border bg-card p-5"
        />
      )}
      {person ? <PersonCard key={person.id} person={person} /> : null}
      {invitation ? <InvitationCard key={invitation.id} invitation={invitation} /> : null}
    </>
  );
}

function inShort(people: readonly StaffMember[], invitations: readonly Invited[]): string {
  const here = people.filter(({ removedAt }) => !removedAt);
  const doctors = here.filter(({ roles }) => roles.includes("clinician")).length;
  const admins = here.filter(({ roles }) => roles.includes("admin")).length;
  return [
    counted(doctors, "doctor", "doctors"),
    counted(admins, "admin", "admins"),
    ...(invitations.length > 0 ? [`${counted(invitations.length, "invitation", "invitations")} open`] : []),
  ].join(", ");
}
