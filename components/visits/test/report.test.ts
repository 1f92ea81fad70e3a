import { expect, test } from "vitest";
import { type Facts, linesOf, textOf, verdictOf } from "./report.ts";

const line = { roundTrips: [20, 22, 25], down: 20_000, up: 5_000, socket: true, way: "open", clockAhead: 40 } as const;
const fine: Facts = {
  browser: { name: "Chrome 148 on Android", app: null, keeps: true },
  camera: { is: "on", device: "" },
  height: 720,
  microphone: { is: "on", device: "" },
  heardUs: true,
  speaker: "yes",
  line,
};
const of = (change: Partial<Facts>) => {
  const lines = linesOf({ ...fine, ...change });
  return { verdict: verdictOf(lines), of: (is: string) => lines.find((one) => one.is === is)!, lines };
};

test("a device on which everything works is ready, in seven lines", () => {
  const { verdict, lines } = of({});
  expect(verdict).toBe("Ready for a visit");
  expect(lines.map((one) => one.title)).toEqual([
    "Browser",
    "Camera",
    "Microphone",
    "Speaker",
    "Your line",
    "Way to the clinic",
    "Clock",
  ]);
});

test("a thin line is one thing to improve, with advice", () => {
  const thin = of({ line: { ...line, up: 400 } });
  expect(thin.verdict).toBe("Ready for a visit, with one thing to improve");
  expect(thin.of("line")).toMatchObject({ outcome: "better", says: expect.stringContaining("router") });
});

test("what doesn’t work is named, and comes before what was not tried", () => {
  const blocked = of({ camera: { is: "trouble", why: "refused" }, speaker: "untried" });
  expect(blocked.verdict).toBe("Almost ready: look at “Camera”");
  expect(of({ speaker: "untried" }).verdict).toContain("still to be tried");
});

test("no answer, a network without live connections and a browser without calls are three different things", () => {
  expect(of({ line: null }).of("way").says).toContain("Nothing answered");
  expect(of({ line: { ...line, socket: false } }).of("way").says).toContain("no live connection");
  expect(of({ line: { ...line, way: "forbidden" } }).of("way").says).toContain("Use another browser");
});

test("a clock that would make the server refuse a signature is found the day before", () => {
  expect(of({ line: { ...line, clockAhead: -301_000 } }).of("clock").outcome).toBe("bad");
  expect(of({ line: { ...line, clockAhead: 30_000 } }).of("clock").outcome).toBe("good");
});

test("the result to send names the outcome of every line", () => {
  const text = textOf(of({ speaker: "no" }).lines, "22 November, 14:02");
  expect(text.split("\n")).toHaveLength(9);
  expect(text).toContain("Speaker: Not working. You heard nothing.");
});
