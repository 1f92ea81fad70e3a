import { expect, test } from "vitest";
import { browserName, deviceName } from "./browser-name.ts";

const pixel =
  "Mozilla/5.0 (Linux; Android 16; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0.0.0 Mobile Safari/537.36";
const iphone =
  "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/26.1 Mobile/15E148 Safari/604.1";
const edge =
  "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/148.0 Safari/537.36 Edg/148.0";

test("a browser is called by its own name, version and system", () => {
  expect(browserName(pixel)).toBe("Chrome 148 on Android");
  expect(browserName(iphone)).toBe("Safari 26 on iPhone");
  expect(browserName(edge)).toBe("Edge 148 on Windows");
  expect(browserName("curl/8")).toBe("This browser");
});

test("a key's browser is called by its name and system", () => {
  expect([pixel, iphone, edge].map(deviceName)).toEqual(["Chrome on Android", "Safari on iPhone", "Edge on Windows"]);
  expect(deviceName("curl/8")).toBe("This browser");
});
