import * as z from "zod/mini";
import type { Actor, Entry } from "./entry.ts";

/*
 * What is unusual on the trail. Each rule reads the lines in their order and needs no more of the past than two small
 * states; so whoever has the lines finds the same, whenever and in however many steps they read. A finding is a question to
 * an admin, never a proof that somebody did wrong.
 */

export const Rule = z.enum([
  /** A staff member opened what is of another doctor's visit, without a share. */
  "elsewhere",
  /** A doctor opened what is of a visit that was over for long, and nobody had asked to erase it. */
  "long-over",
  /** At night, of a visit that is past. */
  "night",
  /** What is of many visits, by one person in an hour. */
  "many",
  /** One person was refused again and again, or one link, or the sign-in. */
  "refused",
  "link",
  "sign-in",
  /** Lines in an order that the server does not allow. */
  "order",
]);
export type Rule = z.infer<typeof Rule>;

/** What is out of order. */
export const Disorder = z.enum(["never-made", "no-permission", "not-admitted", "twice", "after-end", "after-erasure"]);
export type Disorder = z.infer<typeof Disorder>;

/** Of the rules below: whatever changes what they find makes another. */
export const RULES = 1;

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** The bounds. docs/audit.md says them in words. */
export const BOUNDS = {
  /** A doctor may come back to a visit for so long. */
  longOver: 90 * DAY,
  /** From this hour to that one it is night, by the practice's clock. */
  night: { from: 22, to: 6 },
  /** Work on a visit of the same day is no reading at night. */
  past: 12 * HOUR,
  /** What is counted is counted within this. */
  within: HOUR,
  /** Visits, refusals of one person, of one link, of the sign-in. */
  many: 20,
  refused: 10,
  link: 5,
  signIn: 10,
  /** A line of who came in may be written this much after the end that cut it short. */
  late: MINUTE,
} as const;

/** Lines that a finding names; it counts them all. */
export const MOST_LINES = 50;

/** What the lines so far say of one visit. */
export interface SeenVisit {
  owner: string | null;
  granted: boolean;
  admitted: boolean;
  /** When it ended, in milliseconds since 1970. */
  endedAt: number | null;
  erasureAsked: boolean;
  erased: boolean;
  /** Some of its lines are kept as proofs only, so nobody can say any more what was usual in it. */
  emptied: boolean;
  /** Who may read under which share. */
  readers: Record<string, string>;
}
export const unseen = (): SeenVisit => ({
  ...{
    owner: null,
    granted: false,
    admitted: false,
    endedAt: null,
    erasureAsked: false,
    erased: false,
    emptied: false,
    readers: {},
  },
});

/** What one hour knows of one person, link or the sign-in under one rule. `of` is the visit, where visits are counted. */
interface Slot {
  marks: { number: number; at: number; of: string | null }[];
  /** The finding that goes on while more comes within the hour. */
  open: { id: string; at: number } | null;
}
/** By rule and whom it is about. */
export type Recent = Record<string, Slot>;

/** A finding that begins at this line, or one that goes on with it. */
export type Found =
  | {
      readonly is: "new";
      readonly id: string;
      readonly rule: Rule;
      readonly why: Disorder | null;
      readonly lines: readonly number[];
    }
  | { readonly is: "more"; readonly id: string };

type Seen = Pick<Entry, "number" | "at" | "actor" | "action" | "visitId" | "object" | "consent" | "refusal" | "detail">;

/** Opening what people told each other. */
export const READS: ReadonlySet<Entry["action"]> = new Set([
  "record.read",
  "file.read",
  "notes.read",
  "background.read",
  "shared.read",
]);

/** Refusals that say somebody tried what is not theirs: not those of a hurry, of a full disk or of an absent ledger. */
const TRIES: ReadonlySet<string> = new Set([
  ...["auth.needed", "auth.wrong", "auth.not-allowed", "staff.not-found", "invitation.not-found", "key.not-found"],
  ...["visit.not-found", "visit.claimed", "record.not-found", "blob.not-found", "share.over", "record.erased"],
  ...["consent.missing", "consent.not-live", "consent.kind-not-allowed", "consent.ask-first"],
  ...["consent.device-removed", "consent.mismatch", "signature.wrong", "record.mismatch", "key.not-enrolled"],
  ...["prescription.not-found", "prescription.dispensed", "prescription.cancelled", "ledger.refused"],
]);

/** What may name a visit that was never made: a look for it, and what is said about the log itself. */
const ABOUT_THE_LOG = /^(audit|review|finding|export|trail)\./;

/** Kinds of records that come after the end too. */
const AFTER_THE_END: ReadonlySet<unknown> = new Set(["session-end", "prescription-cancelled", "access-granted"]);

/** The rules for a practice whose clock is in this time zone (IANA). */
export function openRules(timeZone: string) {
  const clock = new Intl.DateTimeFormat("en-GB", { timeZone, hour: "2-digit", hourCycle: "h23" });
  const isNight = (at: number) => {
    const hour = Number(clock.format(at));
    return hour >= BOUNDS.night.from || hour < BOUNDS.night.to;
  };

  /** What this line begins or goes on with. Moves both states on: `visit` is the line's own, null where it has none. */
  return function see(line: Seen, visit: SeenVisit | null, recent: Recent): Found[] {
    const at = Date.parse(line.at);
    const inAnHour: Count = (rule, subject, bound, { of = null, why = null } = {}) =>
      gather(recent, { rule, subject, bound, why, mark: { number: line.number, at, of } });

    if (line.refusal !== null) return refusedIn(line, inAnHour);
    if (!visit) return [];
    if (line.action === "line.retained") visit.emptied = true;
    if (visit.emptied) return [];
    const found: Found[] = [];
    if (line.actor.is === "staff" && READS.has(line.action) && visit.owner !== null) {
      const { id } = line.actor;
      const since = visit.endedAt === null ? 0 : at - visit.endedAt;
      if (!mayRead(line, visit)) found.push(...inAnHour("elsewhere", `${id} ${line.visitId}`, 1));
      else if (since > BOUNDS.longOver && !visit.erasureAsked)
        found.push(...inAnHour("long-over", `${id} ${line.visitId}`, 1));
      if (since > BOUNDS.past && isNight(at)) found.push(...inAnHour("night", id, 1));
      found.push(...inAnHour("many", id, BOUNDS.many, { of: line.visitId }));
    }
    const why = disorderOf(line, visit, at);
    if (why) found.push(...inAnHour("order", `${line.visitId} ${why}`, 1, { why }));
    moveOn(visit, line, at);
    return found;
  };
}

/** Counts this line under a rule and whom it is about; `of` where different visits are counted. */
type Count = (
  rule: Rule,
  subject: string,
  bound: number,
  more?: { of?: string | null; why?: Disorder | null },
) => Found[];

function refusedIn({ action, actor, refusal, visitId }: Seen, inAnHour: Count): Found[] {
  if (action === "staff.sign-in-refused") return inAnHour("sign-in", "", BOUNDS.signIn);
  if (!TRIES.has(refusal ?? "")) return [];
  if (actor.is === "nobody") {
    // An invitation's link is of no visit.
    const subject = visitId ?? (refusal?.endsWith(".not-found") ? action : null);
    return subject === null ? [] : inAnHour("link", subject, BOUNDS.link);
  }
  return inAnHour("refused", subjectOf(actor), BOUNDS.refused);
}

const subjectOf = (actor: Actor) => `${actor.is} ${actor.id}`;

/** Their own visit's doctor, or who reads under a share of it. */
const mayRead = ({ actor, consent }: Seen, { owner, readers }: SeenVisit) =>
  actor.id === owner || (consent !== null && readers[consent] === actor.id);

/** Of this many and more those are forgotten in which nothing came for an hour. */
const SLOTS = 64;

/** Counts one mark, and says so once there are `bound` within the hour; from then on each goes on with the same finding. */
function gather(
  recent: Recent,
  asked: { rule: Rule; subject: string; bound: number; why: Disorder | null; mark: Slot["marks"][number] },
): Found[] {
  const { rule, subject, bound, why, mark } = asked;
  const near = (at: number | undefined) => at !== undefined && Math.abs(mark.at - at) < BOUNDS.within;
  const key = `${rule} ${subject}`;
  if (Object.keys(recent).length > SLOTS)
    for (const [other, { marks }] of Object.entries(recent)) if (!near(marks.at(-1)?.at)) delete recent[other];
  const slot = recent[key] ?? { marks: [], open: null };
  recent[key] = slot;
  slot.marks = slot.marks.filter(({ at }) => near(at));
  const again = mark.of === null ? undefined : slot.marks.find(({ of }) => of === mark.of);
  if (again) {
    again.at = mark.at;
    return [];
  }
  slot.marks.push(mark);
  if (slot.open && near(slot.open.at)) {
    slot.open.at = mark.at;
    if (mark.of === null && slot.marks.length > bound) slot.marks.shift();
    return [{ is: "more", id: slot.open.id }];
  }
  slot.open = null;
  if (slot.marks.length < bound) return [];
  slot.open = { id: `${rule}-${mark.number}`, at: mark.at };
  return [{ is: "new", id: slot.open.id, rule, why, lines: slot.marks.map(({ number }) => number) }];
}

function disorderOf({ action, consent, detail }: Seen, visit: SeenVisit, at: number): Disorder | null {
  if (ABOUT_THE_LOG.test(action)) return null;
  if (action === "visit.created") return visit.owner === null ? null : "twice";
  if (visit.owner === null) return "never-made";
  const over = visit.endedAt !== null;
  if (visit.erased && (action === "notes.saved" || action === "file.stored")) return "after-erasure";
  switch (action) {
    case "consent.granted":
      return over ? "after-end" : visit.granted ? "twice" : null;
    case "visit.admitted":
      if (over) return "after-end";
      return !visit.granted ? "no-permission" : visit.admitted ? "twice" : null;
    case "call.entered":
      if (consent === null || !visit.granted) return "no-permission";
      if (!visit.admitted) return "not-admitted";
      return over && at - visit.endedAt! > BOUNDS.late ? "after-end" : null;
    case "record.added":
      if (!visit.granted) return "no-permission";
      if (!visit.admitted) return "not-admitted";
      return over && !AFTER_THE_END.has(detail.kind) ? "after-end" : null;
    case "approval.asked":
    case "approval.given":
    case "file.stored":
      if (!visit.granted) return "no-permission";
      if (!visit.admitted) return "not-admitted";
      return over ? "after-end" : null;
    case "visit.ended":
    case "visit.declined":
    case "call.not-private":
      return over ? "twice" : null;
    default:
      return null;
  }
}

function moveOn(visit: SeenVisit, { action, actor, object, detail }: Seen, at: number): void {
  switch (action) {
    case "visit.created":
      visit.owner ??= actor.id;
      return;
    case "consent.granted":
      visit.granted = true;
      return;
    case "visit.admitted":
      visit.admitted = true;
      return;
    case "visit.ended":
    case "visit.declined":
    case "call.not-private":
    case "consent.revoked":
      visit.endedAt ??= at;
      return;
    case "share.granted":
      if (object !== null) visit.readers[object] = String(detail.reader);
      return;
    case "share.revoked":
      if (object !== null) delete visit.readers[object];
      return;
    case "erasure.asked":
      visit.erasureAsked = true;
      return;
    case "erasure.withdrawn":
      visit.erasureAsked = false;
      return;
    case "visit.erased":
      visit.erased = true;
  }
}
