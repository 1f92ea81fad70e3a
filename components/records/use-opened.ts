"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type { ConsentView } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { type Opened, openChecked } from "./open-record.ts";

/** Whose records, and with what they are opened. */
export interface Opening {
  visitId: string;
  /** Null in a browser that doesn't have them: then nothing opens. */
  keys: Keys | null;
  consent: ConsentView;
  /** age recipients of both people. */
  recipients: readonly string[];
}

/** The same for what somebody shared: it is opened, and its file fetched, in its own way. */
export interface SharedOpening {
  visitId: string;
  keys: Keys;
  openShared(id: string, signal: AbortSignal): Promise<Opened>;
  blobPath(blob: string): string;
}

/** What anything of the visit is opened with, and held against. */
export const aboutOf = ({ visitId, consent, recipients }: Opening, keys: Keys) => ({
  visitId,
  keys,
  consent: consent.id,
  recipients,
  authors: [consent.consent.patient, consent.consent.grantee],
});

export type Reading =
  | { is: "closed" }
  | { is: "opening" }
  | { is: "open"; opened: Opened }
  | { is: "failed"; fault: unknown };

/** A record's content, opened at once. Every opening is noted on the trail. */
export function useOpened(opening: Opening | SharedOpening, id: string): { reading: Reading; open: () => void } {
  const [reading, setReading] = useState<Reading>({ is: "closed" });
  const newest = useRef(opening);
  newest.current = opening;
  const life = useRef<AbortController | undefined>(undefined);

  const open = useCallback(() => {
    const signal = life.current?.signal;
    if (!newest.current.keys || !signal) return;
    setReading({ is: "opening" });
    openOne(newest.current, newest.current.keys, id, signal)
      .then((opened) => signal.aborted || setReading({ is: "open", opened }))
      .catch((fault) => signal.aborted || setReading({ is: "failed", fault }));
  }, [id]);

  useEffect(() => {
    const controller = new AbortController();
    life.current = controller;
    open();
    return () => controller.abort();
  }, [open]);

  return { reading, open };
}

function openOne(opening: Opening | SharedOpening, keys: Keys, id: string, signal: AbortSignal): Promise<Opened> {
  if ("openShared" in opening) return opening.openShared(id, signal);
  return openChecked({ ...aboutOf(opening, keys), id, signal });
}
