"use client";

import { Fingerprint, LifeBuoy } from "lucide-react";
import { useCallback, useEffect, useState } from "react";
import { useKitSaved } from "@/components/keyring/kit-saved.ts";
import { addPasskey, passkeyTrouble, removePasskeys } from "@/components/keyring/passkey-ways.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { canPasskey } from "@/lib/keyring/passkey.browser.ts";
import { askRings } from "@/lib/keyring/ring.browser.ts";
import { RecoveryKitDialog } from "../recovery-kit.tsx";
import { useMe } from "../staff.tsx";
import { ownerOf } from "../staff-keys.ts";

/** What brings a doctor's kit to their next device: paper, and a passkey. It opens by itself on this one: in a call nobody has time to unlock it. */
export function OwnKit() {
  const me = useMe();
  const owner = ownerOf(me);
  const saved = useKitSaved(me.id);
  const [hasPasskey, setHasPasskey] = useState(false);
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [kit, showKit] = useState(false);
  const look = useCallback(
    () =>
      askRings((rings) => rings.passkeys(owner)).then(
        (found) => setHasPasskey(found.length > 0),
        () => {},
      ),
    [owner],
  );
  useEffect(() => void look(), [look]);
  const change = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await (hasPasskey ? removePasskeys(owner) : addPasskey(owner, me.name));
    } catch (fault) {
      setTrouble(passkeyTrouble(fault));
    }
    await look();
    setBusy(false);
  };
  return (
    <div className="border-t px-4 py-4 sm:px-5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3">
        <LifeBuoy aria-hidden="true" className="size-6 shrink-0 text-muted-foreground" />
        <div className="min-w-0 grow basis-48">
          <h3 className="font-semibold">Recovery kit</h3>
          <p className="text-table text-muted-foreground">
            {[saved ? "Saved on paper" : "Not on paper yet", ...(hasPasskey ? ["kept as a passkey"] : [])].join(", ")}.
            Opens what was sealed to you on a new device, can’t sign.
          </p>
        </div>
        <Button variant="outline" className="min-h-11" onClick={() => showKit(true)}>
          Save recovery kit
        </Button>
        {canPasskey() ? (
          <Button variant="outline" className="min-h-11" busy={busy} onClick={change}>
            <Fingerprint aria-hidden="true" />
            {hasPasskey ? "Remove passkey" : "Save as passkey"}
          </Button>
        ) : null}
      </div>
      {trouble ? (
        <Alert tone="warning" role="alert" className="mt-3" title="That didn’t work">
          {trouble}
        </Alert>
      ) : null}
      <RecoveryKitDialog open={kit} onOpenChange={showKit} />
    </div>
  );
}
