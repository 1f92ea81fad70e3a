import { expect, test } from "vitest";
import { type LineFound, qualityOf, rateOf, typicalOf } from "./line-test.ts";

const fine: LineFound = { roundTrips: [20, 22, 25], down: 20_000, up: 5_000, socket: true, way: "open", clockAhead: 0 };

test("a wide and quick line is good for picture and sound", () => {
  expect(qualityOf(fine)).toBe("good");
});

test("the thinner direction decides: nobody is seen over what only comes in", () => {
  expect(qualityOf({ ...fine, up: 400 })).toBe("video-poor");
  expect(qualityOf({ ...fine, down: 400 })).toBe("video-poor");
  expect(qualityOf({ ...fine, up: 120 })).toBe("sound-only");
});

test("a line that answers late is not good however wide it is", () => {
  expect(qualityOf({ ...fine, roundTrips: [450, 500, 480] })).toBe("video-poor");
  expect(qualityOf({ ...fine, roundTrips: [1_200, 1_500, 900] })).toBe("sound-only");
});

test("one late answer among quick ones changes nothing", () => {
  expect(typicalOf([20, 2_000, 22])).toBe(22);
  expect(qualityOf({ ...fine, roundTrips: [20, 2_000, 22] })).toBe("good");
});

test("without an answer or without the socket there is no call at all", () => {
  expect(qualityOf(null)).toBe("none");
  expect(qualityOf({ ...fine, roundTrips: [] })).toBe("none");
  expect(qualityOf({ ...fine, socket: false })).toBe("none");
});

test("a rate leaves out the time the question took", () => {
  expect(rateOf(100_000, 650, 150)).toBe(1_600);
  expect(rateOf(1_000, 5, 20)).toBe(8_000);
});
