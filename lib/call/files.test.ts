import { describe, expect, test } from "vitest";
import { FileShare } from "../records/content.ts";
import { LARGEST_FILE } from "../records/record.ts";
import { badNames } from "./bad-names.fixture.ts";
import { cleanName, isPicture, plainType, refusesFile, sizeInWords } from "./files.ts";

describe("T-H6 a file's name", () => {
  test.each([
    ["rapport médical.pdf".normalize("NFD"), "rapport médical.pdf"],
    ["../../etc/passwd", "_.._etc_passwd"],
    ["photo\u202egpj.exe", "photogpj.exe"],
    ["a\u0000b\r\n.txt", "ab.txt"],
    ["zero\u200bwidth\ufeff.txt", "zerowidth.txt"],
    ["  .hidden  ", "hidden"],
    ["\u202e\u2066", "file"],
    ["CON", "_CON"],
    ["nul.tar.gz", "_nul.tar.gz"],
    ["console.txt", "console.txt"],
    ["a\u{e0067}\u3164\u2060b.txt", "ab.txt"],
    ["C:\\x\\y.txt", "C__x_y.txt"],
    ["👩‍⚕️.png", "👩⚕.png"],
  ])("%j is shown as %j", (name, shown) => expect(cleanName(name)).toBe(shown));
  test("is never a path, a device or hidden text, whichever of 400 bad ones it was", () => {
    for (const name of badNames) {
      const shown = cleanName(name);
      expect(shown).not.toMatch(/[/\\:*?"<>|]|^\.|[. ]$|^$|[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u);
      expect(shown).not.toMatch(/^(con|prn|aux|nul|com\d|lpt\d)(\.|$)/i);
      expect(shown.length).toBeLessThanOrEqual(120);
      expect(FileShare.shape.name.safeParse(shown).success).toBe(true);
      expect(cleanName(shown)).toBe(shown);
    }
    expect(badNames.size).toBeGreaterThanOrEqual(400);
  });
  test("is at most 120 characters and keeps its ending", () => {
    const name = cleanName(`${"å".repeat(4_000)}.pdf`);
    expect([...name]).toHaveLength(120);
    expect(name.endsWith(".pdf")).toBe(true);
  });
  test.each([
    `${"👩".repeat(200)}.pdf`,
    `a${"👩".repeat(200)}.pdf`,
    `a.${"👩".repeat(200)}`,
    `${"👩".repeat(60)}\ud83d`,
    `\udc69${"a".repeat(119)}`,
  ])("is what a record takes, and no letter of it is cut in half: %#", (raw) => {
    const name = cleanName(raw);
    expect(name.length).toBeLessThanOrEqual(120);
    expect(name.length).toBeGreaterThan(116);
    expect(name.isWellFormed()).toBe(true);
    expect(FileShare.shape.name.safeParse(name).success).toBe(true);
  });
});

test.each([
  [{ name: "a.exe", type: "image/png", size: 1 }, "type"],
  [{ name: "a.pdf\u202e.EXE", type: "", size: 1 }, "type"],
  [{ name: "a.js ", type: "text/plain", size: 1 }, "type"],
  [{ name: "a", type: "application/x-msdownload; a=b", size: 1 }, "type"],
  [{ name: "a.pdf", type: "application/pdf", size: 0 }, "size"],
  [{ name: "a.pdf", type: "application/pdf", size: LARGEST_FILE + 1 }, "size"],
  [{ name: "a.pdf", type: "application/pdf", size: LARGEST_FILE }, undefined],
  [{ name: "scan.dcm", type: "", size: 10 }, undefined],
  [{ name: "page.html", type: "text/html", size: 10 }, undefined],
] as const)("%j: %s", (file, why) => expect(refusesFile(file)).toBe(why));

test("T-H7 only plain pictures are shown, never what can carry a program", () => {
  expect(["image/png", "image/jpeg", "image/webp", "IMAGE/GIF"].every(isPicture)).toBe(true);
  expect(["image/svg+xml", "text/html", "application/pdf", "image/png,text/html", ""].some(isPicture)).toBe(false);
  expect(plainType("not a type")).toBe("application/octet-stream");
  expect(plainType(`application/${"x".repeat(120)}`)).toBe("application/octet-stream");
});

test.each([
  [500, "500 bytes"],
  [1_800_000, "1.8 MB"],
  [52_400, "52 KB"],
  [1_073_741_824, "1.07 GB"],
  [41_200_000_000, "41 GB"],
  [2_000_000_000_000, "2.0 TB"],
])("%i bytes are %s", (bytes, words) => expect(sizeInWords(bytes)).toBe(words));
