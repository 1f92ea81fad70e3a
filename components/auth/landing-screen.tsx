"use client";

import { ArrowRight, FileCheck2, Link as LinkIcon, Siren } from "lucide-react";
import Link from "next/link";
import { useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Logo } from "@/components/ui/logo";
import { SignatureLine } from "@/components/ui/signature-line";
import { SkipLink } from "@/components/ui/skip-link";
import { readMe } from "@/lib/auth/api.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { DoctorPicture } from "./doctor-picture.tsx";
import { HelpLink } from "./help/help-link.tsx";
import { sessionHinted } from "./session.ts";
import { useClinic } from "./use-clinic.ts";

/** What this is in one sentence, and the one way in that fits whoever looks. */
export function LandingScreen() {
  return (
    <>
      <SkipLink />
      <header className="mx-auto flex max-w-[76rem] flex-wrap items-center justify-between gap-x-3 px-4 py-4 sm:px-8">
        <Logo />
        <nav aria-label="Main">
          <HelpLink />
        </nav>
      </header>
      <main id="main" className="mx-auto max-w-[76rem] px-4 sm:px-8">
        <div className="grid grid-cols-[minmax(0,1fr)] items-center gap-10 py-8 lg:grid-cols-[1fr_1.02fr] lg:gap-16 lg:py-14">
          <div>
            <h1 className="text-[min(2.5rem,10.5vw)] leading-[1.08] font-bold tracking-tight sm:text-[3.25rem]">
              A video visit that waits for the patient’s yes.
            </h1>
            <p className="mt-5 max-w-[34rem] text-calm text-muted-foreground">
              Your doctor sends a link. You decide, in plain words, what may happen. Anyone you choose can check it
              later, without having to trust the clinic’s server.
            </p>
            <div className="mt-7 grid min-h-control-calm grid-cols-[minmax(0,1fr)] gap-3 sm:flex">
              <WayIn />
              <Button asChild variant="outline" size="calm">
                <Link href="/verify">
                  <FileCheck2 aria-hidden="true" />
                  Verify a record
                </Link>
              </Button>
            </div>
            <p className="mt-6 flex gap-3 text-body">
              <LinkIcon aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-primary" />
              <span className="text-balance">
                <strong className="font-semibold">Have a link from your doctor?</strong> Just open it. You need no
                account and no app.
              </span>
            </p>
          </div>
          <Decision />
        </div>
        <ul className="grid gap-x-10 gap-y-6 border-t py-10 sm:grid-cols-3">
          <Promised title="Nothing without the patient">
            A prescription or a file that the patient did not allow is refused, by the server and by the ledger.
          </Promised>
          <Promised title="Nothing to install">
            A phone and a link are enough. From link to picture in seconds, on a bad line too.
          </Promised>
          <Promised title="Nobody has to be trusted">
            Every line of the record can be checked by a stranger, with this server switched off.
          </Promised>
        </ul>
      </main>
      <footer className="border-t bg-muted">
        <div className="mx-auto flex max-w-[76rem] flex-wrap items-center justify-between gap-x-8 gap-y-3 px-4 py-5 text-table sm:px-8">
          <p className="flex gap-2.5">
            <Siren aria-hidden="true" className="size-5 shrink-0 text-destructive" />
            <span>
              <strong className="font-semibold">Not for emergencies.</strong> If someone’s life is in danger, call 112
              or your local emergency number.
            </span>
          </p>
        </div>
      </footer>
    </>
  );
}

function WayIn() {
  const [clinic, again] = useClinic();
  const signedIn = useSignedIn();
  if (clinic.is === "asking" || signedIn === null) return null;
  if (clinic.is === "known" && clinic.clinic.name === null) return <Way href="/setup">Set up your clinic</Way>;
  if (signedIn) return <Way href="/visits">Open your visits</Way>;
  if (clinic.is === "unreachable") {
    return (
      <Alert calm tone="warning" title={wordsFor(clinic.why)}>
        <Button variant="outline" size="calm" className="mt-3" onClick={again}>
          Try again
        </Button>
      </Alert>
    );
  }
  return <Way href="/sign-in">Sign in</Way>;
}

function Way({ href, children }: { href: string; children: string }) {
  return (
    <Button asChild size="calm">
      <Link href={href}>
        {children}
        <ArrowRight aria-hidden="true" />
      </Link>
    </Button>
  );
}

/** Null until known. Strangers are not asked about: the server would only refuse them. */
function useSignedIn(): boolean | null {
  const [signedIn, setSignedIn] = useState<boolean | null>(null);
  useEffect(() => {
    if (!sessionHinted()) return setSignedIn(false);
    const lifetime = new AbortController();
    ask(readMe, {}, { signal: lifetime.signal }).then(
      () => setSignedIn(true),
      () => !lifetime.signal.aborted && setSignedIn(false),
    );
    return () => lifetime.abort();
  }, []);
  return signedIn;
}

function Decision() {
  return (
    <div className="relative sm:pb-24">
      <div className="relative aspect-[16/11] overflow-hidden rounded-2xl bg-stage shadow-pop">
        <DoctorPicture />
        <p className="absolute top-4 left-4 rounded-full bg-stage/85 px-3 py-1 text-small font-semibold text-stage-foreground">
          Dr. Esi Osei
        </p>
      </div>
      <div className="relative mx-4 -mt-14 rounded-xl border bg-card p-4 shadow-pop sm:absolute sm:bottom-0 sm:left-[-1.5rem] sm:m-0 sm:w-[21rem] sm:p-5">
        <p className="text-small text-muted-foreground">Before the visit, Ana decided</p>
        <ul className="mt-2 grid gap-1.5">
          <Decided what="Video session" how="Allow" />
          <Decided what="Prescriptions" how="Ask me each time" />
          <Decided what="Files" how="Don't allow" />
        </ul>
        <SignatureLine name="Ana Duarte" caption="Signed on her phone, 14:01" className="mt-4" />
      </div>
    </div>
  );
}

function Decided({ what, how }: { what: string; how: string }) {
  return (
    <li className="flex flex-wrap justify-between gap-x-4">
      <span>{what}</span>
      <span className="font-semibold">{how}</span>
    </li>
  );
}

function Promised({ title, children }: { title: string; children: string }) {
  return (
    <li>
      <h2 className="text-[1.125rem] font-semibold">{title}</h2>
      <p className="mt-1 text-muted-foreground">{children}</p>
    </li>
  );
}
