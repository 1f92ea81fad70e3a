import { bech32 } from "@scure/base";
import type { KeyCard } from "../auth/person.ts";
import { digestOf } from "../consent/typed-data.ts";
import { loadAge } from "./age.ts";
import { fromHex, toHex } from "./bytes.ts";
import { addressOfSecret, ORDER, signDigest } from "./ecdsa.ts";
import { type Purpose, visitPurpose } from "./owners.ts";

/** What a person signs and opens envelopes with: everything of it comes from one seed, and no secret of it can be read from it. */
export interface Keys {
  /** Lower-case address: an ERC-7913 signer of 20 bytes. */
  readonly signer: string;
  /** ECDSA over 32 bytes (hex in, 65 bytes of hex out). */
  sign(digest: string): Promise<string>;
  /** age recipient. */
  readonly recipient: string;
  /** Opens an age file that was sealed to `recipient`. Rejects when it was sealed to others or was changed. */
  open(file: Uint8Array): Promise<Uint8Array>;
  /** The public half, with the signer vouching for the recipient. */
  readonly card: KeyCard;
}

/** 128 bits: twelve BIP-39 words. */
const SEED_BYTES = 16;

export function newSeed(): Uint8Array {
  return crypto.getRandomValues(new Uint8Array(SEED_BYTES));
}

export const clinicianKeys = (seed: Uint8Array): Promise<Keys> => keysFor(seed, "clinician");
export const patientKeys = (seed: Uint8Array, visitId: string): Promise<Keys> => keysFor(seed, visitPurpose(visitId));

/** Keys in this process, for whoever holds the seed. A page has them in a worker: see `ring.browser.ts`. */
export async function keysFor(seed: Uint8Array, purpose: Purpose): Promise<Keys> {
  const secret = scalar(await hkdf(seed, `assent/1/signer/${purpose}`, 48));
  const { recipient, open } = await ageKeys(await ageSecret(seed, purpose));
  const signer = addressOfSecret(secret);
  const sign = (digest: string) => signDigest(secret, digest);
  const binding = sign(digestOf("KeyCard", { signer, recipient }));
  return {
    signer,
    sign: async (digest) => sign(digest),
    recipient,
    open,
    card: { signer, recipient, binding },
  };
}

const ageSecret = (seed: Uint8Array, purpose: Purpose) => hkdf(seed, `assent/1/age/${purpose}`, 32);
const identityOf = (secret: Uint8Array) => bech32.encodeFromBytes("AGE-SECRET-KEY-", secret).toUpperCase();

/** The age identity itself, for who leaves with their envelopes. It is a secret: see `identities` in rings.ts. */
export const ageIdentity = async (seed: Uint8Array, purpose: Purpose): Promise<string> =>
  identityOf(await ageSecret(seed, purpose));

/** The age identity of these 32 bytes, as far as it may be seen. */
export async function ageKeys(secret: Uint8Array): Promise<Pick<Keys, "recipient" | "open">> {
  const identity = identityOf(secret);
  return {
    recipient: await recipientOf(secret).catch(async () => (await loadAge()).identityToRecipient(identity)),
    async open(file) {
      const { Decrypter } = await loadAge();
      const decrypter = new Decrypter();
      decrypter.addIdentity(identity);
      return decrypter.decrypt(file);
    },
  };
}

/** 48 uniform bytes to a secp256k1 scalar without bias (FIPS 186-5, A.2.1). */
function scalar(bytes: Uint8Array): Uint8Array {
  const n = (BigInt(toHex(bytes)) % (ORDER - 1n)) + 1n;
  return fromHex(`0x${n.toString(16).padStart(64, "0")}`);
}

/** What an X25519 key in PKCS #8 begins with. */
const PKCS8 = "302e020100300506032b656e04220420";
const BASE_POINT = new Uint8Array(32).fill(9, 0, 1);

/** The public half of an age identity's 32 bytes, by what the browser itself can do; age does the same where it can't. */
async function recipientOf(secret: Uint8Array): Promise<string> {
  const whole = fromHex(`${PKCS8}${toHex(secret).slice(2)}`) as Uint8Array<ArrayBuffer>;
  const key = await crypto.subtle.importKey("pkcs8", whole, "X25519", false, ["deriveBits"]);
  const base = await crypto.subtle.importKey("raw", BASE_POINT, "X25519", false, []);
  const half = await crypto.subtle.deriveBits({ name: "X25519", public: base }, key, 256);
  return bech32.encodeFromBytes("age", new Uint8Array(half));
}

/** HKDF-SHA-256 without a salt: what it is given is random already. */
export async function hkdf(seed: Uint8Array, info: string, length: number): Promise<Uint8Array> {
  const key = await crypto.subtle.importKey("raw", seed as Uint8Array<ArrayBuffer>, "HKDF", false, ["deriveBits"]);
  const params = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(), info: new TextEncoder().encode(info) };
  return new Uint8Array(await crypto.subtle.deriveBits(params, key, length * 8));
}
