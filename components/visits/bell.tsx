"use client";

import { Bell } from "lucide-react";
import { useEffect, useRef, useState } from "react";

/** How often somebody who waits rings again. */
const RING_EVERY_MS = 12_000;
const MUTED = "assent-bell-muted";

/**
 * Somebody waits: rings, counts in the title, and tells the system where that was allowed. Everything stops by itself
 * when nobody waits. The line it draws says what is on and changes it.
 */
export function WaitingBell({ waiting }: { waiting: readonly string[] }) {
  const [muted, mute] = useState(false);
  const [permission, setPermission] = useState<NotificationPermission | "missing">("missing");

  useEffect(() => {
    mute(readMuted());
    if ("Notification" in window) setPermission(Notification.permission);
  }, []);

  useTitleCount(waiting.length);
  useRinging(waiting.length > 0 && !muted);
  useNotifications(waiting, permission === "granted");

  const turn = () => {
    mute(!muted);
    writeMuted(!muted);
  };
  return (
    <p className="mt-4 flex flex-wrap items-center gap-x-2 gap-y-1 text-table text-muted-foreground">
      <Bell aria-hidden="true" className="size-4 shrink-0" />
      {muted ? "A waiting patient shows here without a sound." : "A waiting patient rings here."}
      <button type="button" className="min-h-9 cursor-pointer underline underline-offset-4" onClick={turn}>
        {muted ? "Turn the bell on" : "Turn the bell off"}
      </button>
      {permission === "default" ? (
        <button
          type="button"
          className="min-h-9 cursor-pointer underline underline-offset-4"
          onClick={async () => setPermission(await Notification.requestPermission())}
        >
          Show notifications, too
        </button>
      ) : null}
      {permission === "granted" ? "It also shows as a notification." : null}
    </p>
  );
}

function useTitleCount(count: number): void {
  useEffect(() => {
    if (count === 0) return;
    const title = document.title;
    document.title = `(${count}) Visits`;
    return () => {
      document.title = title;
    };
  }, [count]);
}

function useRinging(on: boolean): void {
  useEffect(() => {
    if (!on) return;
    let sound: AudioContext | undefined;
    const ring = () => {
      // A page nobody has touched yet may not sound, and would only be told so in the console.
      if (!navigator.userActivation.hasBeenActive) return;
      sound ??= new AudioContext();
      void chime(sound);
    };
    ring();
    const timer = setInterval(ring, RING_EVERY_MS);
    return () => {
      clearInterval(timer);
      void sound?.close();
    };
  }, [on]);
}

/** Two soft strokes. */
async function chime(sound: AudioContext): Promise<void> {
  if (sound.state === "suspended") await sound.resume().catch(() => {});
  if (sound.state !== "running") return;
  for (const [after, pitch] of [
    [0, 659.25],
    [0.22, 880],
  ] as const) {
    const start = sound.currentTime + after;
    const tone = new OscillatorNode(sound, { type: "sine", frequency: pitch });
    const loudness = new GainNode(sound, { gain: 0 });
    loudness.gain.setValueAtTime(0, start);
    loudness.gain.linearRampToValueAtTime(0.16, start + 0.02);
    loudness.gain.exponentialRampToValueAtTime(0.001, start + 0.9);
    tone.connect(loudness).connect(sound.destination);
    tone.start(start);
    tone.stop(start + 1);
  }
}

/** No name: a notification may stand on a locked screen or be shared with a room. */
function useNotifications(waiting: readonly string[], allowed: boolean): void {
  const told = useRef(new Set<string>());
  useEffect(() => {
    const fresh = waiting.filter((id) => !told.current.has(id));
    told.current = new Set(waiting);
    if (!allowed || fresh.length === 0 || !document.hidden) return;
    const note = new Notification("A patient is waiting", { body: "Open your visits to admit them.", tag: "waiting" });
    note.onclick = () => {
      window.focus();
      note.close();
    };
  }, [waiting, allowed]);
  useEffect(() => {
    if (waiting.length === 0) told.current.clear();
  }, [waiting]);
}

function readMuted(): boolean {
  try {
    return localStorage.getItem(MUTED) === "1";
  } catch {
    return false;
  }
}

function writeMuted(muted: boolean): void {
  try {
    localStorage.setItem(MUTED, muted ? "1" : "0");
  } catch {
    // a browser that keeps nothing: it holds until the page is left
  }
}
