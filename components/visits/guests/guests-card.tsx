"use client";

import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/cn.ts";
import { capital } from "@/components/ui/text.ts";
import { clock } from "@/components/ui/times.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { GuestView } from "@/lib/visits/guest-api.ts";
import { calledGuest } from "./guest-names.ts";
import { useGuests } from "./use-guests.tsx";
import { ended } from "./words.ts";

interface GuestsCardProps {
  guests: readonly GuestView[];
  keys: Keys;
  line: Line | undefined;
  /** The patient's size and words. */
  calm: boolean;
}

/** After the visit: who else was let in, by the patient's signature, and until when. Nothing when nobody was. */
export function GuestsCard({ guests, keys, line, calm }: GuestsCardProps) {
  const { names, ledgerOf } = useGuests(guests, keys, line);
  const allowed = guests.filter(({ consent }) => consent !== null);
  if (allowed.length === 0) return null;
  return (
    <Card calm={calm} aria-labelledby="guests">
      <h2 id="guests" className={cn("font-semibold", calm ? "text-calm" : "text-[1.125rem]")}>
        Guests
      </h2>
      <ul className={calm ? "text-calm-small" : "text-table"}>
        {allowed.map((guest) => (
          <li
            key={guest.id}
            className="flex flex-wrap items-center justify-between gap-x-4 border-t py-3 first:border-0"
          >
            <div className="min-w-0">
              <p className="font-semibold break-words">{capital(calledGuest(guest, names.get(guest.id)))}</p>
              <p className="text-muted-foreground">
                {capital(guest.role)} · {calm ? "you allowed them" : "allowed by the patient"} at{" "}
                {clock(new Date(guest.consent?.grantedAt ?? guest.invitedAt))}
                {guest.endedAt ? `, ${ended[guest.end ?? "visit"]} at ${clock(new Date(guest.endedAt))}` : ""}
              </p>
            </div>
            {ledgerOf(guest)}
          </li>
        ))}
      </ul>
    </Card>
  );
}
