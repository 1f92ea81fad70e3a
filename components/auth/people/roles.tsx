"use client";

import { useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { changeRoles, type StaffMember } from "@/lib/auth/people-api.ts";
import type { Role } from "@/lib/auth/person.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import type { useChange } from "./use-change.ts";

const may: { role: Role; title: string; says: string }[] = [
  { role: "clinician", title: "See patients", says: "Creates visits, prescribes, sends files" },
  { role: "admin", title: "Review the audit log and manage people", says: "Sees pseudonyms, never what a visit says" },
];

interface RoleChoiceProps {
  roles: readonly Role[];
  onChange: (roles: Role[]) => void;
  /** What is wrong; null when nothing is. */
  error?: string | null;
}

/** What somebody may do, as a list of ticks. */
export function RoleChoice({ roles, onChange, error }: RoleChoiceProps) {
  return (
    <fieldset className="grid gap-3" aria-describedby={error ? "roles-error" : undefined}>
      <legend className="mb-2 font-semibold">May</legend>
      {error ? (
        <p id="roles-error" className="font-semibold text-destructive">
          {error}
        </p>
      ) : null}
      {may.map(({ role, title, says }) => (
        <label key={role} className="flex min-h-11 cursor-pointer gap-3">
          <input
            type="checkbox"
            aria-invalid={error ? true : undefined}
            className="mt-1 size-5 shrink-0 accent-primary"
            checked={roles.includes(role)}
            onChange={({ target }) => onChange(target.checked ? [...roles, role] : roles.filter((one) => one !== role))}
          />
          <span>
            <span className="block font-semibold">{title}</span>
            <span className="block text-table text-muted-foreground">{says}</span>
          </span>
        </label>
      ))}
    </fieldset>
  );
}

/** The same for somebody who works here; nothing changes before it is saved. */
export function Roles({ person, change }: { person: StaffMember; change: ReturnType<typeof useChange>["change"] }) {
  const [roles, setRoles] = useState<Role[]>(person.roles);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const same = roles.length === person.roles.length && roles.every((role) => person.roles.includes(role));
  const save = async () => {
    setBusy(true);
    setFault(undefined);
    await change(changeRoles, { personId: person.id, roles }).catch(setFault);
    setBusy(false);
  };
  const loses = person.roles.includes("clinician") && !roles.includes("clinician");
  return (
    <div className="border-b px-4 py-4 sm:px-5">
      <RoleChoice roles={roles} onChange={setRoles} error={roles.length === 0 ? "Choose at least one" : null} />
      {loses ? (
        <p className="mt-3 text-table text-muted-foreground">
          Without patients they need no key: all of theirs are removed, and their open visits end.
        </p>
      ) : null}
      {fault ? (
        <Alert tone="danger" role="alert" className="mt-3" title="Nothing was changed">
          {wordsFor(fault)}
        </Alert>
      ) : null}
      {same || roles.length === 0 ? null : (
        <Button className="mt-3 min-h-11" busy={busy} onClick={save}>
          Save
        </Button>
      )}
    </div>
  );
}
