"use client";

import { CircleDot, Hourglass, type LucideIcon, Mail, UserX } from "lucide-react";
import { Avatar } from "@/components/ui/avatar.tsx";
import { Badge } from "@/components/ui/badge.tsx";
import { cn } from "@/components/ui/cn.ts";
import { rowLink, Td, Th, Tr } from "@/components/ui/table.tsx";
import { shortDayAndYear } from "@/components/ui/times.ts";
import type { Invited, StaffMember } from "@/lib/auth/people-api.ts";
import { keysInWords, lastSeen, roleWords, type Standing, standingOf } from "./words.ts";

const states: Record<
  Standing | "invited",
  { word: string; tone: "success" | "attention" | "info" | "quiet"; icon: LucideIcon }
> = {
  active: { word: "Active", tone: "success", icon: CircleDot },
  waits: { word: "Key waits", tone: "attention", icon: Hourglass },
  invited: { word: "Invited", tone: "info", icon: Mail },
  removed: { word: "Removed", tone: "quiet", icon: UserX },
};

function StateBadge({ state }: { state: Standing | "invited" }) {
  const { word, tone, icon: Icon } = states[state];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" />
      {word}
    </Badge>
  );
}

interface Row {
  id: string;
  name: string;
  under: string;
  role: string;
  keys: string;
  seen: string;
  state: Standing | "invited";
}

function rowsOf(people: readonly StaffMember[], invitations: readonly Invited[]): Row[] {
  const rows = people.map((one) => ({
    id: one.id,
    name: one.name,
    under: one.email ?? `left ${shortDayAndYear(new Date(one.removedAt ?? one.joinedAt))}`,
    role: roleWords(one.roles),
    keys: keysInWords(one),
    seen: lastSeen(one.seenAt ? new Date(one.seenAt) : null),
    state: standingOf(one),
  }));
  const invited = invitations.map((one) => ({
    id: one.id,
    name: one.name,
    under: one.email,
    role: roleWords(one.roles),
    keys: "no key yet",
    seen: `invited ${shortDayAndYear(new Date(one.invitedAt))}`,
    state: "invited" as const,
  }));
  // Who left is last: nobody has to do anything about them.
  return [
    ...rows.filter(({ state }) => state !== "removed"),
    ...invited,
    ...rows.filter(({ state }) => state === "removed"),
  ];
}

interface PeopleTableProps {
  people: readonly StaffMember[];
  invitations: readonly Invited[];
  chosen: string | null;
  onChoose: (id: string | null) => void;
}

/** One table on a wide screen, a list on a phone; a row opens what can be done about a person below. */
export function PeopleTable({ people, invitations, chosen, onChoose }: PeopleTableProps) {
  const rows = rowsOf(people, invitations);
  const name = (row: Row) => (
    <button
      type="button"
      aria-expanded={row.id === chosen}
      className={cn(rowLink, "cursor-pointer text-left")}
      onClick={() => onChoose(row.id === chosen ? null : row.id)}
    >
      {row.name}
    </button>
  );
  return (
    <section aria-label="Everyone" className="mt-4 overflow-hidden rounded-xl border bg-card shadow-card">
      <div className="hidden lg:block">
        <table className="w-full border-collapse text-table">
          <thead>
            <tr>
              <Th>Name</Th>
              <Th>Role</Th>
              <Th>Signing keys</Th>
              <Th>Last seen</Th>
              <Th>State</Th>
            </tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <Tr key={row.id} className={row.id === chosen ? "bg-accent hover:bg-accent" : undefined}>
                <Td>
                  <span className="flex items-center gap-3">
                    <Avatar name={row.name} className={cn("size-9 text-small", row.id === chosen && "bg-secondary")} />
                    <span className="min-w-0">
                      {name(row)}
                      <span className="block text-small text-muted-foreground">{row.under}</span>
                    </span>
                  </span>
                </Td>
                <Td>{row.role}</Td>
                <Td>{row.keys}</Td>
                <Td className="figures">{row.seen}</Td>
                <Td>
                  <StateBadge state={row.state} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </table>
      </div>
      <ul className="lg:hidden">
        {rows.map((row) => (
          <li
            key={row.id}
            className={cn(
              "relative flex items-center gap-3 border-b px-4 py-3 last:border-0",
              row.id === chosen && "bg-accent",
            )}
          >
            <Avatar name={row.name} className={row.id === chosen ? "bg-secondary" : undefined} />
            <span className="min-w-0 grow">
              {name(row)}
              <span className="block text-table text-muted-foreground">
                {row.role} · {row.keys}
              </span>
            </span>
            <StateBadge state={row.state} />
          </li>
        ))}
      </ul>
    </section>
  );
}
