import { beforeEach, expect, test, vi } from "vitest";
import { parcelsLeft } from "./parcels.browser.ts";

const visitId = "a".repeat(32);
const sealed = { key: "", sha256: "", blob: "", size: 3 };
/** The browser's own files, and which parcels other pages have. */
let files: Map<string, { text: string; lastModified: number }>;
let elsewhere: Set<string>;

const place = {
  getFileHandle: async (name: string) => ({
    getFile: async () => new File([files.get(name)!.text], name, { lastModified: files.get(name)!.lastModified }),
  }),
  removeEntry: async (name: string) => void files.delete(name),
  keys: () => files.keys(),
};
beforeEach(() => {
  files = new Map();
  elsewhere = new Set();
  vi.stubGlobal("navigator", {
    storage: { getDirectory: async () => ({ getDirectoryHandle: async () => place }) },
    locks: {
      request: async (name: string, _: object, work: (lock: object | null) => unknown) =>
        work(elsewhere.has(name.replace("assent-parcel-", "")) ? null : {}),
    },
  });
});
const keep = (name: string, text = "xyz", lastModified = Date.now()) => files.set(name, { text, lastModified });

test("what is on its way is taken by one alone, and by the next once it was left", async () => {
  const name = `${visitId}-1`;
  keep(name);
  keep(`${name}.note`, "what it is");
  const [first, second] = [(await parcelsLeft(visitId))[0]!, (await parcelsLeft(visitId))[0]!];
  expect(first.note).toBe("what it is");
  const parcel = (await first.take())!(sealed);
  // Also where the very page that sends it looks for what is left.
  expect(await second.take()).toBeNull();
  parcel.leave();
  const again = (await second.take())!(sealed);
  await again.drop();
  expect([...files.keys()]).toEqual([]);
});

test("what another page has is left to it, and taken once that page is gone", async () => {
  const name = `${visitId}-2`;
  keep(name);
  keep(`${name}.note`);
  elsewhere.add(name);
  const [left] = await parcelsLeft(visitId);
  expect(await left!.take()).toBeNull();
  elsewhere.delete(name);
  await (await left!.take())!(sealed).drop();
});

test("what nobody came back for is thrown away, and nothing that is being sealed", async () => {
  const [day, hour] = [86_400_000, 3_600_000];
  keep("other-1", "old", Date.now() - day - hour);
  keep("other-1.note", "old", Date.now() - day - hour);
  keep("other-2", "never noted", Date.now() - 2 * hour);
  keep("other-3", "being sealed");
  keep("other-4", "from this morning", Date.now() - 3 * hour);
  keep("other-4.note");
  expect(await parcelsLeft(visitId)).toEqual([]);
  expect([...files.keys()].sort()).toEqual(["other-3", "other-4", "other-4.note"]);
});
