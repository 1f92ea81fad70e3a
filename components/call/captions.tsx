"use client";

import { useEffect, useRef, useState } from "react";
import type { OtherView } from "@/lib/call/call-view.browser.ts";
import { caption, captionsOffered, fetchCaptions, type Offered } from "@/lib/call/captions.browser.ts";

interface Captions {
  /** Undefined until the browser has answered. */
  offered: Offered | undefined;
  state: "off" | "starting" | "on" | "failed";
  wish: (on: boolean) => void;
  failed: () => void;
}

const language = () => navigator.language || "en";

/** Captions of this page, written on this device; off until somebody wants them. */
export function useCaptions(): Captions {
  const [offered, setOffered] = useState<Offered>();
  const [state, setState] = useState<Captions["state"]>("off");
  useEffect(() => {
    let gone = false;
    void captionsOffered(language()).then((found) => gone || setOffered(found));
    return () => {
      gone = true;
    };
  }, []);
  const wish = async (on: boolean) => {
    if (!on) return setState("off");
    if (offered === "ready") return setState("on");
    setState("starting");
    const there = await fetchCaptions(language());
    if (there) setOffered("ready");
    setState((before) => (before === "starting" ? (there ? "on" : "failed") : before));
  };
  return { offered, state, wish: (on) => void wish(on), failed: () => setState("failed") };
}

/** What the others say, in words below the picture: a face stays free. */
export function CaptionStrip({
  others,
  nameOf,
  captions,
}: {
  others: readonly OtherView[];
  nameOf: (other: OtherView) => string;
  captions: Captions;
}) {
  const { state, failed } = captions;
  const [lines, setLines] = useState<{ [member: string]: string }>({});
  const heard = others.filter((other) => other.state.is === "live" && other.remote);
  if (state === "off") return null;
  return (
    <section
      aria-label="Captions"
      className="dark grid min-h-16 content-end gap-1 bg-stage px-4 py-2 text-calm-small text-stage-foreground"
    >
      {state === "on"
        ? heard.map((other) => (
            <Ear
              key={other.member}
              stream={other.remote}
              onSaid={(text) => setLines((before) => ({ ...before, [other.member]: text }))}
              onFailed={failed}
            />
          ))
        : null}
      {state === "failed" ? (
        <p role="status">Captions did not start on this device. You can turn them off in More.</p>
      ) : (
        heard.map((other) => (
          <p key={other.member} className="line-clamp-2">
            <span className="font-semibold">{nameOf(other)}: </span>
            {lines[other.member]?.slice(-160) ?? (state === "starting" ? "captions are being fetched" : "…")}
          </p>
        ))
      )}
      {state === "failed" ? null : (
        <p className="text-small text-stage-muted">Written on this device, and not kept. Captions can be wrong.</p>
      )}
    </section>
  );
}

function Ear({
  stream,
  onSaid,
  onFailed,
}: {
  stream: MediaStream | null;
  onSaid: (text: string) => void;
  onFailed: () => void;
}) {
  const track = stream?.getAudioTracks()[0];
  // It listens to one sound; who hears of it may be another each time.
  const tell = useRef({ onSaid, onFailed });
  tell.current = { onSaid, onFailed };
  useEffect(() => {
    if (!track) return;
    const life = new AbortController();
    const failed = () => tell.current.onFailed();
    try {
      caption(track, { lang: language(), signal: life.signal, said: (text) => tell.current.onSaid(text), failed });
    } catch {
      failed();
    }
    return () => life.abort();
  }, [track]);
  return null;
}
