import type { ConsentEvidence, Line, SessionRow, StoredEntry } from "@/lib/audit/api.ts";
import { Actor } from "@/lib/audit/entry.ts";
import { READS } from "@/lib/audit/unusual.ts";
import { Consent } from "@/lib/consent/grant.ts";

/** One session drawn to scale: where on the axis each thing lies, 0 to 100. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly ticks: readonly { at: number; time: number }[];
  readonly permission: Bar | null;
  /** Where the permission's window really ends, for its words. */
  readonly until: number | null;
  readonly patient: readonly Bar[];
  readonly doctor: readonly Bar[];
  /** Where somebody opened what there was to read: by lane, and without a number of their own. */
  readonly reads: { readonly patient: readonly number[]; readonly doctor: readonly number[] };
  readonly dots: Dots;
  readonly blocks: readonly { at: number; block: number; labelled: boolean }[];
}
interface Dots {
  readonly permission: Dot[];
  readonly patient: Dot[];
  readonly doctor: Dot[];
  readonly guests: Dot[];
}
interface Bar {
  readonly at: number;
  readonly width: number;
  /** Waiting, before the call. */
  readonly faint?: boolean;
}
export interface Dot {
  readonly at: number;
  /** The same on a phone, where a dot takes more of the width. */
  readonly narrow: number;
  /** The line's place in the list below, from 1. */
  readonly place: number;
  readonly number: number;
}

/** What somebody opened has a thin mark in their lane, and no number: as dots it would bury what happened. */
const marked: ReadonlySet<string> = new Set([...READS, "looks.read"]);
/** What else is on the list alone. */
const quiet = new Set([
  "visit.read",
  "visit.opened",
  "visit.listed",
  "record.listed",
  "prescription.shown",
  "audit.read",
  "evidence.made",
  "finding.dismissed",
  "finding.restored",
  "review.assigned",
  "review.commented",
  "review.closed",
  "review.reopened",
  "visit.created",
  "call.left",
  "notes.saved",
  "share.listed",
  "colleagues.listed",
  "erasure.read",
  "call.rated",
]);
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * 60_000);

/** Closer than this share of the width dots would cover each other: they are moved apart by it. */
const APART = { at: 2.9, narrow: 10 } as const;
/** A session of seconds is drawn in minutes all the same. */
const SHORTEST = 5 * 60_000;

export function scaleOf(session: {
  row: SessionRow;
  lines: readonly Line[];
  consents: readonly ConsentEvidence[];
  waitingSince: string | null;
}): Scale | null {
  const { row, lines } = session;
  const times = lines.filter(({ entry }) => isShown(entry)).map(({ entry }) => Date.parse(entry.at));
  for (const at of [session.waitingSince, row.startedAt, row.endedAt]) if (at) times.push(Date.parse(at));
  const known = times.filter((time) => !Number.isNaN(time));
  if (known.length === 0) return null;
  // A line far from the session (a changed time, a look days later) does not stretch it.
  const end = row.endedAt ? Date.parse(row.endedAt) + 600_000 : Number.POSITIVE_INFINITY;
  const start =
    (row.startedAt ?? session.waitingSince) ? Date.parse((row.startedAt ?? session.waitingSince)!) - 7_200_000 : 0;
  const within = known.filter((time) => time >= start && time <= end);
  const [first, last] = [Math.min(...within), Math.max(...within)];
  const length = Math.max(SHORTEST, last - first);
  const step = steps.find((one) => length / one <= 6) ?? steps.at(-1)!;
  const pad = Math.max(length * 0.06, (length - (last - first)) / 2);
  const from = first - pad;
  const to = last + pad;
  const place = (time: number) => Math.min(100, Math.max(0, ((time - from) / (to - from)) * 100));
  const bar = (a: number, b: number, faint = false): Bar => ({
    at: place(a),
    width: Math.max(0.5, place(b) - place(a)),
    faint,
  });

  const ticks: { at: number; time: number }[] = [];
  for (let time = Math.ceil(from / step) * step; time <= to; time += step) ticks.push({ at: place(time), time });

  const dots: Dots = { permission: [], patient: [], doctor: [], guests: [] };
  const blocks = new Map<number, number>();
  const reads = { patient: [] as number[], doctor: [] as number[] };
  lines.forEach(({ entry, act }, index) => {
    const time = Date.parse(entry.at);
    if (marked.has(entry.action) && time >= from && time <= to)
      reads[isBy(entry, "staff") ? "doctor" : "patient"].push(place(time));
    if (!isShown(entry) || Number.isNaN(time) || time < from || time > to) return;
    const actor = Actor.safeParse(entry.actor).data;
    const lane = /^(consent\.granted|guest\.allowed|share\.granted|(consent|guest|share)\.revoked)$/.test(entry.action)
      ? "permission"
      : actor?.is === "staff"
        ? "doctor"
        : actor?.is === "guest"
          ? "guests"
          : "patient";
    dots[lane].push({ at: place(time), narrow: place(time), place: index + 1, number: entry.number });
    if (act?.block && !blocks.has(act.block)) blocks.set(act.block, place(time));
  });
  for (const lane of Object.values(dots)) {
    spread(lane, "at");
    spread(lane, "narrow");
  }

  const evidence = session.consents.find(({ guest, share }) => guest === null && share === null);
  const consent = Consent.safeParse(evidence?.consent).data;
  const given = evidence ? Date.parse(evidence.grantedAt) : null;
  const taken = evidence?.revokedAt ? Date.parse(evidence.revokedAt) : null;
  const until = taken ?? (consent ? consent.validUntil * 1000 : null);
  const started = row.startedAt ? Date.parse(row.startedAt) : null;
  const ended = row.endedAt ? Date.parse(row.endedAt) : to;
  const arrived = dots.patient[0]?.at ?? (session.waitingSince ? place(Date.parse(session.waitingSince)) : null);
  const patient: Bar[] = [];
  if (arrived !== null) {
    const met = started === null ? place(ended) : place(started);
    if (met > arrived) patient.push({ at: arrived, width: met - arrived, faint: true });
  }
  const there = (is: "staff" | "patient", since: number) =>
    presence(lines, is, since, row.endedAt ? Date.parse(row.endedAt) : to).map(([a, b]) => bar(a, b));
  if (started !== null) patient.push(...there("patient", started));
  const admitted = dots.doctor[0]?.at ?? (started === null ? null : place(started));
  return {
    from,
    to,
    ticks,
    permission: given !== null && until !== null ? bar(given, until) : null,
    until: taken === null ? until : null,
    patient,
    doctor: admitted === null ? [] : there("staff", from + (admitted / 100) * (to - from)),
    reads,
    dots,
    blocks: labelled([...blocks].map(([block, at]) => ({ block, at }))),
  };
}

const isBy = (entry: StoredEntry, is: string) => Actor.safeParse(entry.actor).data?.is === is;

/** From when to when somebody was there, with a gap wherever they left and until they came back. */
function presence(lines: readonly Line[], is: string, from: number, until: number): [number, number][] {
  const spans: [number, number][] = [];
  let since: number | null = from;
  for (const { entry } of lines) {
    const at = Date.parse(entry.at);
    if (!isBy(entry, is) || Number.isNaN(at) || at < from || at > until) continue;
    if (entry.action === "call.left" && since !== null) {
      spans.push([since, at]);
      since = null;
    }
    if (entry.action === "call.entered") since ??= at;
  }
  if (since !== null) spans.push([since, until]);
  return spans;
}

const isShown = (entry: StoredEntry) => !marked.has(entry.action) && !quiet.has(entry.action);

/** Dots keep their order and, as far as there is room, their distance. */
function spread(dots: Dot[], side: "at" | "narrow"): void {
  const apart = Math.min(APART[side], 96 / Math.max(1, dots.length - 1));
  for (let i = 1; i < dots.length; i++) {
    const [before, dot] = [dots[i - 1]!, dots[i]!];
    if (dot[side] - before[side] < apart) dots[i] = { ...dot, [side]: before[side] + apart };
  }
  // What was pushed out at the end pushes back.
  let room = 99;
  for (let i = dots.length - 1; i >= 0 && dots[i]![side] > room; i--) {
    dots[i] = { ...dots[i]!, [side]: room };
    room -= apart;
  }
}

/** A block's number stands beside it where the next one leaves room. */
function labelled(blocks: { block: number; at: number }[]): Scale["blocks"] {
  return blocks.map((one, i) => ({ ...one, labelled: (blocks[i + 1]?.at ?? 100) - one.at > 8 }));
}
