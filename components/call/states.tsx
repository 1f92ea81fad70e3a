"use client";

import { Hand, PhoneOff, ShieldAlert, Tablets, Volume2, WifiOff } from "lucide-react";
import { Button } from "@/components/ui/button.tsx";
import type { Why } from "@/lib/call/call-view.browser.ts";

/** Takes the picture's place while the connection is made anew. Nobody has to do anything. */
export function Reconnecting({
  tries,
  name,
  present,
  note,
  cameraOn,
  onSoundOnly,
}: {
  tries: number;
  name: string;
  present: boolean;
  /** What is known of the line besides. */
  note: string | undefined;
  cameraOn: boolean;
  onSoundOnly: () => void;
}) {
  return (
    <>
      <div className="absolute inset-0 bg-stage/85 backdrop-blur-sm" />
      <section
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Call status"
        className="absolute inset-0 flex overflow-auto p-4 sm:p-6"
      >
        <div role="status" className="m-auto max-w-[30rem] text-center text-calm">
          <div className="relative mx-auto grid size-20 place-items-center">
            <span className="breathe absolute inset-0 rounded-full bg-stage-control" />
            <WifiOff aria-hidden="true" className="relative size-9" />
          </div>
          <h2 className="mt-4 text-calm-title font-bold">Reconnecting</h2>
          <p className="mt-2">
            {present ? "Your line dropped for a moment." : `${name}’s line dropped for a moment.`} Stay here, we keep
            trying by ourselves.{tries > 1 ? ` This is try ${tries}.` : ""}
          </p>
          {note ? <p className="mt-2 font-semibold">{note}</p> : null}
          <p className="mt-2 text-stage-muted">Your permission, the chat and your files are kept.</p>
          {cameraOn && present ? (
            <div className="mt-6 grid gap-3 sm:flex sm:justify-center">
              <Button
                size="calm"
                className="bg-stage-foreground text-stage hover:bg-stage-foreground/90"
                onClick={onSoundOnly}
              >
                <Volume2 aria-hidden="true" />
                Go on with sound only
              </Button>
            </div>
          ) : null}
        </div>
      </section>
    </>
  );
}

/** The call is over for this page; in plain words why. */
export function Over({
  why,
  name,
  doctor,
  guest = false,
}: {
  why: Why;
  name: string;
  doctor: boolean;
  guest?: boolean;
}) {
  const { icon: Icon, title, text } = endings(name, doctor, guest)[why];
  return (
    <div className="absolute inset-0 z-20 grid place-items-center overflow-auto bg-stage p-4 sm:p-6">
      <div role="status" className="w-full max-w-[36rem] rounded-2xl bg-card p-6 text-calm text-card-foreground">
        <Icon aria-hidden="true" className="size-9 text-primary" />
        <h2 className="mt-3 text-calm-title font-bold">{title}</h2>
        <p className="mt-2">{text}</p>
        {why === "replaced" || why === "lost" ? (
          <Button size="calm" className="mt-5" onClick={() => location.reload()}>
            {why === "replaced" ? "Use it here" : "Try again"}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

const endings = (name: string, doctor: boolean, guest: boolean) => ({
  revoked: {
    icon: Hand,
    title: guest
      ? "The patient goes on without a guest from here"
      : doctor
        ? `${name} took back the permission`
        : "You took back your permission",
    text: guest
      ? "You are not connected any more: you see and hear nobody, and nobody sees or hears you."
      : `The video has ended for you and for ${name}. Nothing more can be recorded. What was recorded before stays.`,
  },
  ended: { icon: PhoneOff, title: "This visit has ended", text: `The video has ended for you and for ${name}.` },
  "hung-up": {
    icon: PhoneOff,
    title: "You left the visit",
    text: guest
      ? "You see and hear nobody any more, and nobody sees or hears you. The visit goes on without you."
      : `The video has ended for you and for ${name}.`,
  },
  replaced: {
    icon: Tablets,
    title: "This visit is open somewhere else",
    text: "You opened it on another page or device, so it goes on there. There is only one of you in a visit.",
  },
  "not-private": {
    icon: ShieldAlert,
    title: "This call is not private",
    text: "The connection was not the one that both of you signed, so it was closed. Please tell the practice.",
  },
  lost: {
    icon: WifiOff,
    title: "You are not in this visit any more",
    text: guest
      ? "The server did not let this page back in."
      : "The server did not let this page back in. Your permission and what was recorded stay as they were.",
  },
});
