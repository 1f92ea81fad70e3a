"use client";

import dynamic from "next/dynamic";
import { useEffect, useRef } from "react";
import type { GuestJoin } from "@/lib/visits/guest-api.ts";
import { chime } from "./chime.ts";
import { GuestGone } from "./guest-gone.tsx";
import { GuestWaiting } from "./guest-waiting.tsx";
import { GuestWelcome } from "./guest-welcome.tsx";
import { TroubleScreen } from "./trouble-screen.tsx";
import { useGuest } from "./use-guest.ts";
import { usePageMedia } from "./use-media.ts";
import { WelcomeComing } from "./welcome.tsx";

const loadRoom = () => import("@/components/call/guest-room.tsx").then((file) => file.GuestRoom);
const GuestRoom = dynamic(loadRoom, { ssr: false, loading: () => <WelcomeComing /> });

/** Everything behind a guest's link: who invites, the question, the wait for the patient's yes, the call, the end. */
export function GuestPage({ guestId }: { guestId: string }) {
  const { at, line, enter, reload, again } = useGuest(guestId);
  const join = at.is === "joined" ? at.join : undefined;
  const { media, putAway } = usePageMedia(join !== undefined && join.state !== "over");
  const over = join?.state === "over";
  const inside = join?.state === "allowed" && join.visit === "in-call";
  useTitle(join);
  useLetIn(inside);
  useEffect(() => {
    if (join?.state === "asking") void loadRoom();
    if (over) putAway();
    window.scrollTo({ top: 0 });
  }, [join?.state, over, putAway]);

  switch (at.is) {
    case "reading":
      return <WelcomeComing />;
    case "trouble":
      return <TroubleScreen why={at.why} onAgain={again} />;
    case "welcome":
      return <GuestWelcome guestId={guestId} about={at.about} media={media} onEnter={enter} />;
    case "joined":
  }
  if (over) return <GuestGone join={at.join} />;
  if (!inside) return <GuestWaiting join={at.join} media={media} line={line} onChanged={reload} />;
  if (!media || !line) return <WelcomeComing />;
  return <GuestRoom join={at.join} keys={at.keys} line={line} media={media} onChanged={reload} />;
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
