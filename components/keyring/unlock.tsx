"use client";

import { Fingerprint, LockKeyhole } from "lucide-react";
import { useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Field } from "@/components/ui/field.tsx";
import { PasswordInput } from "@/components/ui/input.tsx";
import { askRings } from "@/lib/keyring/ring.browser.ts";
import type { Way } from "@/lib/keyring/ways.ts";
import { passkeyTrouble, unlockByPasskey } from "./passkey-ways.ts";

/** A keyring of this device that does not open by itself: by passkey or passphrase, whichever the person added. */
export function Unlock({
  owner,
  onOpened,
  onOtherWay,
}: {
  owner: string;
  onOpened: () => void;
  /** Neither of them is at hand. */
  onOtherWay: () => void;
}) {
  const [ways, setWays] = useState<readonly Way["is"][]>([]);
  const [phrase, setPhrase] = useState("");
  const [busy, setBusy] = useState<Way["is"] | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);

  useEffect(() => {
    void askRings((rings) => rings.state(owner)).then((state) => setWays(state.ways));
  }, [owner]);

  const open = async (by: Way["is"], work: () => Promise<boolean>, wrong: string) => {
    setBusy(by);
    setTrouble(null);
    try {
      if (await work()) return onOpened();
      setTrouble(wrong);
    } catch (fault) {
      setTrouble(passkeyTrouble(fault));
    } finally {
      setBusy(null);
    }
  };
  const byPassphrase = () =>
    open(
      "passphrase",
      () => askRings((rings) => rings.unlockWithPassphrase(owner, phrase)),
      "That is not the passphrase. Nothing was changed; try again.",
    );

  return (
    <>
      <h1 className="flex items-center gap-3 text-calm-title font-bold">
        <LockKeyhole aria-hidden="true" className="size-8 shrink-0" />
        Open your records
      </h1>
      <p className="mt-2 text-muted-foreground">They are locked on this device, as you asked. Nothing is sent.</p>
      {trouble ? (
        <Alert calm tone="danger" role="alert" className="mt-5" title="Still locked">
          {trouble}
        </Alert>
      ) : null}
      <div className="mt-5 grid gap-4">
        {ways.includes("passkey") ? (
          <Button
            size="calm"
            className="w-full"
            busy={busy === "passkey"}
            onClick={() =>
              void open("passkey", () => unlockByPasskey(owner), "That passkey opens other records. Try another one.")
            }
          >
            <Fingerprint aria-hidden="true" />
            Use passkey
          </Button>
        ) : null}
        {ways.includes("passphrase") ? (
          <Card calm>
            <form
              className="grid gap-4"
              onSubmit={(event) => {
                event.preventDefault();
                if (!busy) void byPassphrase();
              }}
            >
              <Field calm label="Passphrase">
                <PasswordInput
                  autoComplete="current-password"
                  value={phrase}
                  onChange={(event) => setPhrase(event.target.value)}
                />
              </Field>
              <Button type="submit" size="calm" className="w-full" busy={busy === "passphrase"}>
                Open
              </Button>
            </form>
          </Card>
        ) : null}
        <Button variant="ghost" size="calm" className="w-full" onClick={onOtherWay}>
          Another way
        </Button>
      </div>
    </>
  );
}
