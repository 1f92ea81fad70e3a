import { best, type Counters, countersOf, encodings, type Level, secondOf, step } from "./quality.ts";

/** An estimate of the line begins low and takes this long to say something. */
const FIRST_MS = 5_000;
const LOOK_MS = 1_000;
/** Until then the first picture has had its turn, and what followed it has shown what the line carries. */
const GROW_MS = 500;
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

/** Looks at a connection once a second and sends what of the picture the line carries. `changed` hears of each new level. */
export function adapt(connection: RTCPeerConnection, signal: AbortSignal, changed: (level: Level) => void): void {
  const began = performance.now();
  let quality = best;
  let before: Counters | undefined;
  let applied = "";
  let looking = false;
  const apply = async () => {
    const wanted = `${quality.level} ${sharesScreen(connection)}`;
    if (wanted === applied) return;
    applied = wanted;
    await send(connection, quality.level);
  };
  const look = async () => {
    if (looking) return;
    looking = true;
    try {
      const now = countersOf([...(await connection.getStats()).values()]);
      if (signal.aborted) return;
      const { level } = quality;
      if (before && performance.now() - began > FIRST_MS) quality = step(quality, secondOf(before, now));
      before = now;
      await apply();
      if (level !== quality.level && !signal.aborted) changed(quality.level);
    } catch {
      // A connection that is going away, or a browser that sets no such limits: the picture is sent as it is.
    } finally {
      looking = false;
    }
  };
  const timers = [setTimeout(() => void look(), GROW_MS), setInterval(() => void look(), LOOK_MS)];
  signal.addEventListener("abort", () => timers.forEach(clearTimeout), { once: true });
}

const isScreen = (track: MediaStreamTrack | null) => track?.kind === "video" && track.contentHint === "detail";
const sharesScreen = (connection: RTCPeerConnection) => connection.getSenders().some(({ track }) => isScreen(track));

async function send(connection: RTCPeerConnection, level: Level): Promise<void> {
  for (const sender of connection.getSenders()) {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) {
      if (sender.track?.kind === "audio") encoding.networkPriority = encoding.priority = "high";
      if (sender.track?.kind === "video") setTo(encoding, level, isScreen(sender.track));
    }
    if (parameters.encodings.length > 0) await sender.setParameters(parameters);
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
