"use client";

import { useQueryClient } from "@tanstack/react-query";
import { KeyRound } from "lucide-react";
import { useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { deviceName } from "@/components/ui/browser-name.ts";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Empty } from "@/components/ui/empty.tsx";
import { bringKey, enrolKey } from "@/lib/auth/people-api.ts";
import type { KeyCard } from "@/lib/auth/person.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { useConfirmed } from "./confirm.tsx";
import { KeyWords } from "./key-words.tsx";
import { OpenKey } from "./open-key.tsx";
import { RecoveryKitDialog } from "./recovery-kit.tsx";
import { useMe } from "./staff.tsx";
import { EVERY_MS, type Here, makeKey } from "./staff-keys.ts";

interface KeyMissingProps {
  here: Exclude<Here, { is: "ready" }>;
  /** Something was done about it. */
  onChanged: () => void;
}

/** What this browser lacks to sign for the person, and how it comes by it. */
export function KeyMissing({ here, onChanged }: KeyMissingProps) {
  const me = useMe();
  if (here.is === "waits") return <KeyWaits card={here.card} />;
  if (here.is === "closed") return <OpenKey staff={me} person={here.person} onOpened={onChanged} />;
  return <KeyToMake removed={here.is === "keyless" && here.removed} onMade={onChanged} />;
}

/** A key is made where its owner says so: the practice is about to be asked to enrol it. */
function KeyToMake({ removed, onMade }: { removed: boolean; onMade: () => void }) {
  const me = useMe();
  const { confirmed, dialog } = useConfirmed();
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<string | null>(null);
  const make = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      const key = await makeKey(me, deviceName(navigator.userAgent));
      await confirmed(() => ask(bringKey, key));
      onMade();
    } catch (why) {
      setTrouble(
        why instanceof Refusal
          ? wordsFor(why)
          : "This browser didn’t keep the key it made. A private window or a full disk can be the reason.",
      );
      setBusy(false);
    }
  };
  return (
    <>
      <Empty
        level={1}
        icon={<KeyRound aria-hidden="true" />}
        title={removed ? "This device’s signing key was removed" : "This device has no signing key yet"}
        action={
          <Button className="min-h-11" busy={busy} onClick={make}>
            Make a signing key
          </Button>
        }
      >
        {removed
          ? "It signs nothing any more. If the device is in your hands, it can have another one."
          : "Each of your devices signs with its own. It is made here and never leaves this device."}
      </Empty>
      {trouble ? (
        <Alert tone="danger" role="alert" className="mt-4" title="No key was made">
          {trouble}
        </Alert>
      ) : null}
      {dialog}
    </>
  );
}

/** This browser's key is here, and somebody has to compare its words with the person. The page goes on by itself. */
function KeyWaits({ card }: { card: KeyCard }) {
  const me = useMe();
  const queries = useQueryClient();
  const { confirmed, dialog } = useConfirmed();
  const [kit, showKit] = useState(false);
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const admin = me.roles.includes("admin");
  useEffect(() => {
    const timer = setInterval(() => void queries.invalidateQueries({ queryKey: ["me"] }), EVERY_MS);
    return () => clearInterval(timer);
  }, [queries]);
  const enrol = async () => {
    setBusy(true);
    setFault(undefined);
    await confirmed(() => ask(enrolKey, { signer: card.signer, by: null })).catch(setFault);
    await queries.invalidateQueries({ queryKey: ["me"] });
    setBusy(false);
  };
  return (
    <Card className="max-w-[40rem]">
      <h1 className="text-title font-bold">Your key waits for the practice</h1>
      <p className="mt-1 text-muted-foreground">
        {me.keys.length > 0
          ? "Open “Your devices” under your name on a device that has a key, or read these four words to an admin. Where they see the same, the key can be enrolled."
          : "Call an admin of the practice and read these four words to them. If they see the same, they enrol your key."}
      </p>
      <KeyWords card={card} />
      <p className="mt-4 text-table text-muted-foreground">
        Until then you can’t plan visits. This page goes on by itself.
      </p>
      {fault ? (
        <Alert tone="danger" role="alert" className="mt-3" title="The key was not enrolled">
          {wordsFor(fault)}
        </Alert>
      ) : null}
      <div className="mt-4 flex flex-wrap gap-3">
        {admin ? (
          <Button className="min-h-11" busy={busy} onClick={enrol}>
            Enrol this device
          </Button>
        ) : null}
        <Button variant="outline" className="min-h-11" onClick={() => showKit(true)}>
          Save recovery kit
        </Button>
      </div>
      <RecoveryKitDialog open={kit} onOpenChange={showKit} />
      {dialog}
    </Card>
  );
}
