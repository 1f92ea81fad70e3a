/** Something that several screens use one after the other: opened with the first, closed when none has wanted it for a while. */
export interface Held<T> {
  hold(): { it: T; release: () => void };
  /** Closes it now, whoever still holds it. */
  end(): void;
}

/** `open` is given the signal that ends it; `graceMs` is how long the next screen may take to come. */
export function held<T>(open: (signal: AbortSignal) => T, graceMs: number): Held<T> {
  let now: { it: T; life: AbortController; holders: number } | undefined;
  return {
    end() {
      now?.life.abort();
      now = undefined;
    },
    hold() {
      if (!now) {
        const life = new AbortController();
        now = { it: open(life.signal), life, holders: 0 };
      }
      const mine = now;
      mine.holders += 1;
      let released = false;
      return {
        it: mine.it,
        release() {
          if (released) return;
          released = true;
          mine.holders -= 1;
          if (mine.holders > 0) return;
          setTimeout(() => {
            if (mine.holders > 0 || now !== mine) return;
            now = undefined;
            mine.life.abort();
          }, graceMs);
        },
      };
    },
  };
}
