"use client";

import { useRouter } from "next/navigation";
import { useState } from "react";
import { kitSaved } from "@/components/keyring/kit-saved.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { signOut } from "@/lib/auth/api.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { hintSession } from "./session.ts";
import { useMe } from "./staff.tsx";

/** On one's own device the keys stay for the next time; on another's nothing may. */
export function SignOutDialog({ onClose }: { onClose: () => void }) {
  const me = useMe();
  const router = useRouter();
  const [keep, setKeep] = useState(true);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const doctor = me.roles.includes("clinician");

  const leave = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await ask(signOut, { forget: !keep });
    } catch (why) {
      // Signed out already, perhaps elsewhere; only the server can have this browser cleared.
      if (!(why instanceof Refusal && why.code === "auth.needed" && keep)) {
        setFault(why);
        setBusy(false);
        return;
      }
    }
    hintSession(false);
    // A page that was cleared begins anew: what it held in memory goes as well.
    if (keep) router.replace("/sign-in");
    else window.location.replace("/sign-in");
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent title="Sign out">
        <label className="flex min-h-11 cursor-pointer gap-3">
          <input
            type="checkbox"
            className="mt-1 size-5 shrink-0 accent-primary"
            checked={keep}
            onChange={({ target }) => setKeep(target.checked)}
          />
          <span>
            <span className="block font-semibold">Keep my keys on this device</span>
            <span className="block text-table text-muted-foreground">
              Right on a device of your own. On one that others use, take the tick away: all that this browser keeps of
              the practice goes.
            </span>
          </span>
        </label>
        {doctor && !keep && !kitSaved(me.id) ? (
          <Alert tone="warning" title="Your recovery kit is not saved">
            Without it, and without another device of yours, nobody can open your earlier visits again.
          </Alert>
        ) : null}
        {fault ? (
          <Alert tone="danger" role="alert" title={keep ? "You are still signed in" : "Nothing was cleared"}>
            {wordsFor(fault)}
          </Alert>
        ) : null}
        <div className="flex flex-wrap gap-3">
          <Button className="min-h-11" busy={busy} onClick={leave}>
            {keep ? "Sign out" : "Sign out and clear"}
          </Button>
          <Button variant="ghost" className="min-h-11" onClick={onClose}>
            Cancel
          </Button>
        </div>
      </DialogContent>
    </Dialog>
  );
}
