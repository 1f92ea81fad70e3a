"use client";

import { useEffect, useMemo, useRef } from "react";
import type { Recorder } from "@/components/records/recorder.ts";
import { bring } from "@/components/ui/bring.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { listRecords } from "@/lib/records/api.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask } from "@/lib/wire.ts";

interface RecordingOptions {
  visitId: string;
  consent: ConsentView;
  keys: Keys;
  /** age recipients of both people. */
  recipients: readonly string[];
  ledger: () => Promise<LedgerOfFile>;
  line: () => Line | undefined;
}

/**
 * The room's recorder, fetched when it is first used: nobody waits for the ledger's code before they see the other.
 * `share` is a file that was sent; it resolves with the record's id, once the patient has said yes where they want to be asked.
 */
export function useRecording(options: RecordingOptions): Recorder & { share(file: File): Promise<string> } {
  const newest = useRef(options);
  newest.current = options;
  const consentId = options.consent.id;
  const { signer } = options.keys;
  const lives = useMemo(() => {
    void [consentId, signer];
    let life = new AbortController();
    let made: Promise<Recorder> | undefined;
    const make = async (): Promise<Recorder> => {
      const { signal } = life;
      const [{ createRecorder }, ledger] = await Promise.all([
        bring(() => import("@/components/records/recorder.ts"), signal),
        newest.current.ledger(),
      ]);
      const { visitId, consent, keys, recipients, line } = newest.current;
      const on: Line["on"] = (event, handler) => line()?.on(event, handler) ?? (() => {});
      return createRecorder({ visitId, consent, keys, recipients, ledger, line: { on } }, signal);
    };
    return {
      recorder: () => {
        if (life.signal.aborted) {
          life = new AbortController();
          made = undefined;
        }
        const now = made ?? make();
        made = now;
        now.catch(() => {
          if (made === now) made = undefined;
        });
        return now;
      },
      signal: () => life.signal,
      end: () => life.abort(),
    };
  }, [consentId, signer]);
  useEffect(() => () => lives.end(), [lives]);

  return useMemo(
    () => ({
      recordSessionStart: async (fingerprints) => (await lives.recorder()).recordSessionStart(fingerprints),
      recordSessionEnd: async () => (await lives.recorder()).recordSessionEnd(),
      recordFilesLeft: async (onFound) => (await lives.recorder()).recordFilesLeft(onFound),
      recordFile: async (file) => (await lives.recorder()).recordFile(file),
      prescribe: async (prescription) => (await lives.recorder()).prescribe(prescription),
      cancel: async (cancelled, paper) => (await lives.recorder()).cancel(cancelled, paper),
      withdraw: async (id) => (await lives.recorder()).withdraw(id),
      async share(file) {
        const recorder = await lives.recorder();
        const outcome = await recorder.recordFile(file);
        if (outcome.is === "recorded") return outcome.record.id;
        const { visitId, line } = newest.current;
        if (await approved(visitId, outcome.ask.id, line(), lives.signal())) return outcome.ask.id;
        throw new Refusal("consent.kind-not-allowed");
      },
    }),
    [lives],
  );
}

const PATIENCE_MS = 6_000;

/** The record of the end comes before the end; but nobody is kept in a room they want to leave. */
export async function withPatience(work: Promise<unknown>): Promise<void> {
  const late = new Promise((resolve) => setTimeout(resolve, PATIENCE_MS));
  await Promise.race([work, late]).catch(() => {});
}

const LOOK_MS = 5_000;

/** Resolves with the patient's answer. The line tells it; in case that was not heard, it is looked for as well. */
function approved(visitId: string, id: string, line: Line | undefined, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const done = (answer: () => void) => {
      off?.();
      clearInterval(timer);
      answer();
    };
    const hear = (state: string) => state !== "open" && done(() => resolve(state === "approved"));
    const off = line?.on("ask:changed", (news) => news.visitId === visitId && news.id === id && hear(news.state));
    const look = () =>
      ask(listRecords, { visitId }, { signal }).then(
        ({ asks, records }) => {
          const state =
            asks.find((one) => one.id === id)?.state ?? (records.some((one) => one.id === id) ? "approved" : "open");
          hear(state);
        },
        () => {},
      );
    const timer = setInterval(look, LOOK_MS);
    signal.addEventListener("abort", () => done(() => reject(signal.reason)), { once: true });
  });
}
