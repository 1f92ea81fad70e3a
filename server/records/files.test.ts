import { createHash, randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Patient } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import { openBlobs } from "../storage/blobs.ts";
import type { Storage } from "../storage/storage.ts";
import type { Whole } from "../storage/whole.ts";
import { openFiles } from "./files.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "assent-files-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

/** A permission that lives when it is asked first, and is gone when the file would be kept. */
async function finishTooLate(references: number) {
  const blobs = await openBlobs(folder);
  const bytes = randomBytes(2_000);
  const hash = `0x${createHash("sha256").update(bytes).digest("hex")}`;
  const now = new Date();
  const consent = { revokedAt: null, consent: { scopes: 1 << 5, validFrom: 0, validUntil: 4_000_000_000 } };
  const live = { visit: { id: "v", state: "in-call" }, consent } as unknown as Whole;
  const storage = {
    read: { $count: async () => 0 },
    transact: async () => {
      throw new Refusal("consent.not-live");
    },
    keepBooks: (work: (tx: { $count(): Promise<number> }) => Promise<unknown>) =>
      work({ $count: async () => references }),
  } as unknown as Storage;
  const files = openFiles({ storage, blobs, visits: { mine: async () => live, lock: async () => {} }, now: () => now });
  const ana: Patient = { is: "patient", visitId: "v", signer: "0x" };
  const { id } = await files.start(ana, "v", bytes.length);
  await files.append(ana, "v", id, 0, bytes);
  await expect(files.finish(ana, "v", id, hash)).rejects.toMatchObject({ code: "consent.not-live" });
  return blobs.read(hash);
}

test("a file that came too late is not kept", async () => {
  await expect(finishTooLate(0)).rejects.toMatchObject({ code: "blob.not-found" });
});

test("and takes nobody else's with it: the same bytes, kept for another, stay", async () => {
  const { size, stream } = await finishTooLate(1);
  expect(size).toBe(2_000);
  await stream.cancel();
});
