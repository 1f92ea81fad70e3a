import type { Actor } from "../../lib/audit/entry.ts";
import type { Chance } from "../chance.ts";
import type { NewEntry } from "../storage/storage.ts";
import { DAY, type Happening, HOUR, MINUTE, noRows, type Rows, yes } from "./happening.ts";
import type { Practice } from "./practice.ts";
import { visitOf } from "./visit.ts";

/** Lines of one workday: a practice does not grow with what is asked for, it is only older. */
const A_WORKDAY = 1_000;
const VISITS = 6;
/** What the staff do on a workday whether anybody comes or not, and what a visit makes, in lines. */
const WITHOUT_VISITS = 30;
const WITH_EACH = 55;
/** How many records somebody may go through who should not. */
const PAST = 300;
/** A day of a weekend has hardly any. */
const WEEKEND = 0.02;
/** The youngest practice, in days, and the fewest lines that are enough for one. */
const YOUNGEST = 7;
export const FEWEST = 1_000;
/** How many days ahead a visit is made, at the most. */
const AHEAD = 4;

const stranger: Actor = { is: "nobody", id: "stranger" };

/** How many days it takes until there are so many lines. */
export const daysFor = (lines: number): number => Math.max(YOUNGEST, Math.ceil(((lines / A_WORKDAY) * 7) / 5));

interface Told {
  chance: Chance;
  practice: Practice;
  /** Of the first morning. */
  opening: Happening[];
  lines: number;
  /** The midnight at which it ends, in milliseconds since 1970. */
  until: number;
}

/**
 * The practice's days one after the other, each with its lines in the order of time and the rows that it brought; of `lines`
 * lines in all. What is not visits is the coming and going of the staff, who look at their list all day.
 */
export async function* history({ chance, practice, opening, lines, until }: Told) {
  const days = daysFor(lines);
  const began = until - days * DAY;
  const later = new Map<number, Happening[]>([[0, opening]]);
  const put = (happening: Happening) => {
    const day = Math.floor((happening.at - began) / DAY);
    later.set(day, [...(later.get(day) ?? []), happening]);
  };
  const midnights = Array.from({ length: days }, (_, day) => began + day * DAY);
  const weight = (midnight: number) => (isWeekend(midnight) ? WEEKEND : 1);
  const all = midnights.reduce((sum, midnight) => sum + weight(midnight), 0);
  const each = lines / all;
  const visits = Math.min(VISITS, Math.max(1, Math.floor((each - WITHOUT_VISITS) / WITH_EACH)));
  /** Records of the last visits, as their lines tell of them. */
  let past: NewEntry[] = [];
  let told = 0;
  let passed = 0;
  for (const [day, midnight] of midnights.entries()) {
    const rows = noRows();
    const now = { chance, practice, midnight, first: day === 0 };
    for (const happening of await visitsMade({ ...now, visits, until }, rows)) put(happening);
    for (const happening of comings(now, past)) put(happening);
    passed += weight(midnight);
    const happened = later.get(day) ?? [];
    later.delete(day);
    const due = Math.round((lines * passed) / all) - told;
    for (let missing = due - happened.length; missing > 0; missing--) happened.push(look(now));
    told += happened.length;
    const records = happened.flatMap(({ line }) => (line.action === "record.added" ? line : []));
    past = [...past, ...records].slice(-Math.min(PAST, Math.floor(each / 2)));
    yield { happenings: happened.sort((a, b) => a.at - b.at), rows };
  }
  if (told !== lines) throw new RangeError(`${told} lines were told, and ${lines} were asked for.`);
}

interface Today extends Pick<Told, "chance" | "practice"> {
  midnight: number;
  first: boolean;
}

/** The visits that are made on this day, with all that becomes of them. */
async function visitsMade(
  { chance, practice, midnight, first, visits, until }: Today & { visits: number; until: number },
  rows: Rows,
): Promise<Happening[]> {
  const happenings: Happening[] = [];
  for (let n = 0; n < visits; n++) {
    const createdAt = midnight + chance.between(first ? 9 : 7, 10) * HOUR;
    const ahead = Math.floor(chance.next() ** 2 * (AHEAD + 1));
    const plannedFor = midnight + ahead * DAY + (10.5 + Math.floor(chance.next() * 22) / 4) * HOUR;
    if (isWeekend(plannedFor) || isWeekend(midnight)) continue;
    const doctor = chance.oneOf(practice.doctors);
    happenings.push(...(await visitOf({ chance, practice, doctor, createdAt, plannedFor, until }, rows)));
  }
  return happenings;
}

/** Signing in and out, with what goes wrong there, and what an admin does. */
function comings({ chance, practice, midnight, first }: Today, past: readonly NewEntry[]): Happening[] {
  const happenings: Happening[] = [];
  const says = (hours: number, line: NewEntry) => happenings.push({ at: midnight + hours * HOUR, line });
  if (isWeekend(midnight)) return happenings;
  for (const { id } of [...practice.doctors, ...practice.admins.slice(1)]) {
    const actor: Actor = { is: "staff", id };
    const at = chance.between(first ? 8.6 : 7, 9);
    for (let wrong = chance.next(); wrong < 0.05; wrong += 0.02)
      says(at - wrong, { actor: stranger, action: "staff.sign-in-refused", refusal: "auth.wrong" });
    says(at, { actor, action: "staff.signed-in" });
    says(chance.between(17.5, 20), { actor, action: "staff.signed-out" });
  }
  const admin: Actor = { is: "staff", id: chance.oneOf(practice.admins).id };
  for (let n = 0; n < 4; n++)
    says(chance.between(10, 17), { actor: admin, action: "audit.read", detail: { sessions: 50 } });
  if (yes(chance, 0.3)) {
    const doctor: Actor = { is: "staff", id: chance.oneOf(practice.doctors).id };
    says(chance.between(9, 17), { actor: doctor, action: "access.refused", refusal: "visit.not-found" });
  }
  if (yes(chance, 0.1))
    says(chance.between(0, 24), { actor: stranger, action: "access.refused", refusal: "auth.needed" });
  // Once in a while somebody goes through a great many visits, or does so at night.
  if (yes(chance, 0.03)) {
    const actor: Actor = { is: "staff", id: chance.oneOf(practice.doctors).id };
    const at = yes(chance, 0.5) ? chance.between(1, 4) : chance.between(12, 16);
    for (const [n, { visitId, object, consent, detail }] of past.filter((line) => line.actor.id === actor.id).entries())
      says(at + (n * 1.2 * MINUTE) / HOUR, { actor, action: "record.read", visitId, object, consent, detail });
  }
  // And somebody tries passwords.
  if (yes(chance, 0.02))
    for (let n = 0; n < 12; n++)
      says(22 + (n * MINUTE) / HOUR, { actor: stranger, action: "staff.sign-in-refused", refusal: "auth.wrong" });
  return happenings;
}

/** One of the many times that somebody looks at a list. */
function look({ chance, practice, midnight, first }: Today): Happening {
  const doctor: Actor = { is: "staff", id: chance.oneOf(practice.doctors).id };
  const admin: Actor = { is: "staff", id: chance.oneOf(practice.admins).id };
  const at = midnight + chance.between(first ? 10 : 8, 18) * HOUR;
  const which = chance.next();
  if (which < 0.8)
    return {
      at,
      line: { actor: doctor, action: "visit.listed", detail: { visits: Math.floor(chance.between(1, 20)) } },
    };
  if (which < 0.9) return { at, line: { actor: doctor, action: "shared.listed", detail: { shares: 0 } } };
  return { at, line: { actor: admin, action: "audit.read", detail: { sessions: 50 } } };
}

const isWeekend = (at: number) => [0, 6].includes(new Date(at).getUTCDay());
