"use client";

import { Fingerprint, Keyboard, ListOrdered, ScanLine, Smartphone } from "lucide-react";
import dynamic from "next/dynamic";
import { type ReactNode, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { canPasskey } from "@/lib/keyring/passkey.browser.ts";
import { passkeyTrouble } from "./passkey-ways.ts";
import type { KitFault } from "./words-fault.ts";

const WordsForm = dynamic(() => import("./words-form.tsx").then((file) => file.WordsForm), {
  ssr: false,
  loading: () => <Loading label="Opening" />,
});
const ScanKit = dynamic(() => import("./scan-kit.tsx").then((file) => file.ScanKit), { ssr: false });

interface BringOverProps {
  title: string;
  text: string;
  /** What is done with the words. */
  action: string;
  /** Where a device that has the kit shows its code. */
  other: { title: string; text: string };
  /** For who has none of the ways. */
  none: ReactNode;
  /** Takes a good kit; resolves to what speaks against it, or null. Must not reject. */
  onWords: (words: readonly string[]) => Promise<KitFault | null>;
  /** Asks for a passkey, likewise; may reject as a passkey does. */
  onPasskey: () => Promise<KitFault | null>;
  onBack?: (() => void) | undefined;
}

/** A person's kit is brought to a device that doesn't have it: by passkey, by the printed page, or by the words. */
export function BringOver(props: BringOverProps) {
  const { title, text, action, other, none, onWords, onPasskey, onBack } = props;
  const [asking, setAsking] = useState<"ways" | "words" | "scan">("ways");
  const [busy, setBusy] = useState(false);
  const [trouble, setTrouble] = useState<KitFault | null>(null);
  const byPasskey = async () => {
    setBusy(true);
    setTrouble(null);
    try {
      setTrouble(await onPasskey());
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
        <WordsForm calm action={action} onWords={onWords} />
        <Button variant="ghost" size="calm" className="mt-3 w-full" onClick={() => setAsking("ways")}>
          Another way
        </Button>
      </>
    );
  }
  return (
    <>
      <h1 className="text-calm-title font-bold lg:text-[2.25rem]">{title}</h1>
      <p className="mt-2 text-muted-foreground">{text}</p>
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
        <WayRow icon={<Smartphone aria-hidden="true" />} title={other.title} text={other.text}>
          <Button variant="outline" size="calm" className="w-full" onClick={() => setAsking("scan")}>
            <ScanLine aria-hidden="true" />
            Scan its code
          </Button>
        </WayRow>
      </Card>
      <details className="mt-5 rounded-2xl border bg-card px-[min(1.25rem,4vw)] py-2">
        <summary className="min-h-11 cursor-pointer content-center font-semibold">I have none of these</summary>
        <div className="pb-3 text-calm-small text-muted-foreground">{none}</div>
      </details>
      {onBack ? (
        <Button variant="ghost" size="calm" className="mt-3 w-full" onClick={onBack}>
          Back
        </Button>
      ) : null}
      {asking === "scan" ? <ScanKit onWords={onWords} onClose={() => setAsking("ways")} /> : null}
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
    <div className="grid grid-cols-[auto_minmax(0,1fr)] items-center gap-x-4 gap-y-3 border-t py-4 first:border-0 sm:grid-cols-[auto_minmax(0,1fr)_14rem]">
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
