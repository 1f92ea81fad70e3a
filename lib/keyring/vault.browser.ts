import { inStoreOf } from "../database.browser.ts";

/**
 * Seeds at rest: AES-GCM under a key this browser made and cannot export, both in IndexedDB. A copy of the database file
 * alone opens nothing, and no script can read the wrapping key; whoever can run this browser's profile can use it.
 */
const inStore = inStoreOf("assent-vault", (database) => database.createObjectStore("kept"));

export async function keepSeed(owner: string, seed: Uint8Array): Promise<void> {
  const key = await wrappingKey();
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const params = { name: "AES-GCM", iv, additionalData: new TextEncoder().encode(owner) };
  const wrapped = await crypto.subtle.encrypt(params, key, seed as Uint8Array<ArrayBuffer>);
  await inStore("readwrite", (store) => store.put({ iv, wrapped }, `seed:${owner}`));
}

export async function loadSeed(owner: string): Promise<Uint8Array | null> {
  const kept = await inStore<{ iv: Uint8Array<ArrayBuffer>; wrapped: ArrayBuffer } | undefined>("readonly", (store) =>
    store.get(`seed:${owner}`),
  );
  if (!kept) return null;
  const params = { name: "AES-GCM", iv: kept.iv, additionalData: new TextEncoder().encode(owner) };
  return new Uint8Array(await crypto.subtle.decrypt(params, await wrappingKey(), kept.wrapped));
}

export async function forgetSeed(owner: string): Promise<void> {
  await inStore("readwrite", (store) => store.delete(`seed:${owner}`));
}

async function wrappingKey(): Promise<CryptoKey> {
  const kept = await inStore<CryptoKey | undefined>("readonly", (store) => store.get("wrapping-key"));
  if (kept) return kept;
  const made = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
  try {
    await inStore("readwrite", (store) => store.add(made, "wrapping-key"));
    return made;
  } catch {
    return wrappingKey(); // another tab was first: its key is the one
  }
}
