import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Principal } from "../../lib/auth/person.ts";
import { Refusal } from "../../lib/refusal.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import * as tables from "../storage/schema.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import type { Whole } from "../storage/whole.ts";
import { openRatings } from "./rating.ts";

const met = "a".repeat(32);
const neverMet = "b".repeat(32);
const ana: Principal = { is: "patient", visitId: met, signer: `0x${"1".repeat(40)}` };
const osei: Principal = { is: "staff", id: "osei", name: "", email: "", roles: ["clinician"], keys: [], person: null };
const now = () => new Date("2026-11-22T10:00:00Z");

let folder: string;
let storage: Storage;
const rate = (person: Principal, visitId: string, score: number) =>
  openRatings({
    storage,
    visits: {
      mine: async (_, __, id) => {
        if (id !== met && id !== neverMet) throw new Refusal("visit.not-found");
        return { visit: { startedAt: id === met ? now() : null }, consent: { id: `0x${"c".repeat(64)}` } } as Whole;
      },
    },
    now,
  })(person, visitId, score);

beforeAll(async () => {
  folder = await madeFolder("rating");
  storage = await openStorage(folder, migrations, now);
}, 60_000);
afterAll(async () => {
  await storage.close();
  await rm(folder, { recursive: true });
});

test("each of the two says once how the call was; what they said stands with no name, code or visit", async () => {
  await rate(ana, met, 4);
  await rate(osei, met, 4);
  await expect(rate(ana, met, 1)).rejects.toThrow("call.rated");
  const kept = await storage.read.select().from(tables.rating);
  expect(kept.map((row) => Object.values(row).join()).sort()).toEqual([
    "2026-11-22,clinician,4,1",
    "2026-11-22,patient,4,1",
  ]);
  const trail = await storage.read.select().from(tables.entry);
  expect(trail.map(({ action, visitId, detail }) => ({ action, visitId, detail }))).toEqual([
    { action: "call.rated", visitId: met, detail: {} },
    { action: "call.rated", visitId: met, detail: {} },
  ]);
});

test("a call that never was, and another's, are not rated", async () => {
  await expect(rate(ana, neverMet, 5)).rejects.toThrow("visit.wrong-state");
  await expect(rate(ana, "0".repeat(32), 5)).rejects.toThrow("visit.not-found");
});
