import { expect, test } from "vitest";
import { cursorIn, cursorOf } from "./cursor.ts";

test("a cursor says where a page ended, and one that is none is refused", () => {
  const at = new Date("2026-11-23T10:00:00.123Z");
  expect(cursorIn(cursorOf(at, "order-17"))).toEqual({ at: at.toISOString(), id: "order-17" });
  for (const wrong of ["", "order-17", "soon_order-17", `${at.toISOString()}_`])
    expect(() => cursorIn(wrong)).toThrow(expect.objectContaining({ code: "request.malformed" }));
});
