import { expect, test } from "vitest";
import { arrange } from "./layout.ts";

test.each([2, 3])(
  "with %i others the doctor sees one large and oneself beside them; a patient sees all alike",
  (others) => {
    const large = arrange(others, "speaker", false);
    expect(large.large).toContain("lg:row-span-3");
    expect(large.own).toBe("corner-then-cell");
    const alike = arrange(others, "grid", false);
    expect(alike.frame).toContain(`lg:grid-cols-${others}`);
    expect(alike.own).toBe("corner");
  },
);

test.each([2, 3])("a panel on a phone leaves %i others in one row, and a wide screen as it is", (others) => {
  for (const layout of ["speaker", "grid"] as const) {
    const { frame, large } = arrange(others, layout, true);
    expect(frame).toContain(`max-lg:grid-cols-${others}`);
    expect(frame).not.toContain("max-lg:grid-rows");
    expect(large).not.toContain("max-lg:col-span");
    const wide = (classes: string) => classes.split(" ").filter((one) => one.startsWith("lg:"));
    expect(wide(frame)).toEqual(wide(arrange(others, layout, false).frame));
  }
});

test("one other fills the stage, or stands beside oneself where that is wished and there is room", () => {
  expect(arrange(1, "speaker", false)).toMatchObject({ frame: "", own: "corner" });
  expect(arrange(1, "grid", false)).toMatchObject({ own: "cell" });
  expect(arrange(1, "grid", true)).toMatchObject({ frame: "", own: "corner" });
});
