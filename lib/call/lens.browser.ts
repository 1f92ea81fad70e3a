import { blurOf } from "./blur.browser.ts";

/** Of the background of one's own picture. `failed` shows nothing until it is tried again or given up. */
export type Blur = "off" | "starting" | "on" | "failed";

/** What stands between the camera and everyone who sees it, oneself included: nothing, or the blur. */
interface Lens {
  readonly blur: Blur;
  /** What is seen. While a wished blur is not there, null: what is behind a person is never shown by accident. */
  readonly shown: MediaStreamTrack | null;
  look(camera: MediaStreamTrack | null): Promise<void>;
  wish(on: boolean): Promise<void>;
}

export function lensOf({ signal, changed }: { signal: AbortSignal; changed: () => void }): Lens {
  let camera: MediaStreamTrack | null = null;
  let blur: Blur = "off";
  let blurred: MediaStreamTrack | null = null;
  let life = new AbortController();

  const apply = async () => {
    life.abort();
    blurred?.stop();
    blurred = null;
    if (blur === "off" || !camera) return changed();
    blur = "starting";
    changed();
    const mine = new AbortController();
    life = mine;
    try {
      const made = await blurOf(camera, AbortSignal.any([mine.signal, signal]));
      if (mine.signal.aborted || signal.aborted) return made.stop();
      made.contentHint = "motion";
      blurred = made;
      blur = "on";
    } catch {
      if (mine.signal.aborted) return;
      blur = "failed";
    }
    changed();
  };
  signal.addEventListener("abort", () => {
    life.abort();
    blurred?.stop();
  });

  return {
    get blur() {
      return blur;
    },
    get shown() {
      return blur === "off" ? camera : blurred;
    },
    look(now) {
      camera = now;
      return apply();
    },
    wish(on) {
      if (on ? blur === "on" || blur === "starting" : blur === "off") return Promise.resolve();
      blur = on ? "starting" : "off";
      return apply();
    },
  };
}
