import { type Remote, wrap } from "comlink";
import type { KeyCard } from "../auth/person.ts";
import type { Keys } from "./keyring.ts";
import type { Purpose } from "./owners.ts";
import type { Rings } from "./rings.ts";

/**
 * The page's way to its keyrings, which live in a worker of its own: no script of the page ever holds a seed, and what it
 * asks for is signatures and opened envelopes. Every call rejects where the browser starts no worker.
 */
type Ask = <T>(work: (rings: Remote<Rings>) => Promise<T>) => Promise<T>;

let asked: Ask | undefined;
const lockedListeners = new Set<() => void>();

export const askRings: Ask = (work) => {
  asked ??= start();
  return asked(work);
};

/** Told when a ring was closed because nobody used it. Returns how to stop. */
export function onLocked(listener: () => void): () => void {
  lockedListeners.add(listener);
  return () => void lockedListeners.delete(listener);
}

/** The owner has to open their ring first: by passkey, passphrase or kit. */
export const isLocked = (fault: unknown): boolean => fault instanceof Error && fault.name === "Locked";

function start(): Ask {
  const broken = Promise.withResolvers<never>();
  broken.promise.catch(() => {});
  const worker = new Worker(new URL("./worker.browser.ts", import.meta.url), { type: "module" });
  worker.addEventListener("error", () => broken.reject(new Error("This browser started no keyring.")));
  worker.addEventListener("message", ({ data }: MessageEvent<{ is?: string }>) => {
    if (data?.is === "locked") for (const listener of [...lockedListeners]) listener();
  });
  const rings = wrap<Rings>(worker);
  return (work) => Promise.race([work(rings), broken.promise]);
}

/** Keys that sign and open by asking the worker. */
export function keysBehind(owner: string, purpose: Purpose, card: KeyCard): Keys {
  return {
    signer: card.signer,
    recipient: card.recipient,
    card,
    sign: (digest) => askRings((rings) => rings.sign(owner, purpose, digest)),
    open: (file) => askRings((rings) => rings.open(owner, purpose, file)),
  };
}

/** The owner's keys, or null where this browser has none. Rejects with `isLocked`. */
export async function keysHere(owner: string, purpose: Purpose): Promise<Keys | null> {
  const card = await askRings((rings) => rings.card(owner, purpose));
  return card && keysBehind(owner, purpose, card);
}
