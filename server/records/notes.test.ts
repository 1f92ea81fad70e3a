import { afterAll, beforeAll, expect, test } from "vitest";
import { readSession } from "../../lib/audit/api.ts";
import { clinicianKeys, newSeed } from "../../lib/keyring/keyring.ts";
import { openNotes, readNotes, saveNotes, sealNotes } from "../../lib/records/notes.ts";
import { type Seen, seenOf } from "../../lib/records/seal.ts";
import { Clinic, type Doctor, drOsei, type Planned, plan } from "../clinic.fixture.ts";

let clinic: Clinic;
let doctor: Doctor;
let visit: Planned;

beforeAll(async () => {
  clinic = await Clinic.open();
  doctor = await drOsei(clinic);
  visit = await plan(doctor);
});
afterAll(() => clinic.close());

/** What was sealed last, which the next save takes the place of. */
let before: Seen | null = null;
const save = async (text: string, after = before, keys = doctor.keys) => {
  const sealed = await sealNotes(visit.visitId, text, after, keys);
  const answer = await doctor.browser.ask(saveNotes, { visitId: visit.visitId, ...sealed });
  if (answer.status === 200) before = await seenOf(sealed);
  return answer;
};
const read = async () => (await doctor.browser.ask(readNotes, { visitId: visit.visitId })).value.notes;

test("notes are kept for their doctor alone, and each save and look has its line", async () => {
  expect(await read()).toBeNull();
  expect((await save("Rash since Monday.")).value.version).toBe(1);
  const notes = (await read())!;
  expect(atob(notes.sealed)).not.toContain("Rash");
  expect(await openNotes(visit.visitId, notes, doctor.keys)).toBe("Rash since Monday.");
  const { lines } = (await doctor.browser.ask(readSession, { visitId: visit.visitId })).value;
  const told = lines.map(({ entry }) => entry.action).filter((action) => action.startsWith("notes."));
  expect(told).toEqual(["notes.read", "notes.saved", "notes.read"]);
});

test("the page that was slower is refused, and what was saved stays", async () => {
  const older = before;
  expect((await save("Better since Tuesday.")).status).toBe(200);
  expect((await save("From an older page.", older)).code).toBe("notes.newer");
  const unseen = { ...before!, ciphertext: `0x${"7".repeat(64)}` };
  expect((await save("In place of something else.", unseen)).code).toBe("notes.newer");
  expect(await openNotes(visit.visitId, (await read())!, doctor.keys)).toBe("Better since Tuesday.");
});

test("what another's key signed is not kept, and what was changed, renumbered or put in another visit does not open", async () => {
  const stranger = await clinicianKeys(newSeed());
  expect((await save("Not hers.", before, stranger)).code).toBe("signature.wrong");
  const forHer = { ...stranger, recipient: doctor.keys.recipient };
  expect((await save("Not by her.", before, forHer)).code).toBe("signature.wrong");
  const notes = (await read())!;
  const other = await plan(doctor);
  await expect(openNotes(other.visitId, notes, doctor.keys)).rejects.toThrow();
  await expect(openNotes(visit.visitId, { ...notes, version: 1 }, doctor.keys)).rejects.toThrow();
  const forged = await sealNotes(visit.visitId, "Forged.", null, stranger);
  await expect(openNotes(visit.visitId, { ...forged, seal: notes.seal }, doctor.keys)).rejects.toThrow();
});
