import { hash } from "node:crypto";
import { parentPort, workerData } from "node:worker_threads";
import { keccak_256 } from "@noble/hashes/sha3.js";

/** What somebody tries out, written as the product writes it: the canonical text, cut where the guessed parts go. */
export interface Guessing {
  /** Around dose, route, frequency and medication, in the alphabetical order of RFC 8785. */
  frame: [string, string, string, string, string];
  medications: string[];
  doses: string[];
  routes: string[];
  frequencies: string[];
  /** Tried as the salt; none is 32 zero bytes. */
  salts: string[];
  /** Commitments anyone can read on the ledger. */
  commitments: string[];
}

/** Every commitment that a guess explains, and how many were tried. */
export function guess(about: Guessing): { found: string[]; tried: number } {
  const { frame, medications, doses, routes, frequencies } = about;
  const [f0, f1, f2, f3, f4] = frame;
  const wanted = new Map(about.commitments.map((one) => [one.slice(2, 14), one]));
  const salts = about.salts.map((salt) => Buffer.from(salt.slice(2), "hex"));
  const bytes = new Uint8Array(64);
  const found = new Set<string>();
  let tried = 0;
  const compare = (digest: Buffer) => {
    const match = wanted.get(digest.subarray(0, 6).toString("hex"));
    if (match === `0x${digest.toString("hex")}`) found.add(match);
  };
  for (const dose of doses) {
    for (const route of routes) {
      for (const frequency of frequencies) {
        const start = f0 + dose + f1 + route + f2 + frequency + f3;
        for (const medication of medications) {
          tried += 1;
          const inner = hash("sha256", start + medication + f4, "buffer");
          compare(inner);
          bytes.set(inner, 32);
          for (const salt of salts) {
            bytes.set(salt, 0);
            compare(Buffer.from(keccak_256(bytes)));
          }
        }
      }
    }
  }
  return { found: [...found], tried };
}

parentPort?.postMessage(guess(workerData as Guessing));
