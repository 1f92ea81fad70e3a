import { expect, test } from "vitest";
import { bytes, gif, jpeg, pngHead } from "./pictures.fixture.ts";
import { shownPicture } from "./shown.browser.ts";

const html = "<!doctype html><script>alert(document.domain)</script>";
const svg = '<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>';

test.each([
  ["HTML named .png", bytes(html), "image/png"],
  ["SVG with a script", bytes(svg), "image/svg+xml"],
  ["SVG that says it is a JPEG", bytes(svg), "image/jpeg"],
  ["a PDF with JavaScript", bytes("%PDF-1.7 /OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "image/png"],
  ["HTML behind the first bytes of a picture", bytes("\x89PNG\r\n\x1a\n", html), "image/png"],
  ["an archive", bytes("PK\x03\x04", new Uint8Array(40)), "image/gif"],
  ["nothing", bytes(), "image/png"],
])("T-H7 %s is no picture, whatever it says it is", async (_, content, type) => {
  expect(await shownPicture(new Blob([content], { type }))).toEqual({ why: "no-picture" });
});

test.each([
  ["a picture that says it is a page", jpeg(), "text/html", "image/jpeg"],
  ["a picture that is a program as well", gif(), "application/java-archive", "image/gif"],
  ["a picture followed by a page", bytes(jpeg(), html), "image/svg+xml", "image/jpeg"],
])("T-H7 %s is a picture and nothing else", async (_, content, type, shown) => {
  const found = await shownPicture(new Blob([content], { type }));
  expect("picture" in found && found.picture.type).toBe(shown);
});

test("what unfolds into more than a hundred million pixels is never given to the browser", async () => {
  const png = (width: number, height: number) => new Blob([bytes("\x89PNG\r\n\x1a\n", pngHead(width, height))]);
  expect(await shownPicture(png(10_000, 10_001))).toEqual({ why: "too-many-pixels" });
  expect(await shownPicture(png(10_000, 10_000))).toHaveProperty("picture");
});
