"use client";

import { useRouter } from "next/navigation";
import { useEffect, useState, useSyncExternalStore } from "react";
import { type Media, openMedia } from "@/lib/call/media.browser.ts";
import { held } from "./held.ts";
import { ClinicianRoom } from "./room-later.tsx";

/** From the list to the room; a camera that nobody needs is off a moment later. */
const GRACE_MS = 3_000;
const devices = held((signal) => openMedia({ signal }), GRACE_MS);

/**
 * The doctor's camera and microphone, on from the moment that somebody waits, so that Admit connects at once. Only where the
 * browser was already told that it may: nobody is asked, and no light goes on, without a tap of theirs before. While the page
 * is out of sight nothing is opened for a patient who only waits.
 */
export function useReadyMedia(stage: "none" | "waiting" | "in-call" | "over"): Media | undefined {
  const visible = useVisible();
  const allowed = useAllowed();
  const inCall = stage === "in-call";
  const wanted = inCall || (stage === "waiting" && visible && allowed);
  const [media, setMedia] = useState<Media>();
  const over = stage === "over";
  // A camera that stays on after goodbye is a fright.
  useEffect(() => void (over && devices.end()), [over]);
  useEffect(() => {
    if (!wanted) return;
    const { it, release } = devices.hold();
    setMedia(it);
    const { camera, microphone } = it.getSnapshot();
    if (camera.is === "off" && microphone.is === "off") void it.start();
    return () => {
      setMedia(undefined);
      release();
    };
  }, [wanted]);
  return media;
}

/** Code and page of the rooms that may be entered next. */
export function useReadyRooms(visitIds: readonly string[]): void {
  const router = useRouter();
  useEffect(() => {
    if (visitIds.length === 0) return;
    void ClinicianRoom.fetch().catch(() => {});
    // Whole, not only its frame: what a tap on Admit opens asks the server for nothing more.
    for (const id of visitIds) router.prefetch(`/visits/${id}`, { kind: "full" } as never);
  }, [router, visitIds]);
}

function useVisible(): boolean {
  return useSyncExternalStore(
    (changed) => {
      document.addEventListener("visibilitychange", changed);
      return () => document.removeEventListener("visibilitychange", changed);
    },
    () => document.visibilityState === "visible",
    () => false,
  );
}

function useAllowed(): boolean {
  const [allowed, isAllowed] = useState(false);
  useEffect(() => {
    let gone = false;
    const asked = ["camera", "microphone"].map((name) =>
      navigator.permissions?.query({ name: name as PermissionName }),
    );
    Promise.all(asked).then(
      (answers) => gone || isAllowed(answers.every((answer) => answer?.state === "granted")),
      () => {},
    );
    return () => {
      gone = true;
    };
  }, []);
  return allowed;
}
