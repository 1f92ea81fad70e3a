"use client";

import { Fingerprint, Keyboard, ListOrdered, ScanLine, Smartphone } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { rememberKitSaved } from "@/components/keyring/kit-saved.ts";
import { bringByPasskey, passkeyTrouble } from "@/components/keyring/passkey-ways.ts";
import type { KitFault } from "@/components/keyring/words-fault.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { PATIENT } from "@/lib/keyring/owners.ts";
import { canPasskey } from "@/lib/keyring/passkey.browser.ts";
import { askRings } from "@/lib/keyring/ring.browser.ts";
import { FOLDER, readFolder } from "@/lib/records/folder.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";

const WordsForm = dynamic(() => import("@/components/keyring/words-form.tsx").then((file) => file.WordsForm), {
  ssr: false,
  loading: () => <Loading label="Opening" />,
});
const ScanKit = dynamic(() => import("@/components/keyring/scan-kit.tsx").then((file) => file.ScanKit), { ssr: false });

type Asking = "ways" | "words" | "scan";

/**
 * A device that has no key of a patient, or one that can't be opened: it is brought over by passkey, by the printed page, or
 * by the words.
 */
export function OpenHere({ onOpened, onBack }: { onOpened: () => void; onBack?: () => void }) {
  const [asking, setAsking] = useState<Asking>("ways");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<KitFault | null>(null);

  const byWords = async (words: readonly string[]): Promise<KitFault | null> => {
    try {
      // Before anything here gives way to them.
      const opening = await askRings((rings) => rings.openingBy(words, "folder", FOLDER));
      const { folder } = await ask(readFolder, opening);
      if (!folder) {
        return {
          title: "These words open no records here",
          says: "They are a good recovery kit, but not of records at this practice. Nothing on this device was changed.",
        };
      }
    } catch (fault) {
      return { title: "We couldn’t look for your records", says: wordsFor(fault) };
    }
    try {
      await askRings((rings) => rings.restore(PATIENT, words, null, true));
    } catch {
      return {
        title: "This browser didn’t keep the key",
        says: "A private window or a full disk can be the reason. Nothing was sent and nothing is lost.",
      };
    }
    rememberKitSaved();
    onOpened();
    return null;
  };
  const byPasskey = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      await bringByPasskey(PATIENT);
      onOpened();
    } catch (fault) {
      const says = passkeyTrouble(fault);
      setTrouble(says === null ? null : { title: "It didn’t open", says });
    }
    setBusy(false);
  };

  if (asking === "words") {
    return (
      <>
        <h1 className="text-calm-title font-bold lg:text-[2.25rem]">Type your twelve words</h1>
        <p className="mt-2 mb-6 text-muted-foreground">
          In their order. We check each one as you type. The words themselves are never sent.
        </p>
        <WordsForm calm action="Open my records" onWords={byWords} />
        <Button variant="ghost" size="calm" className="mt-3 w-full" onClick={() => setAsking("ways")}>
          Another way
        </Button>
      </>
    );
  }
  return (
    <>
      <h1 className="text-calm-title font-bold lg:text-[2.25rem]">Open your records on this device</h1>
      <p className="mt-2 text-muted-foreground">
        {onBack
          ? "What you have elsewhere opens them here too."
          : "This device doesn’t have your key yet. Bring it over with your recovery kit."}
      </p>
      {trouble ? (
        <Alert calm tone="danger" role="alert" className="mt-5" title={trouble.title}>
          {trouble.says}
        </Alert>
      ) : null}
      <Card calm className="mt-6 grid py-2! sm:py-3!">
        {canPasskey() ? (
          <WayRow
            icon={<Fingerprint aria-hidden="true" />}
            title="You saved a passkey"
            text="It may already be here. Use your fingerprint, face or PIN."
          >
            <Button size="calm" className="w-full" busy={busy} onClick={() => void byPasskey()}>
              <Fingerprint aria-hidden="true" />
              Use passkey
            </Button>
          </WayRow>
        ) : null}
        <WayRow
          icon={<ScanLine aria-hidden="true" />}
          title="You printed a page"
          text="Point the camera at the QR code on it."
        >
          <Button variant="outline" size="calm" className="w-full" onClick={() => setAsking("scan")}>
            <ScanLine aria-hidden="true" />
            Scan the page
          </Button>
        </WayRow>
        <WayRow icon={<ListOrdered aria-hidden="true" />} title="You wrote down words" text="Type the twelve words.">
          <Button variant="outline" size="calm" className="w-full" onClick={() => setAsking("words")}>
            <Keyboard aria-hidden="true" />
            Type the words
          </Button>
        </WayRow>
        <WayRow
          icon={<Smartphone aria-hidden="true" />}
          title="You still have the old phone"
          text="Open My records there, choose Save recovery kit, and show its QR code."
        >
          <Button variant="outline" size="calm" className="w-full" onClick={() => setAsking("scan")}>
            <ScanLine aria-hidden="true" />
            Scan its code
          </Button>
        </WayRow>
      </Card>
      <details className="mt-5 rounded-2xl border bg-card px-[min(1.25rem,4vw)] py-2">
        <summary className="min-h-11 cursor-pointer content-center font-semibold">I have none of these</summary>
        <p className="pb-3 text-calm-small text-muted-foreground">
          Then nobody can open what was sealed for you, not even the practice’s server: that is how it stays yours. Your
          doctor can still open what you both share; ask the practice for a copy. Your next visit begins with a new key.
        </p>
      </details>
      {onBack ? (
        <Button variant="ghost" size="calm" className="mt-3 w-full" onClick={onBack}>
          Back
        </Button>
      ) : null}
      {asking === "scan" ? <ScanKit onWords={byWords} onClose={() => setAsking("ways")} /> : null}
    </>
  );
}

function WayRow({
  icon,
  title,
  text,
  children,
}: {
  icon: ReactNode;
  title: string;
  text: string;
  children: ReactNode;
}) {
  return (
    <div className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-3 border-t py-4 first:border-0 sm:grid-cols-[auto_minmax(0,1fr)_13rem]">
      <span className="grid size-12 place-items-center rounded-xl bg-secondary text-secondary-foreground [&>svg]:size-6">
        {icon}
      </span>
      <div className="min-w-0">
        <h2 className="font-semibold">{title}</h2>
        <p className="text-calm-small text-muted-foreground">{text}</p>
      </div>
      <div className="max-sm:col-span-2">{children}</div>
    </div>
  );
}
