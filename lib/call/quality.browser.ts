import { best, type Counters, countersOf, encodings, type Level, secondOf, step } from "./quality.ts";

/** An estimate of the line begins low and takes this long to say something. */
const FIRST_MS = 5_000;
const LOOK_MS = 1_000;

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
  void look();
  const timer = setInterval(() => void look(), LOOK_MS);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
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
