"use client";

import { useEffect, useState } from "react";
import { ConsentCard } from "@/components/consent/consent-card.tsx";
import { useStayOpen } from "@/components/keyring/use-stay-open.ts";
import type { Promises } from "@/components/ledger/use-promises.ts";
import { fetched } from "@/components/ui/fetched.tsx";
import { whenIdle } from "@/components/ui/when-idle.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import type { NotPrivate } from "@/lib/call/verified.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { JoinView } from "@/lib/visits/api.ts";
import { nameOf } from "./kept-here.ts";
import { WaitingRoom } from "./waiting-room.tsx";
import { WelcomeComing } from "./welcome.tsx";

// The keys, and with them every screen before the call that signs: one fetch, and what the room shares with them comes once.
export { assertKnown, claim } from "./claim.ts";
export { keysFor, readyKeys } from "./patient-keys.ts";

const NotNow = fetched(
  () => import("./not-now.tsx").then((file) => file.NotNow),
  () => <WelcomeComing />,
);
const PatientRoom = fetched(
  () => import("@/components/call/patient-room.tsx").then((file) => file.PatientRoom),
  () => <WelcomeComing />,
);

interface JoinedProps {
  promises: Promises;
  join: JoinView;
  keys: Keys;
  media: Media | undefined;
  line: Line | undefined;
  putAway: () => void;
  onGiven: (consent: ConsentView) => void;
  /** The server says that things have moved on: read everything again. */
  onMoved: () => void;
  /** Read the visit again. */
  onChanged: () => void;
  onNotPrivate: (found: NotPrivate) => void;
}

/** From the question what may happen in this visit to the call: the link is this browser's. */
export function Joined(props: JoinedProps) {
  const { join, keys, media, line, promises, putAway, onChanged } = props;
  const { consent, state } = join;
  const [notNow, setNotNow] = useState(false);
  useStayOpen();
  // The room is fetched while somebody reads what they are asked.
  useEffect(() => whenIdle(() => void PatientRoom.fetch().catch(() => {})), []);
  if (!consent) {
    if (notNow) return <NotNow join={join} onBack={() => setNotNow(false)} />;
    return (
      <ConsentCard
        join={join}
        keys={keys}
        name={nameOf(join.id)}
        onGiven={props.onGiven}
        onMoved={props.onMoved}
        onNotNow={() => {
          putAway();
          setNotNow(true);
        }}
      />
    );
  }
  if (state === "in-call") {
    if (!media) return <WelcomeComing />;
    return (
      <PatientRoom
        join={join}
        keys={keys}
        line={line}
        media={media}
        onChanged={onChanged}
        onNotPrivate={props.onNotPrivate}
      />
    );
  }
  return (
    <WaitingRoom
      promises={promises}
      join={join}
      consent={consent}
      keys={keys}
      media={media}
      line={line}
      onChanged={onChanged}
    />
  );
}
