import { afterEach, expect, test, vi } from "vitest";
import { newSeed, patientKeys } from "./keyring.ts";
import { openSealed, sealFor } from "./sealed.ts";
import { cardHolds } from "./signature.ts";

afterEach(() => vi.restoreAllMocks());

test("what is sealed to a person's recipient is opened by their keys and by nobody else’s", async () => {
  for (let i = 0; i < 20; i++) {
    const keys = await patientKeys(newSeed(), "a-visit");
    expect(cardHolds(keys.card)).toBe(true);
  }
  const keys = await patientKeys(newSeed(), "a-visit");
  expect(await openSealed(keys, await sealFor([keys.recipient], { name: "Ana" }))).toEqual({ name: "Ana" });
  const another = await patientKeys(newSeed(), "a-visit");
  await expect(openSealed(another, await sealFor([keys.recipient], { name: "Ana" }))).rejects.toThrow();
});

test("a browser without X25519 of its own makes the same keys", async () => {
  const seed = newSeed();
  const keys = await patientKeys(seed, "a-visit");
  const { importKey } = crypto.subtle;
  const asked = vi.spyOn(crypto.subtle, "importKey").mockImplementation(((...about: Parameters<typeof importKey>) => {
    const [, , algorithm] = about;
    const name = typeof algorithm === "string" ? algorithm : algorithm.name;
    if (name === "X25519") return Promise.reject(new DOMException("Unrecognized name.", "NotSupportedError"));
    return importKey.apply(crypto.subtle, about);
  }) as typeof importKey);
  const there = await patientKeys(seed, "a-visit");
  expect(asked.mock.calls.length).toBeGreaterThan(0);
  expect([there.recipient, there.signer]).toEqual([keys.recipient, keys.signer]);
});
