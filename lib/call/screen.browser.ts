/** A screen or window that is shown to the others, with its own sound where the browser gives it. */
export interface Screen {
  readonly picture: MediaStreamTrack;
  readonly sound: MediaStreamTrack | null;
}

/** Asks the person for one. Throws the browser's own error; undefined when there was no picture in it. */
export async function takeScreen(): Promise<Screen | undefined> {
  const stream = await navigator.mediaDevices.getDisplayMedia(shape());
  const picture = stream.getVideoTracks()[0];
  const sound = stream.getAudioTracks()[0] ?? null;
  if (!picture) return void sound?.stop();
  picture.contentHint = "detail";
  return { picture, sound };
}

export function stopScreen(screen: Screen | null): void {
  screen?.picture.stop();
  screen?.sound?.stop();
}

/** The whole system's sound only where our own can be left out of it, or the others would hear themselves. */
function shape(): DisplayMediaStreamOptions {
  const known = navigator.mediaDevices.getSupportedConstraints() as { restrictOwnAudio?: boolean };
  const sound = { echoCancellation: false, noiseSuppression: false, autoGainControl: false, restrictOwnAudio: true };
  const wanted = { video: { frameRate: { ideal: 15 } }, audio: sound };
  return Object.assign(wanted, { systemAudio: known.restrictOwnAudio ? "include" : "exclude" });
}
