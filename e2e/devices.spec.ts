import type { Page } from "@playwright/test";
import { meet } from "./meet.ts";
import { expect, seesTheOther, test } from "./people.ts";
import config from "./playwright.config.ts";

const { args = [], ...launch } = config.use?.launchOptions ?? {};
const [single, several] = [
  "--use-fake-device-for-media-stream=fps=5",
  "--use-fake-device-for-media-stream=fps=5,device-count=3",
];
test.use({ launchOptions: { ...launch, args: args.map((arg) => (arg === single ? several : arg)) } });

/** Which of her cameras goes out to the other. */
const cameraInUse = (page: Page) =>
  page.evaluate(() => {
    const { peers } = window as unknown as { peers: RTCPeerConnection[] };
    const sent = peers.filter((one) => one.connectionState === "connected").flatMap((one) => one.getSenders());
    return sent.find(({ track }) => track?.kind === "video")?.track?.getSettings().deviceId;
  });

const frames = (page: Page) =>
  page.evaluate(
    () =>
      document.querySelector<HTMLVideoElement>("video[data-remote]")?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
  );

test("Ana turns the camera around and back: her doctor sees by the other one, then by the first", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await ana.page.addInitScript(() => {
    // The second camera that Chromium makes up measures depth, and nothing of it arrives; the third is like the first.
    const all = navigator.mediaDevices.enumerateDevices.bind(navigator.mediaDevices);
    navigator.mediaDevices.enumerateDevices = async () =>
      (await all()).filter(({ label }) => label !== "fake_device_1");
    const peers: RTCPeerConnection[] = [];
    Object.assign(window, { peers });
    window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
      construct(target, options: [RTCConfiguration?]) {
        const peer = new target(...options);
        peers.push(peer);
        return peer;
      },
    });
  });
  await meet(drOsei, ana);
  const first = await cameraInUse(ana.page);
  expect(first).toBeTruthy();
  for (const otherOne of [true, false]) {
    await ana.button("More").click();
    await ana.page.getByRole("menuitem", { name: "Turn the camera around" }).click();
    // Between two cameras stands a black picture, which is no device's.
    const isOther = async () => {
      const now = await cameraInUse(ana.page);
      return now && now !== first;
    };
    await expect.poll(isOther).toBe(otherOne);
    const seen = await frames(drOsei.page);
    await expect.poll(() => frames(drOsei.page), { timeout: 30_000 }).toBeGreaterThan(seen + 5);
    await seesTheOther(drOsei.page);
    await expect(ana.page.locator("video[data-self]").first()).toBeVisible();
  }
});
