import { expect, test } from "vitest";
import { appAround, unableHere } from "./browsers.ts";

const pixel =
  "Mozilla/5.0 (Linux; Android 16; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36";
const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1";
const inside =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148";
const webview =
  "Mozilla/5.0 (Linux; Android 16; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) Version/4.0 Chrome/148.0.0.0 Mobile Safari/537.36";
const edge =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0 Safari/537.36 Edg/148.0";

test("a window inside a mail or chat app is told from a browser of its own", () => {
  for (const own of [pixel, iphone, edge]) expect(appAround(own)).toBeNull();
  expect(appAround(inside)).toBe("another app");
  expect(appAround(webview)).toBe("another app");
  expect(appAround(`${inside} Instagram 400.0`)).toBe("Instagram");
  expect(appAround(`${webview} [FB_IAB/FB4A;FBAV/500.0;]`)).toBe("Facebook");
});

const able = {
  isSecureContext: true,
  crypto: { subtle: {} },
  indexedDB: {},
  WebSocket: {},
  RTCPeerConnection: {},
  AbortSignal: { any: () => {} },
};
const here = (change: object) => ({ ...able, ...change }) as unknown as typeof globalThis;

test("an address without https is told apart from a browser that is too old, although both lack the same things", () => {
  expect(unableHere(here({}))).toBeNull();
  expect(unableHere(here({ isSecureContext: false, crypto: {} }))).toBe("insecure");
  expect(unableHere(here({ RTCPeerConnection: undefined }))).toBe("old-browser");
  expect(unableHere(here({ AbortSignal: {} }))).toBe("old-browser");
});
