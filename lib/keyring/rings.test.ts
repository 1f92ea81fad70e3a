import { beforeEach, expect, test } from "vitest";
import { keysFor } from "./keyring.ts";
import { openingFault } from "./opening.ts";
import { deviceOf } from "./owners.ts";
import { Locked, openRings } from "./rings.ts";
import { openSealed, sealFor } from "./sealed.ts";
import { cardHolds } from "./signature.ts";
import type { DeviceWay, Vault, Way } from "./ways.ts";
import { wordsOf } from "./words.ts";

const kept = new Map<string, Way[]>();
let keeps = true;
/** A browser's store, whose wrapping is a mask: what is tested of it is that nothing else opens what it wrapped. */
const mask = (bytes: Uint8Array) => bytes.map((byte) => byte ^ 0xa5) as Uint8Array<ArrayBuffer>;
const vault: Vault = {
  read: async (owner) => kept.get(owner) ?? null,
  async write(owner, ways) {
    if (!keeps) throw new Error("a private window");
    kept.set(owner, ways);
  },
  forget: async (owner) => void kept.delete(owner),
  wrap: async (_, seed): Promise<DeviceWay> => ({ is: "device", iv: new Uint8Array(12), wrapped: mask(seed).buffer }),
  unwrap: async (_, { wrapped }) => mask(new Uint8Array(wrapped)),
  alone: (work) => work(),
};
const waits: number[] = [];
/** A page that was just opened: only what is kept is there. */
const page = (more = {}) => openRings(vault, { wait: async (ms) => void waits.push(ms), ...more });

const mine = new Uint8Array(16).fill(1);
const words = wordsOf(mine);
const others = wordsOf(new Uint8Array(16).fill(2));
const purpose = "visit/aa" as const;
const prf = new Uint8Array(32).fill(7);
const credential = new Uint8Array([1, 2, 3]);
const fits = async () => ({ purpose, signer: (await keysFor(mine, purpose)).signer });

beforeEach(() => {
  kept.clear();
  waits.length = 0;
  keeps = true;
});

test("a ring is made once, and its keys sign and open on every page after", async () => {
  const first = page();
  const { card, isNew } = await first.make("patient", purpose);
  expect([isNew, cardHolds(card)]).toEqual([true, true]);
  expect(await first.make("patient", purpose)).toEqual({ card, isNew: false });
  const later = page();
  expect(await later.card("patient", purpose)).toEqual(card);
  const keys = { open: (file: Uint8Array) => later.open("patient", purpose, file) };
  expect(await openSealed(keys, await sealFor([card.recipient], { name: "Ana" }))).toEqual({ name: "Ana" });
  expect((await later.card("patient", "visit/bb"))?.signer).not.toBe(card.signer);
  expect(await later.card("someone", purpose)).toBeNull();
});

test("the words of a kit that made the signer bring the ring back; a good kit of somebody else leaves nothing behind", async () => {
  const ring = page();
  expect(await ring.restore("patient", others, await fits(), true)).toBe("another");
  expect(kept.size).toBe(0);
  expect(await ring.restore("patient", words, await fits(), false)).toBe("opened");
  expect(await page().words("patient")).toEqual(words);
});

test("what is kept under a kit's keys is asked for without taking the kit", async () => {
  const { signer, proof, at } = await page().openingBy(words, "folder", "folder");
  expect(signer).toBe((await keysFor(mine, "folder")).signer);
  expect(openingFault("folder", { signer, proof, at }, new Date())).toBeNull();
  expect(kept.size).toBe(0);
});

test("another ring that is kept here gives way only when that was said", async () => {
  const ring = page();
  const { card } = await ring.make("patient", purpose);
  expect(await ring.restore("patient", words, await fits(), false)).toBe("in-the-way");
  expect(await page().card("patient", purpose)).toEqual(card);
  expect(await ring.restore("patient", words, await fits(), true)).toBe("opened");
  expect(await ring.words("patient")).toEqual(words);
  expect((await ring.card("patient", purpose))?.signer).toBe((await fits()).signer);
});

test("a browser that keeps nothing has the ring for as long as the page is there", async () => {
  keeps = false;
  const ring = page();
  const { card } = await ring.make("patient", purpose);
  expect(await ring.card("patient", purpose)).toEqual(card);
  expect(await ring.state("patient")).toMatchObject({ is: "open", kept: false });
  expect(await page().card("patient", purpose)).toBeNull();
});

test("what was made before its owner was known is theirs afterwards, and nobody else's", async () => {
  const { card } = await page().make("staff:pending", "clinician");
  await page().move("staff:pending", "staff:1");
  expect(await page().card("staff:1", "clinician")).toEqual(card);
  expect(await page().card("staff:pending", "clinician")).toBeNull();
});

test("T-K6: each way opens the ring alone, and losing one leaves the others", async () => {
  const ring = page();
  await ring.make("patient", purpose);
  await ring.addPassphrase("patient", "the river runs past");
  await ring.addPasskey("patient", credential, await ring.sealFor("patient", prf));
  expect((await ring.state("patient")).ways).toEqual(["device", "passphrase", "passkey"]);
  await ring.openByItself("patient", false);
  const card = await ring.card("patient", purpose);

  const again = page();
  expect((await again.state("patient")).is).toBe("locked");
  await expect(again.sign("patient", purpose, `0x${"11".repeat(32)}`)).rejects.toThrow(Locked);
  await expect(again.words("patient")).rejects.toThrow(Locked);
  expect(await again.unlockWithPassphrase("patient", "the river runs past")).toBe(true);
  expect(await again.card("patient", purpose)).toEqual(card);

  const third = page();
  expect(await third.unlockWithPasskey("patient", new Uint8Array(32).fill(8))).toBe(false);
  expect(await third.unlockWithPasskey("patient", prf)).toBe(true);
  await third.removeWay("patient", "passphrase");
  await expect(third.removeWay("patient", "passkey")).rejects.toThrow("must stay");
  expect(await third.card("patient", purpose)).toEqual(card);
  expect(
    await page().restore("patient", (await third.words("patient"))!, { purpose, signer: card!.signer }, true),
  ).toBe("opened");
});

test("T-K6: after five wrong tries every further one takes its time", async () => {
  const ring = page();
  await ring.make("patient", purpose);
  await ring.addPasskey("patient", credential, await ring.sealFor("patient", prf));
  await ring.openByItself("patient", false);
  const guesser = page();
  for (let i = 0; i < 7; i += 1) expect(await guesser.unlockWithPasskey("patient", new Uint8Array(32))).toBe(false);
  expect(waits).toEqual([1_000, 2_000]);
});

test("a passkey brings the ring to a new device from what the server keeps, which says nothing of whose it is", async () => {
  const ring = page();
  const { card } = await ring.make("patient", purpose);
  const locker = await ring.sealFor("patient", prf);
  await ring.addPasskey("patient", credential, locker);
  expect(locker.sealed).not.toContain(card.signer.slice(2));
  kept.clear();
  const phone = page();
  expect(await phone.lockerOf(prf)).toBe(locker.id);
  const about = { credential, secret: prf, sealed: locker.sealed };
  expect(await phone.restoreFromLocker("patient", { ...about, secret: new Uint8Array(32) }, null, false)).toBe(
    "another",
  );
  const somebody = { purpose, signer: "0x00000000000000000000000000000000000000aa" };
  expect(await phone.restoreFromLocker("patient", about, somebody, true)).toBe("another");
  expect((await phone.state("patient")).is).toBe("none");
  const owner = { purpose, signer: card.signer };
  expect(await phone.restoreFromLocker("patient", about, owner, false)).toBe("opened");
  expect(await phone.card("patient", purpose)).toEqual(card);
  expect((await phone.state("patient")).ways).toEqual(["device", "passkey"]);
});

test("a ring that can't be opened here gives way to what opens it elsewhere, and only when that was said", async () => {
  const ring = page();
  const { card } = await ring.make("patient", purpose);
  const locker = await ring.sealFor("patient", prf);
  const known = await ring.words("patient");
  await ring.addPassphrase("patient", "the river runs past");
  await ring.openByItself("patient", false);
  const about = { credential, secret: prf, sealed: locker.sealed };
  for (const bring of [
    (later: ReturnType<typeof page>, replacing: boolean) => later.restoreFromLocker("patient", about, null, replacing),
    (later: ReturnType<typeof page>, replacing: boolean) => later.restore("patient", known!, null, replacing),
  ]) {
    const before = kept.get("patient")!;
    await expect(bring(page(), false)).rejects.toThrow("locked");
    const later = page();
    expect(await bring(later, true)).toBe("opened");
    expect(await later.card("patient", purpose)).toEqual(card);
    kept.set("patient", before);
  }
});

test("a ring that does not open by itself is closed when it was not used, and not while a call needs it", async () => {
  let told = 0;
  const ring = page({ onLocked: () => (told += 1) });
  await ring.make("patient", purpose);
  await ring.lock();
  expect((await ring.state("patient")).is).toBe("open");
  await ring.addPasskey("patient", credential, await ring.sealFor("patient", prf));
  await ring.openByItself("patient", false);
  ring.stayOpen(true);
  await ring.lock();
  expect(told).toBe(0);
  ring.stayOpen(false);
  await ring.lock();
  expect([told, (await ring.state("patient")).is]).toEqual([1, "locked"]);
  await expect(ring.card("patient", purpose)).rejects.toThrow(Locked);
});

test("T-K7: nothing that is kept is the seed or can be read without its way", async () => {
  const ring = page();
  await ring.restore("patient", words, await fits(), true);
  await ring.addPassphrase("patient", "the river runs past");
  await ring.addPasskey("patient", credential, await ring.sealFor("patient", prf));
  const bytes = Buffer.from(mine);
  for (const way of kept.get("patient")!)
    for (const value of Object.values(way)) {
      const raw = typeof value === "string" ? Buffer.from(value, "hex") : Buffer.from(value as ArrayBuffer);
      expect(raw.includes(bytes)).toBe(false);
    }
});

test("T-K7: a device's own ring has no words: nothing of it can be put on paper", async () => {
  const ring = page();
  const device = deviceOf("staff:1");
  await ring.make(device, "clinician");
  expect(await ring.card(device, "clinician")).not.toBeNull();
  expect(await ring.words(device)).toBeNull();
});
