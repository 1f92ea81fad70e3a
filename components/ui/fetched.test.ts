import { createElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { fetched } from "./fetched.tsx";

const Room = ({ name }: { name: string }) => `A room with ${name}`;
const Coming = () => "It is coming";

test("until its code is here something stands in its place", () => {
  const Part = fetched(async () => Room, Coming);
  expect(renderToStaticMarkup(createElement(Part, { name: "Ana" }))).toBe("It is coming");
});

test("what was fetched before is drawn at once, with nothing in between", async () => {
  const Part = fetched(async () => Room, Coming);
  await Part.fetch();
  expect(renderToStaticMarkup(createElement(Part, { name: "Ana" }))).toBe("A room with Ana");
});

test("code that did not come is asked for again, and only then", async () => {
  let asked = 0;
  const Part = fetched(async () => {
    asked += 1;
    if (asked === 1) throw new Error("no line");
    return Room;
  }, Coming);
  await expect(Part.fetch()).rejects.toThrow("no line");
  await Part.fetch();
  await Part.fetch();
  expect(asked).toBe(2);
});
