import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { consent, mallory, NOW } from "../ledger/people.fixture.ts";
import type { Permission } from "./permission.ts";
import { openStanding } from "./standing.ts";

const guest = "9".repeat(32);
const other = "8".repeat(32);
const ofDoctor: Permission = { member: "clinician", consent, signature: "0x" };
const ofGuest: Permission = {
  member: guest,
  consent: { ...consent, grantee: mallory.address, validUntil: NOW + 60 },
  signature: "0x",
};

beforeEach(() => {
  vi.useFakeTimers({ now: NOW * 1_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

function page() {
  const did: string[] = [];
  const life = new AbortController();
  const standing = openStanding({
    others: () => ["clinician", guest, other],
    drop: (member) => did.push(member),
    restore: (member) => did.push(`${member} again`),
    leave: () => did.push("leave"),
    signal: life.signal,
  });
  return { did, standing, life };
}

test("a guest whom newer permissions no longer name is out, and only they", () => {
  const { did, standing } = page();
  standing.now([ofDoctor]);
  standing.now([ofDoctor, ofGuest]);
  expect(did).toEqual([]);
  standing.now([ofDoctor]);
  standing.now([ofDoctor]);
  expect(did).toEqual([guest]);
});

test("what was taken back here counts no more, under whatever name it comes again", () => {
  const { did, standing } = page();
  standing.refuse(guest, ofGuest.consent);
  expect(did).toEqual([guest]);
  expect(standing.still([ofDoctor, ofGuest, { ...ofGuest, member: other }])).toEqual([ofDoctor]);
});

test("with the doctor's permission everyone is out", () => {
  const { did, standing } = page();
  standing.refuse("clinician", consent);
  expect(did).toEqual(["clinician", guest, other]);
  expect(standing.still([ofDoctor])).toEqual([]);
});

test("what is kept after all counts as before, and whom its end put out may come back, once", () => {
  const { did, standing } = page();
  standing.refuse("clinician", consent);
  did.length = 0;
  standing.keep(consent);
  standing.keep(consent);
  standing.keep(ofGuest.consent);
  expect(did).toEqual(["clinician again", `${guest} again`, `${other} again`]);
  expect(standing.still([ofDoctor])).toEqual([ofDoctor]);
});

test("a permission ends with its last second: a guest's for the guest, the doctor's for the call", () => {
  const { did, standing, life } = page();
  standing.still([ofDoctor, ofGuest]);
  standing.now([ofDoctor, ofGuest]);
  vi.advanceTimersByTime(60_500);
  expect(did).toEqual([]);
  vi.advanceTimersByTime(1_000);
  expect(did).toEqual([guest]);
  vi.advanceTimersByTime((consent.validUntil - NOW) * 1_000);
  expect(did).toEqual([guest, "leave"]);
  life.abort();
  standing.still([{ ...ofGuest, consent: { ...ofGuest.consent, validUntil: 1 } }]);
  vi.runAllTimers();
  expect(did).toEqual([guest, "leave"]);
});
