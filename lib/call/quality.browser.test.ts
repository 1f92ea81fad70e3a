import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { adapt, beginSmall } from "./quality.browser.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection that sends one track, with how it is told to. */
function sending(track: { kind: string; width: number; height: number; contentHint?: string }) {
  const encoding: { scaleResolutionDownBy?: number; active?: boolean } = {};
  const wholePictures: unknown[] = [];
  const counted = new Map<string, object>();
  const { kind, width, height, contentHint = "" } = track;
  const sender = {
    track: { kind, contentHint, getSettings: () => ({ width, height }) },
    getParameters: () => ({ encodings: [encoding] }),
    setParameters: async (_: object, { encodingOptions }: { encodingOptions?: { keyFrame: boolean }[] } = {}) => {
      if (encodingOptions?.[0]?.keyFrame) wholePictures.push(encodingOptions);
    },
  };
  const connection = { getSenders: () => [sender], getStats: async () => counted };
  return { connection: connection as unknown as RTCPeerConnection, encoding, wholePictures, counted };
}

test("the first picture is small enough to be sent before anything is known of the line", async () => {
  const { connection, encoding } = sending({ kind: "video", width: 1280, height: 720 });
  await beginSmall(connection);
  expect(encoding.scaleResolutionDownBy).toBe(4);
});

test("a picture that is small already is not made larger", async () => {
  const { connection, encoding } = sending({ kind: "video", width: 160, height: 120 });
  await beginSmall(connection);
  expect(encoding.scaleResolutionDownBy).toBe(1);
});

test("a screen is readable from its first picture on", async () => {
  const { connection, encoding } = sending({ kind: "video", width: 1920, height: 1080, contentHint: "detail" });
  await beginSmall(connection);
  expect(encoding.scaleResolutionDownBy).toBeUndefined();
});

test("a moment after both see each other the picture is as large as it can be", async () => {
  const life = new AbortController();
  const { connection, encoding } = sending({ kind: "video", width: 1280, height: 720 });
  await beginSmall(connection);
  adapt(connection, life.signal, () => {});
  await vi.advanceTimersByTimeAsync(600);
  expect(encoding.scaleResolutionDownBy).toBe(1);
  life.abort();
});

/** A connection on which six good seconds went by; then nothing of what is sent arrives any more. */
async function broken() {
  const life = new AbortController();
  const { connection, encoding, wholePictures, counted } = sending({ kind: "video", width: 1280, height: 720 });
  const changed = vi.fn();
  const picture = adapt(connection, life.signal, changed);
  await vi.advanceTimersByTimeAsync(6_000);
  counted.set("sent", { type: "outbound-rtp", qualityLimitationReason: "bandwidth" });
  counted.set("pair", {
    type: "candidate-pair",
    nominated: true,
    state: "succeeded",
    availableOutgoingBitrate: 30_000,
  });
  return { picture, encoding, wholePictures, counted, changed, life };
}

test("a line that carries next to nothing gets no picture", async () => {
  const { changed, life } = await broken();
  await vi.advanceTimersByTimeAsync(4_000);
  expect(changed).toHaveBeenCalledWith("sound-only");
  life.abort();
});

test("a line that is not there is not judged: once it is back, the picture goes on as it was, and with a whole one", async () => {
  const { picture, encoding, wholePictures, counted, changed, life } = await broken();
  picture.hold();
  await vi.advanceTimersByTimeAsync(20_000);
  counted.clear();
  expect(wholePictures).toEqual([]);
  picture.resume();
  await vi.advanceTimersByTimeAsync(0);
  expect(wholePictures).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(5_000);
  expect(changed).not.toHaveBeenCalled();
  expect(encoding).toMatchObject({ active: true, scaleResolutionDownBy: 1 });
  expect(wholePictures).toHaveLength(1);
  life.abort();
});

test("a line that is bad and breaks again and again is no better than one that is bad, and is not filled with whole pictures", async () => {
  const { picture, wholePictures, changed, life } = await broken();
  for (let times = 0; times < 5; times++) {
    picture.hold();
    await vi.advanceTimersByTimeAsync(1_100);
    picture.resume();
    await vi.advanceTimersByTimeAsync(2_900);
  }
  expect(changed).toHaveBeenCalledWith("sound-only");
  // Twenty seconds of it.
  expect(wholePictures.length).toBeLessThanOrEqual(4);
  life.abort();
});
