import { inStoreOf } from "../database.browser.ts";
import type { DeviceWay, Vault, Way } from "./ways.ts";

/**
 * Seeds at rest: each of their ways in IndexedDB, with the key this browser made and cannot export. A copy of the database
 * file alone opens nothing, and no script can read the wrapping key; whoever can run this browser's profile can use it, so a
 * seed that must withstand that has no way by the device.
 */
const inStore = inStoreOf("assent-vault", (database) => database.createObjectStore("kept"));

const read = async (owner: string): Promise<Way[] | null> =>
  (await inStore<Way[] | undefined>("readonly", (store) => store.get(`ring:${owner}`))) ?? null;

/** Is there a keyring of this owner here? Asked before anything of cryptography is loaded. */
export const isKept = async (owner: string): Promise<boolean> => (await read(owner)) !== null;

export const vault: Vault = {
  read,
  write: async (owner, ways) => void (await inStore("readwrite", (store) => store.put(ways, `ring:${owner}`))),
  forget: async (owner) => void (await inStore("readwrite", (store) => store.delete(`ring:${owner}`))),
  async wrap(owner, seed) {
    const iv = crypto.getRandomValues(new Uint8Array(12));
    const key = await wrappingKey();
    const wrapped = await crypto.subtle.encrypt(params(owner, iv), key, seed as Uint8Array<ArrayBuffer>);
    return { is: "device", iv, wrapped };
  },
  async unwrap(owner: string, { iv, wrapped }: DeviceWay) {
    return new Uint8Array(await crypto.subtle.decrypt(params(owner, iv), await wrappingKey(), wrapped));
  },
  alone: <T>(work: () => Promise<T>) =>
    navigator.locks ? (navigator.locks.request("assent-keyring", work) as Promise<T>) : work(),
};

const params = (owner: string, iv: Uint8Array<ArrayBuffer>) => ({
  name: "AES-GCM",
  iv,
  additionalData: new TextEncoder().encode(owner),
});

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
