import { keysFor } from "./keyring.ts";
import type { Purpose } from "./owners.ts";

/** Whose a kit has to be: it makes this signer for this purpose. */
export interface Fitting {
  purpose: Purpose;
  signer: string;
}

/** Null takes any. */
export const isFitting = async (seed: Uint8Array, fits: Fitting | null): Promise<boolean> =>
  fits === null || (await keysFor(seed, fits.purpose)).signer === fits.signer;
