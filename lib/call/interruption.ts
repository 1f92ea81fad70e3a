/** How long a track may stay silent after the page is seen again; most come back by themselves. */
const PATIENCE_MS = 1_000;

/** Of a track and a page, what this needs. */
interface Source extends EventTarget {
  readonly muted: boolean;
}
interface Page extends EventTarget {
  readonly visibilityState: string;
}

/**
 * A phone call, another app or a pulled plug takes camera and microphone away. `lost` is told once, when the track has
 * ended, or is still silenced by the system a second after its page is looked at again: then it has to be asked for anew.
 * A track that is silenced while the page is looked at is a person's own switch, and theirs to turn.
 */
export function onInterrupted(track: Source, page: Page, signal: AbortSignal, lost: () => void): void {
  const life = new AbortController();
  const until = AbortSignal.any([signal, life.signal]);
  let timer: ReturnType<typeof setTimeout> | undefined;
  until.addEventListener("abort", () => clearTimeout(timer), { once: true });
  const over = () => {
    if (until.aborted) return;
    life.abort();
    lost();
  };
  const seen = () => {
    clearTimeout(timer);
    if (page.visibilityState === "visible" && track.muted) timer = setTimeout(() => track.muted && over(), PATIENCE_MS);
  };
  track.addEventListener("ended", over, { signal: until });
  track.addEventListener("unmute", () => clearTimeout(timer), { signal: until });
  page.addEventListener("visibilitychange", seen, { signal: until });
}
