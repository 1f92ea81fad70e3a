import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { adapt, beginSmall } from "./quality.browser.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** A connection that sends one track, with how it is told to. */
function sending(track: { kind: string; width: number; height: number; contentHint?: string }) {
  const encoding: { scaleResolutionDownBy?: number } = {};
  const { kind, width, height, contentHint = "" } = track;
  const sender = {
    track: { kind, contentHint, getSettings: () => ({ width, height }) },
    getParameters: () => ({ encodings: [encoding] }),
    setParameters: async () => {},
  };
  const connection = { getSenders: () => [sender], getStats: async () => new Map() };
  return { connection: connection as unknown as RTCPeerConnection, encoding };
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
