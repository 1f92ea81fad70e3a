import { describe, expect, test } from "vitest";
import type { Line, SessionRow } from "@/lib/audit/api.ts";
import { READS } from "@/lib/audit/unusual.ts";
import { scaleOf } from "./scale.ts";

const at = (clock: string) => `2026-11-24T${clock}.000Z`;
const row: SessionRow = {
  visitId: "0".repeat(32),
  at: at("09:00:00"),
  clinician: { id: "esi", name: "Dr. Esi Osei" },
  pseudonym: "K7M-4QD",
  state: "over",
  end: "ended",
  startedAt: at("14:02:58"),
  endedAt: at("14:25:26"),
  consent: "ended",
  lines: 9,
  ledger: "final",
};
const line = (
  number: number,
  clock: string,
  action: string,
  is: "staff" | "patient" | "guest",
  block: number | null = null,
): Line => ({
  entry: {
    number,
    at: at(clock),
    actor: { is, id: is === "staff" ? "esi" : "K7M-4QD" },
    action,
    visitId: row.visitId,
    object: null,
    consent: null,
    refusal: null,
    detail: {},
    ofVisit: null,
    salt: "",
    previous: "",
    hash: "",
  },
  act:
    block === null
      ? null
      : {
          id: "a",
          kind: "record",
          object: "",
          state: "final",
          reason: null,
          transaction: "0x01",
          block,
          blockHash: "0x02",
        },
});
const lines = [
  line(4, "09:00:00", "visit.created", "staff"),
  line(7, "14:00:52", "link.opened", "patient"),
  line(8, "14:01:38", "consent.granted", "patient", 17),
  line(9, "14:02:54", "visit.admitted", "staff"),
  line(11, "14:16:19", "record.added", "staff", 18),
  line(12, "14:16:20", "approval.given", "patient"),
  line(20, "19:40:00", "audit.read", "staff"),
];
const scale = () => scaleOf({ row, lines, consents: [], waitingSince: at("14:01:38") })!;

describe("a session to scale", () => {
  test("reaches from the first thing that happened to the last, not to who looked hours later", () => {
    const { from, to } = scale();
    expect(new Date(from).toISOString() > at("13:50:00")).toBe(true);
    expect(new Date(to).toISOString() < at("14:35:00")).toBe(true);
  });

  test("a dot's number is its line's place in the list", () => {
    const { dots } = scale();
    expect(dots.permission.map(({ place }) => place)).toEqual([3]);
    expect(dots.doctor.map(({ place }) => place)).toEqual([4, 5]);
    expect(dots.patient.map(({ place }) => place)).toEqual([2, 6]);
  });

  test("what guests do stands in a lane of theirs; what the patient signs of them is a permission", () => {
    const guests = [line(13, "14:17:00", "guest.asked", "guest"), line(14, "14:18:00", "guest.allowed", "patient")];
    const { dots } = scaleOf({ row, lines: [...lines, ...guests], consents: [], waitingSince: null })!;
    expect(dots.guests.map(({ number }) => number)).toEqual([13]);
    expect(dots.permission.map(({ number }) => number)).toEqual([8, 14]);
    expect(dots.patient.map(({ number }) => number)).toEqual([7, 12]);
  });

  test("dots lie in time's order within the axis, and none covers the next", () => {
    const crowd = Array.from({ length: 12 }, (_, i) => line(i + 1, "14:25:20", "record.added", "staff"));
    const { dots } = scaleOf({ row, lines: [...lines, ...crowd], consents: [], waitingSince: null })!;
    for (const side of ["at", "narrow"] as const) {
      const places = dots.doctor.map((dot) => dot[side]);
      places.slice(1).forEach((place, i) => {
        expect(place - places[i]!).toBeGreaterThan(side === "at" ? 2.8 : 6);
      });
      expect(Math.max(...places)).toBeLessThan(100);
    }
  });

  test("who left the call and came back has a gap in their bar, and what they opened a mark", () => {
    const gap = [
      line(13, "14:10:00", "call.left", "patient"),
      line(14, "14:12:00", "call.entered", "patient"),
      line(15, "14:13:00", "record.read", "staff"),
    ];
    const { patient, doctor, reads } = scaleOf({ row, lines: [...gap, ...lines], consents: [], waitingSince: null })!;
    const call = patient.filter(({ faint }) => !faint);
    expect(call).toHaveLength(2);
    expect(call[0]!.at + call[0]!.width).toBeLessThan(call[1]!.at);
    expect(doctor).toHaveLength(1);
    expect(reads.doctor).toHaveLength(1);
    expect(reads.patient).toEqual([]);
  });

  test.each([...READS, "looks.read"])("“%s” is a mark and no dot", (action) => {
    const opened = line(15, "14:13:00", action, "staff");
    const { reads, dots } = scaleOf({ row, lines: [...lines, opened], consents: [], waitingSince: null })!;
    expect(reads.doctor).toHaveLength(1);
    expect(Object.values(dots).flat()).not.toContainEqual(expect.objectContaining({ number: 15 }));
  });

  test("a session of seconds has ticks, and one in which nothing happened has no scale", () => {
    const short = { ...row, startedAt: at("14:02:58"), endedAt: at("14:02:59") };
    expect(scaleOf({ row: short, lines: [], consents: [], waitingSince: null })!.ticks.length).toBeGreaterThan(2);
    expect(
      scaleOf({ row: { ...row, startedAt: null, endedAt: null }, lines: [], consents: [], waitingSince: null }),
    ).toBeNull();
  });

  test("a changed time does not stretch it", () => {
    const { to } = scaleOf({
      row,
      lines: [...lines, line(30, "23:59:00", "record.added", "staff")],
      consents: [],
      waitingSince: null,
    })!;
    expect(new Date(to).toISOString() < at("14:40:00")).toBe(true);
  });
});
