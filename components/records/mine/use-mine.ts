"use client";

import { useCallback, useEffect, useState } from "react";
import { useLocked } from "@/components/keyring/use-stay-open.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { signOpening } from "@/lib/keyring/opening.ts";
import { PATIENT, visitPurpose } from "@/lib/keyring/owners.ts";
import { isLocked, keysHere } from "@/lib/keyring/ring.browser.ts";
import { listRecords } from "@/lib/records/api.ts";
import type { Folder } from "@/lib/records/folder.ts";
import type { Look } from "@/lib/records/looks.ts";
import type { AskView, RecordView } from "@/lib/records/record.ts";
import { type JoinView, openingOf, openVisit, readJoin } from "@/lib/visits/api.ts";
import { ask, holdSession, speakAs } from "@/lib/wire.ts";
import { readAllLooks } from "./all-looks.ts";
import { syncFolder } from "./own-folder.ts";

/** A visit of this patient, with everything of it that is not sealed. */
export interface MyVisit {
  readonly join: JoinView;
  readonly keys: Keys;
  readonly records: readonly RecordView[];
  readonly asks: readonly AskView[];
  readonly looks: readonly Look[];
}

export type Mine =
  | { is: "reading" }
  /** This device has no keyring of a patient. */
  | { is: "nothing-here" }
  | { is: "locked" }
  | { is: "failed"; fault: unknown }
  /** Newest first. `missing` visits could not be read just now. */
  | { is: "read"; visits: readonly MyVisit[]; missing: number; folder: Folder };

/** So many visits are read at a time: each takes a few questions. */
const AT_ONCE = 4;

/** Everything that is the patient's, found with their keyring alone. */
export function useMine(): { mine: Mine; reload: () => void } {
  const [mine, setMine] = useState<Mine>({ is: "reading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    void round;
    const life = new AbortController();
    speakAs("patient");
    readAll(life.signal)
      .then((found) => life.signal.aborted || setMine(found))
      .catch((fault) => life.signal.aborted || setMine(isLocked(fault) ? { is: "locked" } : { is: "failed", fault }));
    return () => {
      life.abort();
      speakAs("staff");
    };
  }, [round]);
  useLocked(useCallback(() => setMine({ is: "locked" }), []));
  const reload = useCallback(() => setRound((before) => before + 1), []);
  return { mine, reload };
}

async function readAll(signal: AbortSignal): Promise<Mine> {
  const folder = await syncFolder();
  if (!folder) return { is: "nothing-here" };
  const visits: MyVisit[] = [];
  const waiting = [...folder.visits];
  let missing = 0;
  const work = async () => {
    for (let id = waiting.pop(); id && !signal.aborted; id = waiting.pop()) {
      try {
        visits.push(await readOne(id, signal));
      } catch (fault) {
        if (isLocked(fault) || signal.aborted) throw fault;
        missing += 1;
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  visits.sort((one, other) => timeOf(other).getTime() - timeOf(one).getTime());
  return { is: "read", visits, missing, folder };
}

async function readOne(visitId: string, signal: AbortSignal): Promise<MyVisit> {
  const keys = await keysHere(PATIENT, visitPurpose(visitId));
  if (!keys) throw new Error("There is no keyring here.");
  await holdSession(visitId, async () => {
    const opening = await signOpening(openingOf(visitId), keys, new Date());
    return (await ask(openVisit, { visitId, ...opening })).session;
  });
  const [join, { records, asks }, { looks }] = await Promise.all([
    ask(readJoin, { visitId }, { signal }),
    ask(listRecords, { visitId }, { signal }),
    readAllLooks(visitId, signal),
  ]);
  return { join, keys, records, asks, looks };
}

/** When a visit was, or when its permission was given. */
export function timeOf({ join }: MyVisit): Date {
  return new Date(join.startedAt ?? join.consent?.grantedAt ?? join.waitingSince ?? join.plannedFor ?? 0);
}
