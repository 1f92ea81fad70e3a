/** Milliseconds between two times that a file's way is shown. */
const SHOWN_EVERY = 100;
/** Seconds before anything is said of how fast it moves. */
const KNOWN_AFTER = 0.25;

/** How fast a file moves since it last began to. */
export class Pace {
  #from = 0;
  #since = 0;
  #shownAt = 0;

  begin(bytes: number): void {
    this.#from = bytes;
    this.#since = performance.now();
  }
  /** Whether it may be shown again already; then it is shown now. */
  isDue(): boolean {
    const now = performance.now();
    if (now - this.#shownAt < SHOWN_EVERY) return false;
    this.#shownAt = now;
    return true;
  }
  /** Until all of `size` is there; undefined until that is known. */
  secondsLeft(bytes: number, size: number): number | undefined {
    const seconds = (performance.now() - this.#since) / 1_000;
    const moved = bytes - this.#from;
    return seconds > KNOWN_AFTER && moved > 0 ? Math.ceil(((size - bytes) * seconds) / moved) : undefined;
  }
}
