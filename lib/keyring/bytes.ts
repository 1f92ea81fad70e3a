import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";

/** `0x…`, lower case. */
export const toHex = (bytes: Uint8Array): string => `0x${bytesToHex(bytes)}`;
export const fromHex = (text: string): Uint8Array => hexToBytes(text.replace(/^0x/, ""));

export function toBase64(bytes: Uint8Array): string {
  let text = "";
  // A call takes only so many arguments.
  for (let at = 0; at < bytes.length; at += 8_192) text += String.fromCharCode(...bytes.subarray(at, at + 8_192));
  return btoa(text);
}
/** Of the one text that stands for these bytes: `atob` takes others as well. */
export function fromBase64(text: string): Uint8Array {
  const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  if (toBase64(bytes) !== text) throw new TypeError("this is no base64");
  return bytes;
}

/** Base64 as it stands in an address, without what fills it up. */
export const toBase64Url = (bytes: Uint8Array): string =>
  toBase64(bytes).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
export function fromBase64Url(text: string): Uint8Array {
  if (/[+/=]/.test(text)) throw new TypeError("this is no base64 of an address");
  const filled = text.padEnd(Math.ceil(text.length / 4) * 4, "=");
  return fromBase64(filled.replaceAll("-", "+").replaceAll("_", "/"));
}

/** SHA-256 as `0x…`. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)));
}

export function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}
