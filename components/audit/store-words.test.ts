import { describe, expect, test } from "vitest";
import type { StoreFigures } from "@/lib/audit/stores.ts";
import { placeOf, storesAlarm, storesTold } from "./store-words.ts";

const now = new Date(2026, 10, 24, 16, 48);
const at = (hour: number) => new Date(2026, 10, 24, hour, 2).toISOString();
const folder: StoreFigures = {
  ...{ name: "file:/srv/files", state: "up", since: at(8), files: 3_912, bytes: 41e9 },
  ...{ owed: 0, missing: 0, damaged: 0, repaired: 0, unread: 0, checkedSince: at(3) },
};
const bucket: StoreFigures = { ...folder, name: "s3:https://s3.example.org/blobs" };
const told = (stores: StoreFigures[], lost = 0) => storesTold({ files: 0, free: 0, total: 0, stores, lost }, now);
const alarm = (stores: StoreFigures[], lost = 0) => storesAlarm({ files: 0, free: 0, total: 0, stores, lost });

test("a place is told in words, and a bucket without who signs in", () => {
  expect(placeOf(folder)).toBe("the folder /srv/files");
  expect(placeOf(bucket)).toBe("the bucket blobs at s3.example.org");
});

describe("what is said of the stores", () => {
  test("is one row while all is well", () => {
    expect(told([folder, bucket])).toEqual([
      {
        tone: "well",
        title: "3,912 files in 2 stores, all whole",
        text: "each read and compared since today, 03:02.",
      },
    ]);
    expect(alarm([folder, bucket])).toBeNull();
  });

  test("does not say that files are whole which nobody has read yet", () => {
    const [row] = told([{ ...folder, checkedSince: null, unread: 3_912 }]);
    expect(row).toMatchObject({ tone: "unknown", text: "none read and compared yet." });
    expect(told([{ ...folder, files: 0, checkedSince: null }])[0]).toMatchObject({ title: "No files are kept yet" });
    expect(told([{ ...folder, unread: 2, repaired: 1 }])[0]?.text).toBe(
      "each read and compared since today, 03:02; 2 newer are next; 1 copy was put right so far.",
    );
  });

  test.each([
    ["away", "No answer from the bucket", "warning"],
    ["full", "No room in the bucket", "warning"],
    ["foreign", "Another installation’s: the bucket", "danger"],
  ] as const)("names the one that is %s, and that nothing is lost while others are there", (state, title, tone) => {
    const rows = told([folder, { ...bucket, state, owed: 12 }]);
    expect(rows[0]?.title).toBe("3,912 files in the folder /srv/files, all whole");
    expect(rows[1]).toMatchObject({ tone, title: expect.stringContaining(title) });
    expect(alarm([folder, { ...bucket, state }])).toMatchObject({
      tone: "warning",
      title: expect.stringContaining("1 store"),
    });
  });

  test("names the one that is being put right", () => {
    expect(told([folder, { ...bucket, owed: 1 }])[1]).toMatchObject({
      text: "1 file is being copied to it from the others.",
    });
  });

  test("is an alarm once too few are left: of three, one; of two, none", () => {
    const away = { ...bucket, state: "away" as const };
    expect(alarm([folder, away])?.tone).toBe("warning");
    expect(alarm([folder, away, { ...away, name: "s3:https://b.org/b" }])?.tone).toBe("danger");
    expect(alarm([away, { ...folder, state: "full" }])).toMatchObject({
      tone: "danger",
      title: expect.stringContaining("full"),
    });
  });

  test("begins with files that are lost", () => {
    expect(told([folder], 2)[0]).toMatchObject({ tone: "danger", title: "2 files whole in no store" });
    expect(alarm([folder, bucket], 2)?.title).toBe("2 files whole in no store");
  });
});
