"use client";

import { ShieldAlert } from "lucide-react";
import { useEffect, useRef } from "react";
import { CallPractice } from "@/components/auth/call-practice.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { NotPrivate } from "@/lib/call/verified.ts";
import type { NotPrivateWhy } from "@/lib/visits/visit.ts";

interface NotPrivateScreenProps {
  /** How a sentence calls the other. */
  name: string;
  doctor: boolean;
  /** The practice's number, for those who are its patients. */
  phone?: string | null;
  /** What this page found; undefined when the other's page did, or this one before it was loaded again. */
  found: NotPrivate | undefined;
  onLeave: () => void;
}

/** Stands in place of the room once the call turned out to be with somebody else. Nothing of the call is left behind it. */
export function NotPrivateScreen({ name, doctor, phone, found, onLeave }: NotPrivateScreenProps) {
  const card = useRef<HTMLDivElement>(null);
  useEffect(() => card.current?.focus(), []);
  return (
    <main
      id="main"
      className="dark grid min-h-dvh place-items-center overflow-auto bg-stage p-4 text-stage-foreground sm:p-6"
    >
      <div
        ref={card}
        role="alert"
        tabIndex={-1}
        className="w-full max-w-[36rem] overflow-hidden rounded-2xl bg-card text-card-foreground shadow-pop outline-none"
      >
        <div className="flex items-center gap-3 bg-stage-end px-5 py-4 text-stage-end-foreground">
          <ShieldAlert aria-hidden="true" className="size-8 shrink-0" />
          <h1 className="text-lead font-bold">This call is not private</h1>
        </div>
        <div className="grid gap-4 p-5 text-calm">
          <p>
            Someone may be standing between you and {name}.{" "}
            <strong className="font-semibold">We have stopped sound and picture on both sides.</strong> Nothing more is
            sent.
          </p>
          <p>
            {doctor
              ? `Don’t go on in this call. Reach ${name} another way, and make a new visit.`
              : "Don’t go on in this call. Ring the practice and ask for a new link."}
          </p>
          <CallPractice phone={phone} />
          <Button size="calm" variant="outline" className="w-full" onClick={onLeave}>
            Leave
          </Button>
          {found ? <Compared found={found} name={name} /> : null}
        </div>
      </div>
    </main>
  );
}

function Compared({ found: { why, compared }, name }: { found: NotPrivate; name: string }) {
  return (
    <details className="border-t pt-3 text-calm-small">
      <summary className="min-h-11 cursor-pointer content-center font-semibold">What we compared</summary>
      <p className="pb-1 text-muted-foreground">
        {compared ? (
          <>
            {name}’s side signed <Short of={compared.signed} />. The line in use shows{" "}
            <Short of={compared.used} wrong />. They must be the same.
          </>
        ) : (
          words[why](name)
        )}
      </p>
    </details>
  );
}

/** The first bytes are enough to see that two differ. */
function Short({ of, wrong = false }: { of: string; wrong?: boolean }) {
  const shown = of.slice(2, 10).toUpperCase().match(/../g)?.join("·");
  return <span className={`font-mono text-table ${wrong ? "text-destructive" : "text-foreground"}`}>{shown}</span>;
}

const other = (name: string) => `The line in use is not the one that ${name}’s side signed.`;
const words: Record<NotPrivateWhy, (name: string) => string> = {
  unsigned: (name) =>
    `What came in ${name}’s name was not signed. Both of you sign what you send before anyone is seen.`,
  "not-theirs": (name) => `What came in ${name}’s name was not signed with ${name}’s key for this call.`,
  changed: (name) => `What ${name}’s side signed was changed on its way here.`,
  replayed: (name) => `Something that ${name}’s side sent before was sent again, or answered nothing of yours.`,
  fingerprint: other,
  certificate: other,
  words: () => "The four words were not the same for both of you.",
};
