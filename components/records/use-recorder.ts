"use client";

import { useEffect, useMemo, useRef } from "react";
import { createRecorder, type Recorder, type RecorderOptions } from "./recorder.ts";

export type { Outcome, Recorder, RecorderOptions } from "./recorder.ts";

/**
 * The recorder of one room: it lives as long as the component, and starts anew only under another consent or other keys.
 * What was asked of it before it was put away is rejected with an `AbortError`.
 */
export function useRecorder(options: RecorderOptions): Recorder {
  const newest = useRef(options);
  newest.current = options;
  const consentId = options.consent.id;
  const { visitId, line } = options;
  const signer = options.keys.signer;
  const lives = useMemo(() => {
    void [visitId, consentId, signer, line];
    let life: { recorder: Recorder; controller: AbortController } | undefined;
    const alive = () => {
      if (life && !life.controller.signal.aborted) return life.recorder;
      const controller = new AbortController();
      life = { controller, recorder: createRecorder(newest.current, controller.signal) };
      return life.recorder;
    };
    return { alive, end: () => life?.controller.abort() };
  }, [visitId, consentId, signer, line]);
  useEffect(() => () => lives.end(), [lives]);
  return useMemo<Recorder>(
    () => ({
      recordSessionStart: () => lives.alive().recordSessionStart(),
      recordSessionEnd: () => lives.alive().recordSessionEnd(),
      recordFile: (...about) => lives.alive().recordFile(...about),
      prescribe: (prescription) => lives.alive().prescribe(prescription),
      withdraw: (id) => lives.alive().withdraw(id),
    }),
    [lives],
  );
}
