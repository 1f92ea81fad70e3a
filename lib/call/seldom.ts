/** Lets each of several through so often in a minute, and no oftener. */
export class Seldom<Who> {
  readonly #at = new Map<Who, number[]>();
  readonly #most: number;
  constructor(most: number) {
    this.#most = most;
  }
  isDue(who: Who): boolean {
    const now = performance.now();
    const recent = (this.#at.get(who) ?? []).filter((at) => now - at < 60_000);
    this.#at.set(who, recent);
    return recent.length < this.#most && recent.push(now) > 0;
  }
}
