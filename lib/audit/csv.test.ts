import { expect, test } from "vitest";
import { CSV_COLUMNS, csvOf, csvRecord } from "./csv.ts";
import { lineOf } from "./line.fixture.ts";

test("cells are as RFC 4180 has them", () => {
  expect(csvRecord(["a", 'say "no"', "one, two", "two\r\nlines", 7, null])).toBe(
    'a,"say ""no""","one, two","two\r\nlines",7,\r\n',
  );
});

test.each(["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", '=HYPERLINK("http://x","y")'])(
  "%j is text to a program for tables, not a formula",
  (text) => {
    expect(csvRecord([text]).replace(/^"/, "")).toMatch(/^'/);
  },
);

test("a number that is one stays one", () => {
  expect(csvRecord([-5])).toBe("-5\r\n");
});

test("a line of the trail has a cell for every column, on one line", () => {
  const text = csvOf(lineOf({ action: "visit.read", detail: { why: "=cmd|'/c calc'!A1" } }), {
    name: "Dr. Esi Osei",
    patient: "K7M-4QD",
  });
  expect(text.split("\n")).toHaveLength(2);
  const cells = text.trimEnd().match(/("([^"]|"")*"|[^,]*)(,|$)/g)!;
  expect(cells.filter((one, i) => one !== "" || i < CSV_COLUMNS.length)).toHaveLength(CSV_COLUMNS.length);
  expect(text).toContain("esi,Dr. Esi Osei,K7M-4QD,visit.read");
});
