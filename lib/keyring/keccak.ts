import { keccak_256 } from "@noble/hashes/sha3.js";
import { fromHex, toHex } from "./bytes.ts";

/** Keccak-256 as Ethereum has it, of bytes or of what `0x…` stands for. */
export const keccak256 = (what: Uint8Array | string): string =>
  toHex(keccak_256(typeof what === "string" ? fromHex(what) : what));

/** The same of a text's UTF-8. */
export const keccakOfText = (text: string): string => keccak256(new TextEncoder().encode(text));
