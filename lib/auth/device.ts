import { digestOf } from "../consent/typed-data.ts";
import type { Keys } from "../keyring/keyring.ts";
import { cardHolds, signedBy } from "../keyring/signature.ts";
import type { KeyCard, NewKey } from "./person.ts";

/** What vouches for a device's key signs this. */
export const deviceDigest = (by: string, { signer, recipient }: Pick<KeyCard, "signer" | "recipient">, name: string) =>
  digestOf("DeviceCard", { by, device: signer, recipient, name });

/**
 * A doctor's keys in one browser: what signs is that browser's own and never leaves it, what opens is the person's, the same
 * everywhere their recovery kit is. So whoever has the kit alone signs nothing, and a lost laptop's key is one among others.
 */
export async function deviceKeys(person: Keys, device: Pick<Keys, "signer" | "sign">): Promise<Keys> {
  const { recipient } = person;
  const { signer } = device;
  const binding = await device.sign(digestOf("KeyCard", { signer, recipient }));
  return {
    signer,
    recipient,
    card: { signer, recipient, binding },
    sign: (digest) => device.sign(digest),
    open: (file) => person.open(file),
  };
}

/** What a browser brings to be enrolled. */
export async function newKey(person: Keys, keys: Keys, device: string): Promise<NewKey> {
  const voucher = await person.sign(deviceDigest(person.signer, keys.card, device));
  return { card: keys.card, device, person: person.signer, voucher };
}

/** True when the card's signer vouches for its recipient, and the person's keyring for both. */
export const voucherHolds = ({ card, device, person, voucher }: NewKey): boolean =>
  cardHolds(card) && signedBy(person, deviceDigest(person, card, device), voucher);
