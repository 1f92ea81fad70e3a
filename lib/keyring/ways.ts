import { loadAge } from "./age.ts";
import { fromHex, toHex } from "./bytes.ts";

/** Wrapped by a key that this browser made and can't export. */
export interface DeviceWay {
  is: "device";
  iv: Uint8Array<ArrayBuffer>;
  wrapped: ArrayBuffer;
}
/** An age file for what the person typed. */
interface PassphraseWay {
  is: "passphrase";
  file: Uint8Array<ArrayBuffer>;
}
/** Wrapped by what a passkey derives. `credential` is its id, `locker` where the server keeps a copy of `sealed`. */
export interface PasskeyWay {
  is: "passkey";
  credential: Uint8Array<ArrayBuffer>;
  locker: string;
  sealed: string;
}
/** One of the ways to a seed at rest. Each alone is enough; the recovery kit is one more, on paper. */
export type Way = DeviceWay | PassphraseWay | PasskeyWay;

/** Seeds at rest, by owner. */
export interface Vault {
  read(owner: string): Promise<Way[] | null>;
  /** Rejects where the browser keeps nothing. */
  write(owner: string, ways: Way[]): Promise<void>;
  forget(owner: string): Promise<void>;
  wrap(owner: string, seed: Uint8Array): Promise<DeviceWay>;
  unwrap(owner: string, way: DeviceWay): Promise<Uint8Array>;
  /** One page after the other. */
  alone<T>(work: () => Promise<T>): Promise<T>;
}

/** age's work factor: 2^17 rounds of scrypt. */
const WORK = 17;

export async function sealByPassphrase(text: string, what: Uint8Array): Promise<Uint8Array> {
  const { Encrypter } = await loadAge();
  const encrypter = new Encrypter();
  encrypter.setPassphrase(text.normalize("NFKC"));
  encrypter.setScryptWorkFactor(WORK);
  return encrypter.encrypt(what);
}

/** Rejects when it is not the passphrase. */
export async function openByPassphrase(text: string, file: Uint8Array): Promise<Uint8Array> {
  const { Decrypter } = await loadAge();
  const decrypter = new Decrypter();
  decrypter.addPassphrase(text.normalize("NFKC"));
  return decrypter.decrypt(file);
}

/** What a passkey opens, as the server keeps it: neither says whose it is. */
export interface Locker {
  /** 32 bytes of hex. */
  id: string;
  /** Hex. */
  sealed: string;
}

export async function lockerOf(secret: Uint8Array) {
  const root = await crypto.subtle.importKey("raw", own(secret), "HKDF", false, ["deriveBits", "deriveKey"]);
  const by = (info: string) => ({
    name: "HKDF",
    hash: "SHA-256",
    salt: new Uint8Array(),
    info: new TextEncoder().encode(info),
  });
  const id = await crypto.subtle.deriveBits(by("assent/1/locker/id"), root, 256);
  const aes = { name: "AES-GCM", length: 256 };
  const key = await crypto.subtle.deriveKey(by("assent/1/locker/key"), root, aes, false, ["encrypt", "decrypt"]);
  return { id: toHex(new Uint8Array(id)), key };
}

const IV_BYTES = 12;

export async function sealLocker(secret: Uint8Array, seed: Uint8Array): Promise<Locker> {
  const { id, key } = await lockerOf(secret);
  const iv = crypto.getRandomValues(new Uint8Array(IV_BYTES));
  const about = { name: "AES-GCM", iv, additionalData: own(fromHex(id)) };
  const wrapped = new Uint8Array(await crypto.subtle.encrypt(about, key, own(seed)));
  const sealed = new Uint8Array(IV_BYTES + wrapped.length);
  sealed.set(iv);
  sealed.set(wrapped, IV_BYTES);
  return { id, sealed: toHex(sealed) };
}

export async function openLocker(secret: Uint8Array, sealed: string): Promise<Uint8Array> {
  const { id, key } = await lockerOf(secret);
  const bytes = own(fromHex(sealed));
  const about = { name: "AES-GCM", iv: bytes.slice(0, IV_BYTES), additionalData: own(fromHex(id)) };
  return new Uint8Array(await crypto.subtle.decrypt(about, key, bytes.slice(IV_BYTES)));
}

/** In a buffer of its own, as the browser's functions want it. */
export const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(bytes);
