"use client";

import { useEffect, useRef, useState } from "react";
import { shortName } from "@/components/consent/names.ts";
import { useStayOpen } from "@/components/keyring/use-stay-open.ts";
import { whileUnreachable } from "@/components/records/patience.ts";
import { fetched } from "@/components/ui/fetched.tsx";
import type { NotPrivate } from "@/lib/call/verified.ts";
import { type GuestJoin, leaveAsGuest } from "@/lib/visits/guest-api.ts";
import { ask } from "@/lib/wire.ts";
import { chime } from "./chime.ts";
import { GuestGone } from "./guest-gone.tsx";
import { GuestWaiting } from "./guest-waiting.tsx";
import { GuestWelcome } from "./guest-welcome.tsx";
import { TroubleScreen } from "./trouble-screen.tsx";
import { useGuest } from "./use-guest.ts";
import { usePageMedia } from "./use-media.ts";
import { WelcomeComing } from "./welcome.tsx";

const NotPrivateScreen = fetched(
  () => import("@/components/call/not-private.tsx").then((file) => file.NotPrivateScreen),
  () => <WelcomeComing />,
);
const GuestRoom = fetched(
  () => import("@/components/call/guest-room.tsx").then((file) => file.GuestRoom),
  () => <WelcomeComing />,
);

/** Everything behind a guest's link: who invites, the question, the wait for the patient's yes, the call, the end. */
export function GuestPage({ guestId }: { guestId: string }) {
  const { at, line, enter, reload, again } = useGuest(guestId);
  const join = at.is === "joined" ? at.join : undefined;
  const { media, putAway } = usePageMedia(join !== undefined && join.state !== "over");
  const over = join?.state === "over";
  const inside = join?.state === "allowed" && join.visit === "in-call";
  // Outlives the room, which is gone as soon as this is found.
  const [found, setFound] = useState<NotPrivate>();
  useEffect(() => {
    if (!found) return;
    const life = new AbortController();
    const report = () => ask(leaveAsGuest, { guestId, why: found.why }, { signal: life.signal });
    void whileUnreachable(report, life.signal).catch(() => {});
    return () => life.abort();
  }, [guestId, found]);
  useStayOpen();
  useTitle(join);
  useLetIn(inside);
  useEffect(() => {
    if (join?.state === "asking") void GuestRoom.fetch().catch(() => {});
    if (over) putAway();
    window.scrollTo({ top: 0 });
  }, [join?.state, over, putAway]);

  switch (at.is) {
    case "reading":
      return <WelcomeComing />;
    case "trouble":
      return <TroubleScreen why={at.why} link={null} onAgain={again} />;
    case "welcome":
      return <GuestWelcome guestId={guestId} about={at.about} media={media} onEnter={enter} />;
    case "joined":
  }
  if (found) {
    const name = shortName(at.join.clinician.name);
    return <NotPrivateScreen name={name} doctor={false} found={found} onLeave={() => setFound(undefined)} />;
  }
  if (over) return <GuestGone join={at.join} />;
  if (!inside) return <GuestWaiting join={at.join} media={media} line={line} onChanged={reload} />;
  if (!media || !line) return <WelcomeComing />;
  return (
    <GuestRoom join={at.join} keys={at.keys} line={line} media={media} onChanged={reload} onNotPrivate={setFound} />
  );
}

function useTitle(join: GuestJoin | undefined): void {
  const title = join ? `Video visit with ${join.clinician.name}` : "Join as a guest";
  useEffect(() => {
    document.title = `${title} · Assent`;
  }, [title]);
}

/** A sound when the patient lets them in. */
function useLetIn(inside: boolean): void {
  const before = useRef<boolean>(undefined);
  useEffect(() => {
    if (before.current === false && inside) void chime().catch(() => {});
    before.current = inside;
  }, [inside]);
}
