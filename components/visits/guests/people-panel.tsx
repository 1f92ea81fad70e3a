"use client";

import type { ReactNode } from "react";
import { Avatar } from "@/components/ui/avatar.tsx";
import { cn } from "@/components/ui/cn.ts";
import { capital } from "@/components/ui/text.ts";
import { clock } from "@/components/ui/times.ts";
import { MOST_GUESTS } from "@/lib/call/member.ts";
import type { GuestView } from "@/lib/visits/guest-api.ts";
import { calledGuest, type GuestName } from "./guest-names.ts";
import { GuestRow } from "./guest-row.tsx";
import { InviteGuest } from "./invite-guest.tsx";
import { ended } from "./words.ts";

export interface PeoplePanelProps {
  visitId: string;
  guests: readonly GuestView[];
  names: ReadonlyMap<string, GuestName>;
  /** The other of the two whose visit it is. */
  other: { name: string; called: string; as: string };
  me: "clinician" | "patient";
  recipients: readonly string[];
  /** How far a guest's permission is on its way to the ledger. */
  ledgerOf: (guest: GuestView) => ReactNode;
  /** The patient's: opens the question, and takes a permission back. */
  onDecide?: (() => void) | undefined;
  onRevoke?: ((guest: GuestView) => Promise<void>) | undefined;
  /** Not taken back after all. */
  onKeep?: ((guest: GuestView) => void) | undefined;
  onChanged: () => void;
}

/** Who is here, by whose word, and who may come. */
export function PeoplePanel(props: PeoplePanelProps) {
  const { visitId, guests, names, other, me, onChanged } = props;
  const calm = me === "patient";
  const current = guests.filter(({ state }) => state !== "over");
  const before = guests.filter(({ state, end }) => state === "over" && end !== "withdrawn");
  const first = current.find(({ state }) => state === "allowed");
  const small = calm ? "text-calm-small text-muted-foreground" : "text-table text-muted-foreground";
  const next = calm
    ? `Send it to your guest. They come in after ${other.called} agrees and you sign.`
    : `Send it to the guest. They come in after ${other.called} signs.`;
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="People"
      className={cn("min-h-0 grow overflow-auto p-[min(1.25rem,5vw)]", calm ? "text-calm" : "text-body")}
    >
      <ul>
        <Person called={other.name} name={other.name} calm={calm}>
          <p className={small}>{other.as}</p>
        </Person>
        {current.map((guest) => (
          <Person
            key={guest.id}
            called={capital(calledGuest(guest, names.get(guest.id)))}
            name={names.get(guest.id)?.name || null}
            calm={calm}
          >
            <GuestRow {...props} guest={guest} found={names.get(guest.id)} />
          </Person>
        ))}
        <Person called="You" name={null} calm={calm} />
      </ul>
      {calm && first ? (
        <p className={cn("border-t pt-4", small)}>
          If you revoke, {calledGuest(first, names.get(first.id))} leaves at once. The visit with {other.called} goes
          on.
        </p>
      ) : null}
      {before.length > 0 ? (
        <>
          <h3 className="mt-4 font-semibold">Not here any more</h3>
          <ul className={small}>
            {before.map((guest) => (
              <li key={guest.id} className="py-1">
                {capital(calledGuest(guest, names.get(guest.id)))}: {ended[guest.end ?? "visit"]}
                {guest.endedAt ? `, ${clock(new Date(guest.endedAt))}` : ""}
              </li>
            ))}
          </ul>
        </>
      ) : null}
      <div className="mt-5">
        <InviteGuest
          visitId={visitId}
          recipients={props.recipients}
          calm={calm}
          unopened={current.filter(({ state }) => state === "invited").map(({ id }) => id)}
          full={current.length >= MOST_GUESTS}
          next={next}
          onInvited={onChanged}
        />
      </div>
    </section>
  );
}

interface PersonProps {
  called: string;
  /** Theirs, where it is known. */
  name: string | null;
  calm: boolean;
  children?: ReactNode;
}

function Person({ called, name, calm, children }: PersonProps) {
  return (
    <li className={cn("flex gap-3.5 border-t py-4 first:border-0 first:pt-1", children ? "" : "items-center")}>
      <Avatar name={name} className={calm ? "size-12 text-calm-small" : ""} />
      <div className="min-w-0 grow">
        <p className="font-semibold break-words">{called}</p>
        {children}
      </div>
    </li>
  );
}
