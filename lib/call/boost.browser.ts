/** The loudest someone is made: twice as loud as they are. */
export const LOUDEST = 2;

/**
 * Plays a sound louder than an element can, from 1 to `LOUDEST`, until `signal` ends. The element that shows its picture
 * goes on, muted by its owner: Chromium gives a remote sound to nobody while no element plays it.
 */
export function boost(stream: MediaStream, { speaker, signal }: { speaker: string; signal: AbortSignal }) {
  const context = new AudioContext();
  const gain = context.createGain();
  // What would be louder than loudspeakers go is pressed together instead of cut off.
  const limit = context.createDynamicsCompressor();
  const source = context.createMediaStreamSource(new MediaStream(stream.getAudioTracks()));
  source.connect(gain).connect(limit).connect(context.destination);
  const sinks = context as AudioContext & { setSinkId?: (id: string) => Promise<void> };
  if (speaker) void sinks.setSinkId?.(speaker).catch(() => {});
  void context.resume().catch(() => {});
  signal.addEventListener("abort", () => {
    source.disconnect();
    void context.close().catch(() => {});
  });
  return { set: (volume: number) => gain.gain.setTargetAtTime(volume, context.currentTime, 0.05) };
}
