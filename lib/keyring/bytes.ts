import { base64, hex } from "@scure/base";

/** `0x…`, lower case. */
export const toHex = (bytes: Uint8Array): string => `0x${hex.encode(bytes)}`;
export const fromHex = (text: string): Uint8Array => hex.decode(text.replace(/^0x/, ""));
export const toBase64 = (bytes: Uint8Array): string => base64.encode(bytes);
export const fromBase64 = (text: string): Uint8Array => base64.decode(text);

/** SHA-256 as `0x…`. */
export async function sha256(bytes: Uint8Array): Promise<string> {
  return toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", bytes as Uint8Array<ArrayBuffer>)));
}

export function randomHex(bytes: number): string {
  return toHex(crypto.getRandomValues(new Uint8Array(bytes)));
}
