import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Patient, Staff } from "../../lib/auth/person.ts";
import { LARGEST_SEALED } from "../../lib/records/record.ts";
import { Refusal } from "../../lib/refusal.ts";
import { blob, blobCopy } from "../storage/schema.ts";
import { closeDatabase, hashOf, once, openDatabase, plan, Shelf, someBytes, VISIT } from "../storage/shelf.fixture.ts";
import type { Whole } from "../storage/whole.ts";
import { type Files, openFiles } from "./files.ts";

const ana: Patient = { is: "patient", visitId: VISIT, signer: "0x" };
const esi: Staff = {
  is: "staff",
  id: "esi",
  name: "Dr. Esi Osei",
  email: "e@x.org",
  roles: ["clinician"],
  keys: [],
  person: null,
};

let shelf: Shelf;
let files: Files;
/** What the permission says when the file is about to be kept. */
let late: "lives" | "is gone";
beforeEach(async () => {
  shelf = await Shelf.open(2);
  late = "lives";
  const consent = { id: "0x1", revokedAt: null, consent: { scopes: 1 << 5, validFrom: 0, validUntil: 4_000_000_000 } };
  const live = { visit: { id: VISIT, state: "in-call" }, consent } as unknown as Whole;
  const { storage, blobs } = shelf;
  const mine = async (read: unknown) => {
    if (read !== storage.read && late === "is gone") throw new Refusal("consent.not-live");
    return live;
  };
  files = openFiles({ storage, blobs, visits: { mine, lock: async () => {} }, now: () => new Date() });
});
afterEach(() => shelf.close());
beforeAll(openDatabase, 60_000);
afterAll(closeDatabase);

async function send(person: Patient | Staff, bytes: Uint8Array): Promise<string> {
  const { id } = await files.start(person, VISIT, bytes.length);
  await files.append(person, VISIT, id, { offset: 0, bytes: once(bytes) });
  await files.finish(person, VISIT, id, hashOf(bytes));
  return id;
}
const stored = (size: number, how: Partial<typeof blob.$inferInsert> = {}) =>
  shelf.storage.keepBooks((tx) => {
    const row = { visitId: VISIT, size, byPatient: true, storedAt: new Date(), pieces: "" };
    return tx.insert(blob).values({ ...row, hash: randomUUID(), key: randomUUID(), ...how });
  });

test("a file that came too late is not kept, in no store", async () => {
  late = "is gone";
  await expect(send(ana, someBytes(2_000))).rejects.toMatchObject({ code: "consent.not-live" });
  expect(await shelf.storage.read.$count(blob)).toBe(0);
  await vi.waitFor(async () => expect(await shelf.storage.read.$count(blobCopy)).toBe(0), { timeout: 10_000 });
});

test("and takes nobody else's with it: the same bytes, kept for another, stay", async () => {
  const bytes = someBytes(2_000);
  await send(esi, bytes);
  late = "is gone";
  await expect(send(ana, bytes)).rejects.toMatchObject({ code: "consent.not-live" });
  await vi.waitFor(async () => expect(await shelf.storage.read.$count(blobCopy)).toBe(2), { timeout: 10_000 });
  expect(await shelf.read(hashOf(bytes))).toEqual(bytes);
});

test("a file whose last answer was lost may be finished again", async () => {
  const bytes = someBytes(2_000);
  const id = await send(ana, bytes);
  await expect(files.finish(ana, VISIT, id, hashOf(bytes))).resolves.toEqual({});
  expect(await shelf.storage.read.$count(blob)).toBe(1);
});

describe("one side of a visit", () => {
  test("has fifty files, and never one more; the other side has its own fifty", async () => {
    for (let i = 0; i < 49; i++) await stored(10);
    await send(ana, someBytes(10));
    await expect(files.start(ana, VISIT, 10)).rejects.toMatchObject({ code: "blob.visit-full" });
    await send(esi, someBytes(10));
  });

  test("has three of the largest files, those under way included", async () => {
    await stored(LARGEST_SEALED);
    await stored(LARGEST_SEALED);
    const { id } = await files.start(ana, VISIT, LARGEST_SEALED - 10);
    await expect(files.start(ana, VISIT, 11)).rejects.toMatchObject({ code: "blob.visit-full" });
    expect(await shelf.blobs.find(id)).toMatchObject({ received: 0 });
  });

  test("hears before it sends how much more there is room for", async () => {
    for (let i = 0; i < 47; i++) await stored(10);
    await stored(2 * LARGEST_SEALED);
    await files.start(ana, VISIT, 1_000);
    expect(await files.room(ana, VISIT)).toEqual({ files: 1, bytes: LARGEST_SEALED - 1_000 - 470 });
    await stored(LARGEST_SEALED - 1_000);
    expect(await files.room(ana, VISIT)).toEqual({ files: 0, bytes: 0 });
    expect(await files.room(esi, VISIT)).toEqual({ files: 50, bytes: 3 * LARGEST_SEALED });
  });

  test("gets no more by finishing two at once that were begun when there was room for each", async () => {
    for (let i = 0; i < 48; i++) await stored(10);
    const [first, second] = [someBytes(10), someBytes(10)];
    const begun = await Promise.all(
      [first, second].map(async (bytes) => {
        const { id } = await files.start(ana, VISIT, 10);
        await files.append(ana, VISIT, id, { offset: 0, bytes: once(bytes) });
        return { id, hash: hashOf(bytes) };
      }),
    );
    await stored(10); // another device of the same side was faster
    const ends = await Promise.allSettled(begun.map(({ id, hash }) => files.finish(ana, VISIT, id, hash)));
    expect(ends.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await shelf.storage.read.$count(blob)).toBe(50);
  });
});

test("a doctor stores sixteen of the largest files in a day over all visits, and more on the next", async () => {
  const other = "1".repeat(32);
  await plan(shelf.storage, other);
  const mine = { visitId: other, byPatient: false };
  for (let i = 0; i < 15; i++) await stored(LARGEST_SEALED, mine);
  await stored(LARGEST_SEALED, { ...mine, storedAt: new Date(Date.now() - 86_500_000) });
  const { id } = await files.start(esi, VISIT, LARGEST_SEALED);
  await shelf.blobs.dropUploads(VISIT);
  expect(await shelf.blobs.find(id)).toBeNull();
  await stored(10, mine);
  await expect(files.start(esi, VISIT, LARGEST_SEALED)).rejects.toMatchObject({ code: "blob.person-full" });
  expect(await files.room(esi, VISIT)).toEqual({ files: 50, bytes: LARGEST_SEALED - 10 });
  await expect(files.start(ana, VISIT, 10)).resolves.toBeTruthy();
});
