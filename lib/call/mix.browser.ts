/** Several sounds as one track, for as long as `signal` lasts: a connection carries one. The sounds themselves stay their owners'. */
export function mixOf(tracks: readonly MediaStreamTrack[], signal: AbortSignal): MediaStreamTrack {
  const context = new AudioContext();
  const out = context.createMediaStreamDestination();
  for (const track of tracks) context.createMediaStreamSource(new MediaStream([track])).connect(out);
  void context.resume().catch(() => {});
  const [mixed] = out.stream.getAudioTracks();
  if (!mixed) throw new Error("no audio track");
  signal.addEventListener("abort", () => {
    mixed.stop();
    void context.close().catch(() => {});
  });
  return mixed;
}
