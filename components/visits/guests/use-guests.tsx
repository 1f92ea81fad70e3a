"use client";

import { type ReactNode, useEffect, useState } from "react";
import type { Who } from "@/components/consent/names.ts";
import { RecordState } from "@/components/ui/record-state.tsx";
import type { OtherView } from "@/lib/call/call-view.browser.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { GuestView } from "@/lib/visits/guest-api.ts";
import type { LedgerState } from "@/lib/wire.ts";
import { type GuestName, useGuestNames } from "./guest-names.ts";

/** A visit's guests with their names, for the room's tiles and its panel. */
export function useGuests(
  guests: readonly GuestView[],
  keys: Keys,
  line: Line | undefined,
): {
  names: ReadonlyMap<string, GuestName>;
  /** Undefined for who is no guest of this visit. */
  who: (other: Pick<OtherView, "member">) => Who | undefined;
  ledgerOf: (guest: GuestView) => ReactNode;
} {
  const names = useGuestNames(guests, keys);
  const moved = useMoved(line);
  return {
    names,
    who: ({ member }) => {
      const guest = guests.find(({ id }) => id === member);
      const found = names.get(member);
      return guest && { name: found?.name || "Guest", role: guest.role };
    },
    ledgerOf: ({ consent }) => consent && <RecordState state={moved.get(consent.id) ?? consent.ledger} />,
  };
}

/** News of the ledger since the page opened. */
function useMoved(line: Line | undefined): ReadonlyMap<string, LedgerState> {
  const [moved, setMoved] = useState<ReadonlyMap<string, LedgerState>>(new Map());
  useEffect(
    () => line?.on("record:moved", ({ id, state }) => setMoved((before) => new Map(before).set(id, state))),
    [line],
  );
  return moved;
}
