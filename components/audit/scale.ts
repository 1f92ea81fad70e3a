import type { ConsentEvidence, Line, SessionRow, StoredEntry } from "@/lib/audit/api.ts";
import { Actor } from "@/lib/audit/entry.ts";
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
  readonly doctor: Bar | null;
  readonly dots: { readonly permission: Dot[]; readonly patient: Dot[]; readonly doctor: Dot[] };
  readonly blocks: readonly { at: number; block: number; labelled: boolean }[];
}
export interface Bar {
  readonly at: number;
  readonly width: number;
  /** Waiting, before the call. */
  readonly faint?: boolean;
}
export interface Dot {
  readonly at: number;
  /** The line's place in the list below, from 1. */
  readonly place: number;
  readonly number: number;
}

/** Looking is on the list and not on the scale: it would bury what happened. */
const quiet = new Set([
  "visit.read",
  "visit.listed",
  "record.listed",
  "record.read",
  "audit.read",
  "visit.created",
  "call.left",
]);
const steps = [1, 2, 5, 10, 15, 30, 60, 120, 240, 480, 1440].map((minutes) => minutes * 60_000);

/** Closer than this share of the width dots would cover each other: they are moved apart by it. */
const APART = 2.9;

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
  const step = steps.find((one) => (last - first) / one <= 6) ?? steps.at(-1)!;
  const pad = Math.max((last - first) * 0.06, step * 0.25);
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

  const dots: { permission: Dot[]; patient: Dot[]; doctor: Dot[] } = { permission: [], patient: [], doctor: [] };
  const blocks = new Map<number, number>();
  lines.forEach(({ entry, act }, index) => {
    const time = Date.parse(entry.at);
    if (!isShown(entry) || Number.isNaN(time) || time < from || time > to) return;
    const actor = Actor.safeParse(entry.actor).data;
    const lane = /^consent\.(granted|revoked)$/.test(entry.action)
      ? "permission"
      : actor?.is === "staff"
        ? "doctor"
        : "patient";
    dots[lane].push({ at: place(time), place: index + 1, number: entry.number });
    if (act?.block && !blocks.has(act.block)) blocks.set(act.block, place(time));
  });
  for (const lane of Object.values(dots)) spread(lane);

  const consent = Consent.safeParse(session.consents[0]?.consent).data;
  const evidence = session.consents[0];
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
  if (started !== null) patient.push(bar(started, ended));
  const admitted = dots.doctor[0]?.at ?? (started === null ? null : place(started));
  return {
    from,
    to,
    ticks,
    permission: given !== null && until !== null ? bar(given, until) : null,
    until: taken === null ? until : null,
    patient,
    doctor: admitted === null ? null : { at: admitted, width: Math.max(0.5, place(ended) - admitted) },
    dots,
    blocks: labelled([...blocks].map(([block, at]) => ({ block, at }))),
  };
}

const isShown = (entry: StoredEntry) => !quiet.has(entry.action);

/** Dots keep their order and their distance. */
function spread(dots: Dot[]): void {
  for (let i = 1; i < dots.length; i++) {
    const [before, dot] = [dots[i - 1]!, dots[i]!];
    if (dot.at - before.at < APART) dots[i] = { ...dot, at: before.at + APART };
  }
  const over = (dots.at(-1)?.at ?? 0) - 99;
  if (over > 0) for (let i = 0; i < dots.length; i++) dots[i] = { ...dots[i]!, at: Math.max(1, dots[i]!.at - over) };
}

/** A block's number stands beside it where the next one leaves room. */
function labelled(blocks: { block: number; at: number }[]): Scale["blocks"] {
  return blocks.map((one, i) => ({ ...one, labelled: (blocks[i + 1]?.at ?? 100) - one.at > 8 }));
}
