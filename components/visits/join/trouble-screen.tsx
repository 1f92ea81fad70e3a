"use client";

import { AppWindow, CloudOff, Link2Off, LockOpen, RotateCw, ShieldAlert, UserRoundX } from "lucide-react";
import type { ReactNode } from "react";
import { CallPractice } from "@/components/auth/call-practice.tsx";
import { useClinic } from "@/components/auth/use-clinic.ts";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { fetched } from "@/components/ui/fetched.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { acceptChangedKeys } from "@/lib/keyring/known.browser.ts";
import { restoreKit } from "./patient-keys.ts";
import type { KeysLost, Trouble } from "./use-join.ts";
import { Emergencies } from "./welcome.tsx";

const OpenRecords = fetched(
  () => import("@/components/keyring/open-records.tsx").then((file) => file.OpenRecords),
  () => <Loading label="Opening" />,
);
const Unlock = fetched(
  () => import("@/components/records/mine/unlock-mine.tsx").then((file) => file.UnlockMine),
  () => <Loading label="Opening" />,
);

interface Words {
  icon: ReactNode;
  title: string;
  means: string;
  todo: string;
  again?: true;
  /** Somebody may know that it is right. */
  accept?: true;
  /** Going on means opening the whole link somewhere else. */
  elsewhere?: true;
}

const broken = <Link2Off aria-hidden="true" />;
const words: Record<Exclude<Trouble, "locked">, Words> = {
  incomplete: {
    icon: broken,
    title: "A part of this link is missing",
    means: "Links are sometimes cut off in a message or when they are copied. Nothing is lost.",
    todo: "Open the link in the message itself, or copy all of it, to the last letter.",
  },
  wrong: {
    icon: broken,
    title: "This link leads to no visit",
    means: "It may have been changed on the way, or belong to another practice.",
    todo: "Open it again from the message you got. If that doesn’t help, ask the practice for a new link.",
  },
  claimed: {
    icon: <UserRoundX aria-hidden="true" />,
    title: "This link is already in use",
    means: "It was opened in another browser, and it works in that one only.",
    todo: "If that was you, go on there. If it wasn’t, tell the practice and ask for a new link.",
  },
  expired: {
    icon: broken,
    title: "This link has expired",
    means: "Links work for a limited time only.",
    todo: "Ask the practice for a new one.",
  },
  over: {
    icon: broken,
    title: "This visit is over",
    means: "Its link can’t be used any more.",
    todo: "If you still need the doctor, ask the practice for a new link.",
  },
  "keys-lost": {
    icon: <UserRoundX aria-hidden="true" />,
    title: "This browser forgot its part of the visit",
    means: "Its stored data was cleared, so it can’t show that it was you who opened the link.",
    todo: "Ask the practice for a new link, and open it here.",
  },
  "doctor-unknown": {
    icon: <ShieldAlert aria-hidden="true" />,
    title: "We couldn’t check that this is your doctor",
    means: "What the practice sent about the doctor doesn’t fit together. So we told them nothing about you.",
    todo: "Call the practice, and don’t go on with this link.",
  },
  "key-changed": {
    icon: <ShieldAlert aria-hidden="true" />,
    title: "Your doctor’s key has changed",
    means: "This device knew your doctor by another one. A new computer is a reason; somebody in between is another.",
    todo: "Call the practice and ask before you go on. Until then we told them nothing about you.",
    accept: true,
  },
  insecure: {
    icon: <LockOpen aria-hidden="true" />,
    title: "This address is not a secure one",
    means: "It begins with http instead of https, and over such an address no browser gives a camera.",
    todo: "Ask the practice for a link that begins with https. Nobody has seen anything of you.",
  },
  "old-browser": {
    icon: <AppWindow aria-hidden="true" />,
    title: "This browser can’t do a video visit",
    means: "It is too old, or it was told to keep video calls out. Your link is fine.",
    todo: "Copy the link and open it in a current Chrome, Safari, Edge or Firefox. A phone is enough.",
    elsewhere: true,
  },
  "too-many": {
    icon: <CloudOff aria-hidden="true" />,
    title: "Too many tries in a short time",
    means: "To keep guessers out, we wait a little.",
    todo: "Try again in a few minutes.",
    again: true,
  },
  unreachable: {
    icon: <CloudOff aria-hidden="true" />,
    title: "We can’t reach the practice",
    means: "Your link is fine. It is the connection, here or there.",
    todo: "Check your Wi-Fi or mobile data, then try again.",
    again: true,
  },
  broke: {
    icon: <CloudOff aria-hidden="true" />,
    title: "Something went wrong on our side",
    means: "Nothing is lost, and your link stays valid.",
    todo: "Try again. If it stays like this, call the practice.",
    again: true,
  },
};

interface TroubleScreenProps {
  why: Trouble | KeysLost;
  /** The whole link, while it is known. */
  link: string | null;
  onAgain: () => void;
}

export function TroubleScreen({ why, link, onAgain }: TroubleScreenProps) {
  if (typeof why === "object") {
    return (
      <PatientFrame title={why.clinic} width="wide">
        <OpenRecords restore={(seed, replacing) => restoreKit(why, seed, replacing)} onOpened={onAgain} />
        <Emergencies />
      </PatientFrame>
    );
  }
  if (why === "locked") {
    return (
      <PatientFrame title="Assent" width="text">
        <Unlock onOpened={onAgain} />
        <Emergencies />
      </PatientFrame>
    );
  }
  return <Stuck {...words[why]} link={link} onAgain={onAgain} />;
}

function Stuck(props: Words & Pick<TroubleScreenProps, "link" | "onAgain">) {
  const { icon, title, means, todo, again, accept, elsewhere, link, onAgain } = props;
  const [clinic] = useClinic();
  return (
    <PatientFrame title="Assent">
      <Card calm>
        <div role="alert">
          <span className="text-warning [&>svg]:size-9">{icon}</span>
          <h1 className="mt-3 text-calm-title font-bold">{title}</h1>
          <p className="mt-2 text-muted-foreground">{means}</p>
          <p className="mt-3 font-semibold">{todo}</p>
        </div>
        <CallPractice phone={clinic.is === "known" ? clinic.clinic.phone : null} className="mt-3" />
        {elsewhere && link && (
          <CopyButton text={link} label="Copy the link" done="Link copied" size="calm" className="mt-5 w-full" />
        )}
        {accept && (
          <Button
            variant="outline"
            size="calm"
            className="mt-5 w-full"
            onClick={() => {
              acceptChangedKeys();
              onAgain();
            }}
          >
            I asked: the new key is right
          </Button>
        )}
        {again && (
          <Button size="calm" className="mt-5 w-full" onClick={onAgain}>
            <RotateCw aria-hidden="true" />
            Try again
          </Button>
        )}
      </Card>
      <Emergencies />
    </PatientFrame>
  );
}
