"use client";

import { useState } from "react";
import { BringOver } from "@/components/keyring/bring-over.tsx";
import { forgetKitSaved, rememberKitSaved } from "@/components/keyring/kit-saved.ts";
import type { KitFault } from "@/components/keyring/words-fault.ts";
import { Button } from "@/components/ui/button.tsx";
import type { Staff } from "@/lib/auth/person.ts";
import { restoreByPasskey, restoreKit, startAnew } from "./staff-keys.ts";

interface OpenKeyProps {
  staff: Staff;
  /** What vouched for their keys: no other kit is taken. */
  person: string;
  onOpened: () => void;
}

/** Where a browser has nothing of the person: their kit brings what they read with. Its words are sent nowhere. */
export function OpenKey({ staff, person, onOpened }: OpenKeyProps) {
  const [busy, setBusy] = useState(false);
  const anew = async () => {
    setBusy(true);
    await startAnew(staff).catch(() => {});
    forgetKitSaved(staff.id);
    setBusy(false);
    onOpened();
  };
  const opened = (fits: boolean): KitFault | null => {
    if (fits) {
      onOpened();
      return null;
    }
    return {
      title: "This is another kit",
      says: `It is a good recovery kit, but not the one of ${staff.name}. Look for the one you made for this account.`,
    };
  };
  const byWords = async (words: readonly string[]) => {
    try {
      const fits = await restoreKit(staff, person, words);
      if (fits) rememberKitSaved(staff.id);
      return opened(fits);
    } catch {
      return {
        title: "This browser didn’t keep it",
        says: "A private window or a full disk can be the reason. Nothing was sent and nothing is lost.",
      };
    }
  };

  return (
    <div className="max-w-[48rem] text-calm">
      <BringOver
        title="Open your recovery kit on this device"
        text="This browser doesn’t know you yet. Bring your kit over; then this device gets a signing key of its own."
        action="Open my kit"
        other={{
          title: "You still have another device",
          text: "Sign in there, choose Save recovery kit under your name, and show its QR code.",
        }}
        none={
          <>
            <p>
              Without your kit and without a device that was enrolled nobody can open what was sealed to you, not even
              us; what was recorded stays provable.
            </p>
            <p className="mt-2">
              You can go on with a new kit. The practice then sees that it is another one, and earlier visits stay
              closed.
            </p>
            <Button variant="outline" className="mt-3 min-h-11" busy={busy} onClick={anew}>
              Go on with a new kit
            </Button>
          </>
        }
        onWords={byWords}
        onPasskey={async () => opened(await restoreByPasskey(staff, person))}
      />
    </div>
  );
}
