"use client";

import { useQueries, useQuery } from "@tanstack/react-query";
import { firstName } from "@/components/consent/names.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { openSealed } from "@/lib/keyring/sealed.ts";
import type { VisitView } from "@/lib/visits/api.ts";
import { PatientDetails, VisitDetails } from "@/lib/visits/visit.ts";

/** A visit's sealed words, opened for its doctor. */
export interface Opened {
  /** What the patient calls themselves, else what the doctor noted, else empty. */
  name: string;
  /** At the patient's wish: there is no name any more. */
  erased: boolean;
  /** The doctor's own note where the patient gave another name. */
  plannedAs: string | null;
  reason: string;
  language: string;
  /** The join link's secret; null where the notes don't open with these keys. */
  secret: string | null;
}

const NO_NAME = "No name given";
const ERASED = "Erased visit";
/** Until it is opened nothing is said about whether there is a name. */
export const nameOf = (opened: Opened | undefined): string =>
  opened ? opened.name || (opened.erased ? ERASED : NO_NAME) : "Opening the name";
/** For a sentence: `Ana` of `Ana Duarte`, or `the patient`. */
export const calledOf = (opened: Opened | undefined): string => firstName(opened?.name ?? "") || "the patient";

async function open(visit: VisitView, keys: Keys): Promise<Opened> {
  const told = visit.patient?.details;
  const [noted, patient] = await Promise.all([
    visit.details ? openSealed(keys, visit.details).then(VisitDetails.parse, () => null) : null,
    told ? openSealed(keys, told).then(PatientDetails.parse, () => null) : null,
  ]);
  const planned = noted?.patientName.trim() ?? "";
  const own = patient?.name.trim() ?? "";
  return {
    name: own || planned,
    erased: visit.erasedAt !== null,
    plannedAs: own && planned && own.toLowerCase() !== planned.toLowerCase() ? planned : null,
    reason: visit.erasedAt ? "At the patient’s wish" : (noted?.reason.trim() ?? ""),
    language: noted?.language ?? "",
    secret: noted?.secret ?? null,
  };
}

/** The same ciphertext opens to the same words, so it is opened once. */
const question = (visit: VisitView, keys: Keys) => ({
  queryKey: ["opened", visit.id, keys.signer, visit.patient?.details ?? null, visit.erasedAt],
  queryFn: () => open(visit, keys),
  staleTime: Number.POSITIVE_INFINITY,
  networkMode: "always" as const,
});

export function useOpened(visit: VisitView, keys: Keys): Opened | undefined {
  return useQuery(question(visit, keys)).data;
}

export function useAllOpened(visits: readonly VisitView[], keys: Keys): ReadonlyMap<string, Opened> {
  return useQueries({
    queries: visits.map((visit) => question(visit, keys)),
    combine: (answers) => {
      const found = new Map<string, Opened>();
      answers.forEach((answer, n) => {
        const visit = visits[n];
        if (visit && answer.data) found.set(visit.id, answer.data);
      });
      return found;
    },
  });
}
