/** A track that carries no sound. */
export function silence(signal: AbortSignal): MediaStreamTrack {
  const context = new AudioContext();
  signal.addEventListener("abort", () => void context.close().catch(() => {}), { once: true });
  const [track] = context.createMediaStreamDestination().stream.getAudioTracks();
  if (!track) throw new Error("no audio track");
  return track;
}

/** A track that shows nothing. Painted again every second: whoever is sent it next gets a picture, not the last of before. */
export function darkness(signal: AbortSignal): MediaStreamTrack {
  const canvas = document.createElement("canvas");
  canvas.width = 16;
  canvas.height = 9;
  const paint = () => canvas.getContext("2d")?.fillRect(0, 0, 16, 9);
  paint();
  const timer = setInterval(paint, 1_000);
  signal.addEventListener("abort", () => clearInterval(timer), { once: true });
  const [track] = canvas.captureStream(1).getVideoTracks();
  if (!track) throw new Error("no video track");
  return track;
}
