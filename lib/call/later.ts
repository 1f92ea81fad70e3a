/** How long what failed is left before it is tried again, in milliseconds. */
const AGAIN_MS = 1_000;

/** Does it then, unless this lifetime is over by then. */
export function later(signal: AbortSignal, what: () => void, ms = AGAIN_MS): void {
  const timer = setTimeout(what, ms);
  signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
}
