"use client";

import { fetched } from "@/components/ui/fetched.tsx";
import "@/lib/visits/link-secret.browser.ts";
import { useEffect, useRef } from "react";
import { useAlarm } from "@/components/call/use-alarm.ts";
import { shortName } from "@/components/consent/names.ts";
import { usePromises } from "@/components/ledger/use-promises.ts";
import { whenIdle } from "@/components/ui/when-idle.ts";
import type { JoinView } from "@/lib/visits/api.ts";
import { linkOf } from "@/lib/visits/link.ts";
import { secretOf } from "@/lib/visits/link-secret.browser.ts";
import { chime } from "./chime.ts";
import { notifyReady } from "./notify.ts";
import { loadJoined, useJoin } from "./use-join.ts";
import { usePageMedia } from "./use-media.ts";
import { Welcome, WelcomeComing } from "./welcome.tsx";

const Joined = fetched(
  () => loadJoined().then((file) => file.Joined),
  () => <WelcomeComing />,
);
const TroubleScreen = fetched(
  () => import("./trouble-screen.tsx").then((file) => file.TroubleScreen),
  () => <WelcomeComing />,
);
const PatientSummary = fetched(
  () => import("@/components/records/patient-summary.tsx").then((file) => file.PatientSummary),
  () => <WelcomeComing />,
);
const NotPrivateScreen = fetched(() =>
  import("@/components/call/not-private.tsx").then((file) => file.NotPrivateScreen),
);

/** Everything behind a join link, from the welcome to the summary. Where someone stands is the server's word; a reload asks it. */
export function JoinPage({ visitId }: { visitId: string }) {
  const { state, line, enter, given, reload, again } = useJoin(visitId);
  const join = state.is === "joined" ? state.join : undefined;
  const promises = usePromises({
    visitId,
    ledger: join?.ledger,
    consent: join?.consent,
    line,
    inCall: join?.state === "in-call",
  });
  const alarm = useAlarm(visitId, join?.end);
  const { media, putAway } = usePageMedia(join?.state === "waiting" || join?.state === "in-call");
  useTitle(join);
  // What comes next is fetched while somebody reads what is here.
  const greeted = state.is === "welcome";
  useEffect(() => {
    if (!greeted) return;
    const next = () => void Joined.fetch().catch(() => {});
    const takeBack = whenIdle(next);
    // Whose camera is on may go on at once.
    const off = media?.subscribe(() => media.getSnapshot().camera.is === "on" && next());
    return () => {
      takeBack();
      off?.();
    };
  }, [greeted, media]);
  useLetIn(join?.state);

  useEffect(() => {
    if (join?.state === "over" || alarm.raised) putAway();
    window.scrollTo({ top: 0 });
  }, [join?.state, alarm.raised, putAway]);

  switch (state.is) {
    case "reading":
      return <WelcomeComing />;
    case "trouble":
      return <TroubleScreen why={state.why} link={wholeLink(visitId)} onAgain={again} />;
    case "welcome":
      return <Welcome visitId={visitId} about={state.about} secret={state.secret} media={media} onEnter={enter} />;
    case "joined":
  }
  const { keys } = state;
  if (alarm.raised) {
    const name = shortName(state.join.clinician.name);
    const { phone } = state.join;
    return <NotPrivateScreen name={name} doctor={false} phone={phone} found={alarm.found} onLeave={alarm.leave} />;
  }
  if (state.join.state === "over") {
    return (
      <PatientSummary
        promises={promises}
        join={state.join}
        keys={keys}
        line={line}
        onChanged={reload}
        onLocked={again}
      />
    );
  }
  return (
    <Joined
      promises={promises}
      join={state.join}
      keys={keys}
      media={media}
      line={line}
      putAway={putAway}
      onGiven={given}
      onMoved={again}
      onChanged={reload}
      onNotPrivate={alarm.raise}
    />
  );
}

function wholeLink(visitId: string): string | null {
  const secret = secretOf(visitId);
  return secret?.is === "whole" ? linkOf(location.origin, visitId, secret.secret) : null;
}

function useTitle(join: JoinView | undefined): void {
  const title = titleOf(join);
  useEffect(() => {
    document.title = `${title} · Assent`;
  }, [title]);
}

function titleOf(join: JoinView | undefined): string {
  if (!join) return "Video visit";
  if (join.state === "waiting") return "Waiting room";
  return `Video visit with ${join.clinician.name}`;
}

/** A sound when the doctor opens, and a notification where the page is out of sight; not when a page is loaded into a visit that runs. */
function useLetIn(state: JoinView["state"] | undefined): void {
  const before = useRef(state);
  useEffect(() => {
    if (before.current === "waiting" && state === "in-call") {
      void chime().catch(() => {});
      void notifyReady();
    }
    before.current = state;
  }, [state]);
}
