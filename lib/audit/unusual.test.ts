import { describe, expect, test } from "vitest";
import type { Entry } from "./entry.ts";
import { BOUNDS, openRules, type Recent, type SeenVisit, unseen } from "./unusual.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** Noon in Lisbon on a summer's day. */
const NOON = Date.parse("2026-07-06T11:00:00Z");
const permission = `0x${"1".repeat(64)}`;
const share = `0x${"2".repeat(64)}`;

interface Told {
  /** Milliseconds after noon. */
  at?: number;
  who?: string;
  visit?: string | null;
  action: Entry["action"];
  object?: string | null;
  consent?: string | null;
  refusal?: string | null;
  detail?: Entry["detail"];
}

const actors: Record<string, Entry["actor"]> = {
  esi: { is: "staff", id: "esi" },
  liam: { is: "staff", id: "liam" },
  ana: { is: "patient", id: "K7M-4QD" },
  nobody: { is: "nobody", id: "stranger" },
};

/** Reads these lines, and says what was found: `rule at line × how often`. */
function found(...told: Told[]): string[] {
  const see = openRules("Europe/Lisbon");
  const visits = new Map<string, SeenVisit>();
  const recent: Recent = {};
  const findings = new Map<string, { what: string; times: number }>();
  told.forEach((line, i) => {
    const visitId = line.visit === undefined ? "v1" : line.visit;
    const entry = {
      number: i + 1,
      at: new Date(NOON + (line.at ?? i * 1_000)).toISOString(),
      actor: actors[line.who ?? "esi"]!,
      action: line.action,
      visitId,
      object: line.object ?? null,
      consent: line.consent === undefined ? permission : line.consent,
      refusal: line.refusal ?? null,
      detail: line.detail ?? {},
    };
    if (visitId !== null && !visits.has(visitId)) visits.set(visitId, unseen());
    for (const one of see(entry, visitId === null ? null : visits.get(visitId)!, recent)) {
      if (one.is === "more") findings.get(one.id)!.times += 1;
      else findings.set(one.id, { what: one.why ? `${one.rule} ${one.why}` : one.rule, times: one.lines.length });
    }
  });
  return [...findings].map(([id, { what, times }]) => `${what} at ${id.split("-").at(-1)} × ${times}`);
}

const made = (visit = "v1", at = 0): Told => ({ action: "visit.created", visit, consent: null, at });
const granted: Told = { action: "consent.granted", who: "ana", object: permission, at: 0 };
const admitted: Told = { action: "visit.admitted", at: 0 };
const entered: Told = { action: "call.entered", at: 0 };
const ended: Told = { action: "visit.ended", at: 0 };
const read = (at: number, more: Partial<Told> = {}): Told => ({ action: "record.read", at, ...more });
const session = [made(), granted, admitted, entered, ended];

test("an ordinary visit raises nothing", () => {
  expect(
    found(
      made(),
      { action: "link.opened", who: "nobody", consent: null },
      { action: "link.claimed", who: "ana", consent: null },
      granted,
      { action: "visit.read" },
      admitted,
      entered,
      { action: "call.entered", who: "ana" },
      { action: "record.added", detail: { kind: "session-start" } },
      { action: "file.stored", who: "ana" },
      { action: "approval.asked" },
      { action: "approval.given", who: "ana" },
      { action: "record.added", detail: { kind: "prescription" } },
      read(HOUR),
      { action: "record.read", who: "ana", at: 14 * HOUR },
      { action: "visit.ended", at: HOUR },
      { action: "record.added", detail: { kind: "session-end" }, at: HOUR },
      { action: "notes.saved", at: 2 * HOUR },
      { action: "audit.verified", who: "liam", visit: "never", consent: null },
    ),
  ).toEqual([]);
});

describe("opening what is of a visit", () => {
  const shared: Told = { action: "share.granted", who: "ana", object: share, detail: { reader: "liam" } };
  test.each<[string, Told[], string[]]>([
    ["by its doctor", [read(1)], []],
    ["by another doctor", [read(1, { who: "liam" })], ["elsewhere at 6 × 1"]],
    [
      "by another twice in an hour is one finding",
      [read(1, { who: "liam" }), read(2, { who: "liam" })],
      ["elsewhere at 6 × 2"],
    ],
    ["under a share", [shared, read(1, { who: "liam", consent: share })], []],
    ["with a share, under another permission", [shared, read(1, { who: "liam" })], ["elsewhere at 7 × 1"]],
    [
      "after the share was taken back",
      [shared, { action: "share.revoked", who: "ana", object: share }, read(1, { who: "liam", consent: share })],
      ["elsewhere at 8 × 1"],
    ],
    ["refused to another doctor, once", [read(1, { who: "liam", refusal: "visit.not-found" })], []],
    ["90 days after its end", [read(BOUNDS.longOver)], []],
    ["more than 90 days after its end", [read(BOUNDS.longOver + 1)], ["long-over at 6 × 1"]],
    [
      "long after its end, when its patient wants it erased",
      [{ action: "erasure.asked", who: "ana" }, read(BOUNDS.longOver + 1)],
      [],
    ],
    [
      "long after its end, when the patient no longer wants it erased",
      [{ action: "erasure.asked", who: "ana" }, { action: "erasure.withdrawn", who: "ana" }, read(BOUNDS.longOver + 1)],
      ["long-over at 8 × 1"],
    ],
    ["by its patient, whenever", [read(400 * DAY + 12 * HOUR, { who: "ana" })], []],
    ["a second before ten at night", [read(DAY + 10 * HOUR - 1_000)], []],
    ["at ten at night, by the practice's clock", [read(DAY + 10 * HOUR)], ["night at 6 × 1"]],
    ["a second before six", [read(DAY + 18 * HOUR - 1_000)], ["night at 6 × 1"]],
    ["at six", [read(DAY + 18 * HOUR)], []],
    ["at night, of the same day's visit", [read(BOUNDS.past)], []],
    ["at night, of a visit before", [read(BOUNDS.past + 1)], ["night at 6 × 1"]],
  ])("%s", (_, lines, expected) => {
    expect(found(...session, ...lines)).toEqual(expected);
  });

  const across = (visits: number, apart: number): Told[] => [
    ...Array.from({ length: visits }, (_, i) => made(`v${i}`)),
    ...Array.from({ length: visits }, (_, i) => read(i * apart, { visit: `v${i}` })),
  ];
  test.each<[string, Told[], string[]]>([
    ["of nineteen visits in an hour", across(19, 1_000), []],
    ["of twenty visits in an hour", across(20, 1_000), ["many at 40 × 20"]],
    ["of twenty-three visits in an hour is one finding", across(23, 1_000), ["many at 43 × 23"]],
    ["of twenty visits in more than an hour", across(20, HOUR / 19), []],
    ["of one visit twenty times", [made(), ...Array.from({ length: 20 }, (_, i) => read(i))], []],
  ])("%s", (_, lines, expected) => {
    expect(found(...lines)).toEqual(expected);
  });
});

describe("being refused", () => {
  const no = (times: number, line: Told, apart = 1_000): Told[] =>
    Array.from({ length: times }, (_, i) => ({ refusal: "visit.not-found", ...line, at: i * apart }));
  const person: Told = { action: "access.refused" };
  const link: Told = { action: "link.refused", who: "nobody" };
  const invitation: Told = { action: "invitation.refused", who: "nobody", visit: null };
  const door: Told = { action: "staff.sign-in-refused", who: "nobody", visit: null, refusal: "auth.wrong" };
  test.each<[string, Told[], string[]]>([
    ["nine times", no(9, person), []],
    ["ten times", no(10, person), ["refused at 10 × 10"]],
    ["ten times, by two people", [...no(5, person), ...no(5, { ...person, who: "liam" })], []],
    ["ten times in more than an hour", no(10, person, HOUR / 9), []],
    [
      "again after a quiet hour",
      [...no(10, person), { ...person, refusal: "visit.not-found", at: 2 * HOUR }],
      ["refused at 10 × 10"],
    ],
    ["twenty times is one finding", no(20, person), ["refused at 10 × 20"]],
    ["twenty times because the disk is full", no(20, { ...person, refusal: "storage.full" }), []],
    ["twenty times because others were faster", no(20, { ...person, refusal: "record.number-taken" }), []],
    ["by a link four times", no(4, link), []],
    ["by a link five times", no(5, link), ["link at 5 × 5"]],
    ["by two links", [...no(4, link), ...no(4, { ...link, visit: "v2" })], []],
    ["by invitations that are not there", no(5, { ...invitation, refusal: "invitation.not-found" }), ["link at 5 × 5"]],
    ["by an invitation that had run out", no(5, { ...invitation, refusal: "invitation.expired" }), []],
    ["at the sign-in nine times", no(9, door), []],
    ["at the sign-in ten times, whoever it is", no(10, door), ["sign-in at 10 × 10"]],
  ])("%s", (_, lines, expected) => {
    expect(found(...lines)).toEqual(expected);
  });
});

describe("out of order", () => {
  const late = (at: number): Told => ({ ...entered, at });
  const record = (kind: string): Told => ({ action: "record.added", detail: { kind } });
  test.each<[string, Told[], string[]]>([
    ["a visit that nobody made", [granted], ["order never-made at 1 × 1"]],
    ["a visit made twice", [made(), made()], ["order twice at 2 × 1"]],
    ["admitted without a permission", [made(), admitted], ["order no-permission at 2 × 1"]],
    ["admitted twice", [made(), granted, admitted, admitted], ["order twice at 4 × 1"]],
    ["in the call without a permission", [made(), { ...entered, consent: null }], ["order no-permission at 2 × 1"]],
    ["in the call before they were admitted", [made(), granted, entered], ["order not-admitted at 3 × 1"]],
    ["in the call a minute after its end", [...session, late(BOUNDS.late)], []],
    ["in the call later after its end", [...session, late(BOUNDS.late + 1)], ["order after-end at 6 × 1"]],
    ["a record before they were admitted", [made(), granted, record("prescription")], ["order not-admitted at 3 × 1"]],
    ["a record without a permission", [made(), record("prescription")], ["order no-permission at 2 × 1"]],
    ["a prescription after the end", [...session, record("prescription")], ["order after-end at 6 × 1"]],
    [
      "what may come after the end",
      [...session, record("session-end"), record("prescription-cancelled"), record("access-granted")],
      [],
    ],
    ["a file before they were admitted", [made(), granted, { action: "file.stored" }], ["order not-admitted at 3 × 1"]],
    ["a question after the end", [...session, { action: "approval.asked" }], ["order after-end at 6 × 1"]],
    ["a permission after the end", [...session, granted], ["order after-end at 6 × 1"]],
    ["a permission twice", [made(), granted, granted], ["order twice at 3 × 1"]],
    ["taken back after the end", [...session, { action: "consent.revoked", who: "ana" }], []],
    ["ended twice", [...session, ended], ["order twice at 6 × 1"]],
    [
      "a record after it was taken back",
      [...session.slice(0, 4), { action: "consent.revoked", who: "ana" }, record("prescription")],
      ["order after-end at 6 × 1"],
    ],
    [
      "notes after it was erased",
      [...session, { action: "visit.erased" }, { action: "notes.saved" }],
      ["order after-erasure at 7 × 1"],
    ],
    [
      "after lines that are kept as proofs only",
      [{ action: "line.retained", who: "nobody" }, read(1), ended, ended],
      [],
    ],
    ["what is out of order but was refused", [made(), { ...admitted, refusal: "visit.wrong-state" }], []],
  ])("%s", (_, lines, expected) => {
    expect(found(...lines)).toEqual(expected);
  });
});
