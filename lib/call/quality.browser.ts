import { best, type Counters, countersOf, encodings, type Level, secondOf, step } from "./quality.ts";

/** An estimate of the line begins low and takes this long to say something. */
const FIRST_MS = 5_000;
const LOOK_MS = 1_000;
/** Until then the first picture has had its turn, and what followed it has shown what the line carries. */
const GROW_MS = 500;
/** A break this soon after the last one says something of the line after all. */
const AGAIN_MS = 20_000;
/** A whole picture is many times as large as what follows it: a line that breaks often is not filled with them. */
const WHOLE_MS = 5_000;
/** While nothing is known of a line, browsers hold a picture that is larger back: frame by frame they try a smaller one. */
const FIRST_PIXELS = 320 * 180;

/** The first picture of a connection that is being made is a small one, so that it is sent at once; `adapt` makes it large. */
export async function beginSmall(connection: RTCPeerConnection): Promise<void> {
  for (const sender of connection.getSenders()) {
    if (sender.track?.kind !== "video" || isScreen(sender.track)) continue;
    const { width = 0, height = 0 } = sender.track.getSettings();
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings)
      encoding.scaleResolutionDownBy = Math.max(1, Math.sqrt((width * height) / FIRST_PIXELS));
    // A browser that sets no such limits yet: the picture is sent as it is.
    if (parameters.encodings.length > 0) await sender.setParameters(parameters).catch(() => {});
  }
}

/** The picture of a connection, kept to what its line carries. */
export interface Adapting {
  /** Nothing arrives any more. How much a line carries can't be told while it is not there, so nothing is judged. */
  hold(): void;
  /** Bytes again. The other side can't show what builds on pictures that were lost, so it gets a whole one. */
  resume(): void;
}

/** Looks at a connection once a second and sends what of the picture the line carries. `changed` hears of each new level. */
export function adapt(connection: RTCPeerConnection, signal: AbortSignal, changed: (level: Level) => void): Adapting {
  const began = performance.now();
  let quality = best;
  let before: Counters | undefined;
  let applied = "";
  let held = false;
  let resumed = Number.NEGATIVE_INFINITY;
  let whole = Number.NEGATIVE_INFINITY;
  let looking = false;
  let last = Promise.resolve();
  const apply = async () => {
    const wanted = `${quality.level} ${sharesScreen(connection)}`;
    if (wanted === applied) return;
    applied = wanted;
    await send(connection, quality.level);
  };
  const judge = async () => {
    const now = countersOf([...(await connection.getStats()).values()]);
    if (signal.aborted || held) return;
    const { level } = quality;
    if (before && performance.now() - began > FIRST_MS) quality = step(quality, secondOf(before, now));
    before = now;
    await apply();
    if (level !== quality.level && !signal.aborted) changed(quality.level);
  };
  /** A browser takes what was asked for one at a time. */
  const inTurn = (work: () => Promise<void>) => {
    // A connection that is going away, or a browser that sets no such limits: the picture is sent as it is.
    last = last.then(() => (signal.aborted ? undefined : work())).catch(() => {});
    return last;
  };
  const look = async () => {
    if (looking) return;
    looking = true;
    await inTurn(judge);
    looking = false;
  };
  const timers = [setTimeout(() => void look(), GROW_MS), setInterval(() => void look(), LOOK_MS)];
  signal.addEventListener("abort", () => timers.forEach(clearTimeout), { once: true });
  return {
    hold() {
      held = true;
      before = undefined;
      // What was bad before one break says that it began; what was bad between two of them is the line's.
      if (performance.now() - resumed > AGAIN_MS) quality = { ...quality, bad: 0 };
    },
    resume() {
      held = false;
      resumed = performance.now();
      if (resumed - whole < WHOLE_MS) return;
      whole = resumed;
      void inTurn(() => send(connection, quality.level, true));
    },
  };
}

const isScreen = (track: MediaStreamTrack | null) => track?.kind === "video" && track.contentHint === "detail";
const sharesScreen = (connection: RTCPeerConnection) => connection.getSenders().some(({ track }) => isScreen(track));

/** `anew`: the next picture is a whole one. */
async function send(connection: RTCPeerConnection, level: Level, anew = false): Promise<void> {
  for (const sender of connection.getSenders()) {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
      if (sender.track?.kind === "audio") encoding.networkPriority = encoding.priority = "high";
      if (sender.track?.kind === "video") setTo(encoding, level, isScreen(sender.track));
    }
    const whole = anew && sender.track?.kind === "video";
    const options = whole ? { encodingOptions: parameters.encodings.map(() => ({ keyFrame: true })) } : {};
    if (parameters.encodings.length > 0) await sender.setParameters(parameters, options);
  }
}

function setTo(encoding: RTCRtpEncodingParameters, level: Level, screen: boolean): void {
  encoding.active = level !== "sound-only";
  if (level === "sound-only") return;
  const { bits, frames, narrower } = encodings[level];
  encoding.maxBitrate = bits;
  encoding.maxFramerate = screen ? Math.min(frames, 15) : frames;
  // What is written on a screen must stay readable: it moves less often instead.
  encoding.scaleResolutionDownBy = screen ? 1 : narrower;
}
