import { beforeEach, expect, test, vi } from "vitest";
import { patientKeys } from "@/lib/keyring/keyring.ts";

const vault = new Map<string, Uint8Array>();
let keeps = true;
vi.mock("@/lib/keyring/vault.browser.ts", () => ({
  keepSeed: async (owner: string, seed: Uint8Array) => {
    if (!keeps) throw new Error("a private window");
    vault.set(owner, seed);
  },
  loadSeed: async (owner: string) => vault.get(owner) ?? null,
}));

const mine = new Uint8Array(16).fill(1);
const another = new Uint8Array(16).fill(2);
const visitId = "ab".repeat(16);
const claimed = async (seed = mine) => ({ visitId, signer: (await patientKeys(seed, visitId)).signer });
/** A page that was just opened: what was remembered before is gone. */
const opened = async () => ({ ...(await import("./patient-keys.ts")), ...(await import("./patient-seed.ts")) });

beforeEach(() => {
  vi.resetModules();
  vault.clear();
  keeps = true;
});

test("the words that made the visit's signer bring its keys back, and they are kept", async () => {
  const { keysFor, restoreSeed } = await opened();
  expect(await restoreSeed(await claimed(), mine, false)).toBe("opened");
  expect(vault.get("patient")).toEqual(mine);
  expect((await keysFor(visitId, null))?.signer).toBe((await claimed()).signer);
});

test("a good kit of somebody else opens nothing and leaves nothing behind", async () => {
  const { restoreSeed } = await opened();
  expect(await restoreSeed(await claimed(), another, true)).toBe("not-this-visit");
  expect(vault.size).toBe(0);
});

test("another seed that is kept here gives way only when that was said", async () => {
  vault.set("patient", another);
  const { patientSeed, restoreSeed } = await opened();
  expect(await restoreSeed(await claimed(), mine, false)).toBe("in-the-way");
  expect(vault.get("patient")).toEqual(another);
  expect(await patientSeed()).toEqual(another);
  expect(await restoreSeed(await claimed(), mine, true)).toBe("opened");
  expect(vault.get("patient")).toEqual(mine);
});

test("a browser that keeps nothing opens the visit for as long as the page is there", async () => {
  keeps = false;
  const { patientSeed, restoreSeed } = await opened();
  expect(await restoreSeed(await claimed(), mine, false)).toBe("opened");
  expect(await patientSeed()).toEqual(mine);
});
