import { expect, test } from "vitest";
import { within } from "./use-view.ts";

const box = { width: 400, height: 300 };

test("what is not enlarged stays where it is", () => {
  expect(within({ zoom: 1, turn: 0, x: 90, y: -90 }, box)).toEqual({ zoom: 1, turn: 0, x: 0, y: 0 });
  expect(within({ zoom: 0.2, turn: 0, x: 90, y: 0 }, box)).toMatchObject({ zoom: 1, x: 0 });
});

test("what is enlarged can be moved to its edges and no farther, and grows to eight times", () => {
  expect(within({ zoom: 2, turn: 0, x: 900, y: -900 }, box)).toMatchObject({ x: 200, y: -150 });
  expect(within({ zoom: 2, turn: 0, x: -50, y: 20 }, box)).toMatchObject({ x: -50, y: 20 });
  expect(within({ zoom: 100, turn: 0, x: 0, y: 0 }, box)).toMatchObject({ zoom: 8 });
});

test("after four quarters it stands as before", () => {
  expect(within({ zoom: 1, turn: 4, x: 0, y: 0 }, box).turn).toBe(0);
});
