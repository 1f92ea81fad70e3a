import { listSessions, readSession } from "../../lib/audit/api.ts";
import { listEvents } from "../../lib/audit/events.ts";
import { DAYS, readOverview } from "../../lib/audit/overview.ts";
import type { Answer, Browser } from "../../server/clinic.fixture.ts";

const DAY = 86_400_000;

/** What can be asked about at this practice. */
export interface Facts {
  clinicians: string[];
  /** A visit with a great many others after it, and its cursor. */
  old: { visitId: string; cursor: string };
  /** The first visit's time and the last one's, in milliseconds since 1970. */
  first: number;
  last: number;
  lines: number;
  /** A patient's, as the console names them. */
  code: string;
}

export type Question = (browser: Browser) => Promise<Answer<unknown>>;

/** Every page and filter of the console, as its screen asks for it. */
export function questionsFor({ clinicians, old, first, last, lines, code }: Facts): Record<string, Question> {
  const sessions = (filter: Parameters<typeof listSessions.ask.parse>[0]) => (browser: Browser) =>
    browser.ask(listSessions, filter as never);
  const events = (filter: Parameters<typeof listEvents.ask.parse>[0]) => (browser: Browser) =>
    browser.ask(listEvents, filter as never);
  const iso = (at: number) => new Date(at).toISOString();
  const between = (from: number, to: number) => ({ from: iso(from), to: iso(to) });
  const middle = (first + last) / 2;
  const week = between(last - 7 * DAY, last);
  const someone = clinicians[0]!;
  const days = Array.from({ length: DAYS + 1 }, (_, day) => iso(last - (DAYS - day) * DAY)).join();
  return {
    "sessions, first page": sessions({}),
    "sessions, deep": sessions({ before: old.cursor }),
    "sessions, a week": sessions(week),
    "sessions, a day long ago": sessions(between(middle, middle + DAY)),
    "sessions, a doctor": sessions({ clinician: someone }),
    "sessions, a doctor, deep": sessions({ clinician: someone, before: old.cursor }),
    ...Object.fromEntries(
      (["session-start", "prescription", "file-share", "prescription-cancelled", "access-granted"] as const).map(
        (kind) => [`sessions, ${kind}`, sessions({ kind })],
      ),
    ),
    ...Object.fromEntries(
      (["ended", "declined", "revoked", "left", "not-private", "refused"] as const).map((outcome) => [
        `sessions, ${outcome}`,
        sessions({ outcome }),
      ]),
    ),
    "sessions, a doctor's refused files, deep": sessions({
      ...{ clinician: someone, kind: "file-share", outcome: "refused", before: old.cursor },
    }),
    "sessions, planned": sessions({ state: "planned" }),
    "sessions, on the ledger": sessions({ record: "final" }),
    "sessions, held back by it": sessions({ record: "parked" }),
    "sessions, a patient's code": sessions({ patient: code }),
    "events, first page": events({}),
    "events, deep": events({ before: Math.floor(lines / 10) }),
    "events, a week": events(week),
    "events, a day long ago": events(between(middle, middle + DAY)),
    "events, somebody of the staff": events({ staff: someone }),
    "events, a kind": events({ act: "record.added" }),
    "events, a rare kind": events({ act: "consent.revoked" }),
    "events, done": events({ outcome: "done" }),
    "events, refused": events({ outcome: "refused" }),
    "events, refused, deep": events({ outcome: "refused", before: Math.floor(lines / 10) }),
    "events, on the ledger": events({ ledger: "final" }),
    "events, a visit": events({ visit: old.visitId }),
    "events, a patient's code": events({ patient: code }),
    "events, somebody's refusals of a week": events({ ...week, staff: someone, outcome: "refused" }),
    "one session": (browser) => browser.ask(readSession, { visitId: old.visitId }),
    overview: (browser) => browser.ask(readOverview, { days } as never),
  };
}
