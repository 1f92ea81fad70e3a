"use client";

import { useEffect, useState } from "react";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { GuestView } from "@/lib/visits/guest-api.ts";
import { openGuestName } from "@/lib/visits/guest-name.ts";
import { aGuest } from "./words.ts";

/** A guest's name as their own key signed it. */
export interface GuestName {
  /** Empty while it is being opened, and where there is none. */
  name: string;
  /** What came as a name was not signed by this guest: it is not shown, and nobody should be let in by it. */
  forged: boolean;
}

/** Opened anew only when what is sealed, or who is said to have signed it, is another. */
export function useGuestNames(guests: readonly GuestView[], keys: Keys): ReadonlyMap<string, GuestName> {
  const [names, setNames] = useState<ReadonlyMap<string, GuestName>>(new Map());
  const sealed = JSON.stringify(
    guests.map(({ id, role, signer, details, consent }) => ({ id, role, signer, details, consent: allowed(consent) })),
  );
  useEffect(() => {
    let gone = false;
    const open = async (guest: Sealed): Promise<[string, GuestName]> => [
      guest.id,
      await openGuestName(guest, keys).then(
        (name) => ({ name, forged: false }),
        () => ({ name: "", forged: true }),
      ),
    ];
    void Promise.all((JSON.parse(sealed) as Sealed[]).map(open)).then((all) => {
      if (!gone) setNames(new Map(all));
    });
    return () => {
      gone = true;
    };
  }, [sealed, keys]);
  return names;
}

type Sealed = Pick<GuestView, "id" | "role" | "signer" | "details"> & { consent: ReturnType<typeof allowed> };
const allowed = (given: GuestView["consent"]) => given && { consent: { grantee: given.consent.grantee } };

/** `Maria Lopes`, or `an interpreter` where there is no name to show. */
export const calledGuest = (guest: Pick<GuestView, "role">, found: GuestName | undefined): string =>
  found?.name || aGuest[guest.role];
