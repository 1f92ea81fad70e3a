import { expect, test } from "vitest";
import { icsOf } from "./calendar.ts";

const entry = {
  uid: "0123456789abcdef0123456789abcdef@visits.riverside.example",
  start: new Date("2026-11-24T14:00:00Z"),
  minutes: 30,
  made: new Date("2026-11-20T08:30:15.123Z"),
  title: "Video visit with Dr. Esi Osei; Riverside Practice, Køge",
  text: "Open this link at the time of the visit.\nNothing to install.",
  url: `https://visits.riverside.example/join/0123456789abcdef0123456789abcdef#${"s".repeat(43)}`,
};

const unfolded = (ics: string) => ics.replace(/\r\n /g, "");

test("a calendar shows the visit at its time and the whole link in its description", () => {
  const lines = unfolded(icsOf(entry)).split("\r\n");
  expect(lines).toContain("DTSTART:20261124T140000Z");
  expect(lines).toContain("DTEND:20261124T143000Z");
  expect(lines).toContain("DTSTAMP:20261120T083015Z");
  expect(lines.find((line) => line.startsWith("DESCRIPTION:Open"))).toBe(
    `DESCRIPTION:Open this link at the time of the visit.\\nNothing to install.\\n${entry.url}`,
  );
  expect(lines).toContain("SUMMARY:Video visit with Dr. Esi Osei\\; Riverside Practice\\, Køge");
});

test("every line ends as the format wants and none is longer than 75 octets", () => {
  const ics = icsOf({ ...entry, title: "å".repeat(100) });
  expect(ics.endsWith("END:VCALENDAR\r\n")).toBe(true);
  for (const line of ics.split("\r\n")) expect(new TextEncoder().encode(line).length).toBeLessThanOrEqual(75);
  expect(unfolded(ics)).toContain(`SUMMARY:${"å".repeat(100)}`);
});
