import type { Line } from "./api.ts";
import type { Entry } from "./entry.ts";
import { entryHash, GENESIS } from "./log.ts";

/** A line of the trail with its own hash, so that a test says only what it is about. */
export function lineOf(part: Partial<Entry>, act: Line["act"] = null): Line {
  const entry = {
    number: 7,
    at: "2026-11-24T13:16:00.000Z",
    actor: { is: "staff", id: "esi" } as const,
    action: "visit.read" as const,
    visitId: "a".repeat(32),
    ofVisit: 1,
    object: null,
    consent: null,
    refusal: null,
    detail: {},
    salt: `0x${"5".repeat(32)}`,
    previous: GENESIS,
    ...part,
  };
  return { entry: { ...entry, hash: entryHash(entry) }, act };
}
