/** The breakout box of Chromium, which TypeScript's DOM does not know yet. */
interface Box {
  MediaStreamTrackProcessor: new (about: { track: MediaStreamTrack }) => { readable: ReadableStream<VideoFrame> };
  MediaStreamTrackGenerator: new (about: {
    kind: "video";
  }) => MediaStreamTrack & { writable: WritableStream<VideoFrame> };
}

/** Where the server has the model and its worker; see server/effects.ts. */
const ASSETS = "/effects/background/";

/**
 * Only where frames come and go without the page being drawn, so that the picture does not stand still in a tab behind
 * others, and where the work is done in a worker: Chromium's browsers.
 */
export const canBlur = (): boolean =>
  "MediaStreamTrackProcessor" in window &&
  "MediaStreamTrackGenerator" in window &&
  /Chrome/.test(navigator.userAgent) &&
  typeof OffscreenCanvas === "function";

/**
 * The camera's picture with everything but the person blurred, as a track of its own that ends with `signal` or with the
 * camera. Nothing leaves the device; the model comes from our server when it is first used. Throws where it can't run.
 */
export async function blurOf(camera: MediaStreamTrack, signal: AbortSignal): Promise<MediaStreamTrack> {
  const { GaussianBlurBackgroundProcessor } = await import("@twilio/video-processors");
  const blur = new GaussianBlurBackgroundProcessor({ assetsPath: location.origin + ASSETS, maskBlurRadius: 5 });
  await blur.loadModel();
  signal.throwIfAborted();
  const { MediaStreamTrackProcessor, MediaStreamTrackGenerator } = window as unknown as Box;
  const out = new MediaStreamTrackGenerator({ kind: "video" });
  const canvas = document.createElement("canvas");
  const through = new TransformStream<VideoFrame, VideoFrame>({
    async transform(frame, next) {
      const { timestamp, displayWidth, displayHeight } = frame;
      if (canvas.width !== displayWidth) canvas.width = displayWidth;
      if (canvas.height !== displayHeight) canvas.height = displayHeight;
      try {
        await blur.processFrame(frame, canvas);
        next.enqueue(new VideoFrame(canvas, { timestamp }));
      } catch {
        // A frame that was not blurred is never sent.
      } finally {
        frame.close();
      }
    },
  });
  const frames = new MediaStreamTrackProcessor({ track: camera }).readable;
  void frames
    .pipeThrough(through, { signal })
    .pipeTo(out.writable, { signal })
    .catch(() => out.stop());
  return out;
}
