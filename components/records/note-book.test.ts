import { beforeEach, expect, test, vi } from "vitest";
import { clinicianKeys, type Keys, newSeed } from "@/lib/keyring/keyring.ts";
import { readNotes, type SealedNotes, saveNotes, sealNotes } from "@/lib/records/notes.ts";
import { comesAfter } from "@/lib/records/seal.ts";
import { Refusal } from "@/lib/refusal.ts";
import { NoteBook } from "./note-book.ts";

const visitId = "a".repeat(32);
const savedAt = "2026-11-22T10:00:00.000Z";
let keys: Keys;
/** The server's side: what it keeps, and whether its answers arrive. */
let kept: SealedNotes | null;
let lost: "no" | "request" | "answer";

vi.mock("@/lib/wire.ts", async (original) => ({
  ...(await original<object>()),
  ask: async (endpoint: unknown, asked: SealedNotes) => {
    if (lost === "request") throw new Refusal("server.unreachable");
    if (endpoint === readNotes) return { notes: kept && { ...kept, savedAt } };
    if (endpoint !== saveNotes) throw new Error("nothing else is asked");
    if (!(await comesAfter(asked, kept))) throw new Refusal("notes.newer");
    const { sealed, seal, recipient, version, previous } = asked;
    kept = { sealed, seal, recipient, version, previous };
    if (lost === "answer") throw new Refusal("server.unreachable");
    return { version: asked.version, savedAt };
  },
}));

beforeEach(async () => {
  keys = await clinicianKeys(newSeed());
  kept = null;
  lost = "no";
});

const opened = async () => {
  const book = new NoteBook(visitId, keys);
  await book.open();
  return book;
};

test("what could not be saved stays where it was written, and is saved when the server is there again", async () => {
  const book = await opened();
  book.write("Rash since Monday.");
  lost = "request";
  await book.flush();
  expect(book.getSnapshot()).toMatchObject({ state: "failed", text: "Rash since Monday." });
  lost = "no";
  await book.flush();
  expect(book.getSnapshot()).toMatchObject({ state: "saved", savedAt });
  expect(kept?.version).toBe(1);
});

test("a save whose answer was lost is found to be its own, and nobody is asked", async () => {
  const book = await opened();
  book.write("Rash since Monday.");
  lost = "answer";
  await book.flush();
  lost = "no";
  await book.flush();
  expect(book.getSnapshot()).toMatchObject({ state: "saved", text: "Rash since Monday." });
  book.write("Rash since Monday, no fever.");
  await book.flush();
  expect(kept?.version).toBe(2);
});

test.each(["mine", "other"] as const)(
  "of two pages' texts neither is lost before it is said that %s stays",
  async (which) => {
    const book = await opened();
    kept = await sealNotes(visitId, "From the other page.", null, keys);
    book.write("From this page.");
    await book.flush();
    expect(book.getSnapshot()).toMatchObject({ state: "elsewhere", text: "From this page." });
    book.settle(which);
    await vi.waitFor(() => expect(book.getSnapshot().state).toBe("saved"));
    const again = await opened();
    expect(again.getSnapshot().text).toBe(which === "mine" ? "From this page." : "From the other page.");
  },
);

test("a line is put below what is written, also while the notes are closed, and not where it can't be kept", async () => {
  const book = await opened();
  book.write("Rash since Monday.");
  await book.flush();
  const closed = new NoteBook(visitId, keys);
  const both = await Promise.all([closed.add("File: arm.jpg"), closed.add("File: leg.jpg")]);
  expect(both).toEqual([true, true]);
  await vi.waitFor(() => expect(closed.getSnapshot().state).toBe("saved"), 5_000);
  expect((await opened()).getSnapshot().text).toBe("Rash since Monday.\nFile: arm.jpg\nFile: leg.jpg");
  expect(await closed.add("x".repeat(16_000))).toBe(false);
  expect(closed.getSnapshot().text).toMatch(/leg\.jpg$/);
  lost = "request";
  expect(await new NoteBook(visitId, keys).add("File: foot.jpg")).toBe(false);
});
