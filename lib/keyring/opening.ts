import { digestOf } from "../consent/typed-data.ts";
import type { Keys } from "./keyring.ts";
import { signedBy } from "./signature.ts";

/** Whoever holds a key shows it, to be given what is kept under it. `at` in seconds since 1970. */
export interface Opening {
  signer: string;
  at: number;
  proof: string;
}

/** It may be this many seconds off the clock of whoever checks. */
const CLOCK_SECONDS = 300;

const digest = (what: string, signer: string, at: number) => digestOf("Opening", { what, signer, at });

export async function signOpening(what: string, keys: Pick<Keys, "signer" | "sign">, now: Date): Promise<Opening> {
  const { signer } = keys;
  const at = Math.floor(now.getTime() / 1000);
  return { signer, at, proof: await keys.sign(digest(what, signer, at)) };
}

/** What speaks against it, or null. */
export function openingFault(
  what: string,
  { signer, at, proof }: Opening,
  now: Date,
): "signature.expired" | "signature.wrong" | null {
  if (Math.abs(now.getTime() / 1000 - at) > CLOCK_SECONDS) return "signature.expired";
  return signedBy(signer, digest(what, signer, at), proof) ? null : "signature.wrong";
}
