import type { Page } from "@playwright/test";
import { everything, meet } from "./meet.ts";
import { type Doctor, expect, type Patient, seesTheOther, test } from "./people.ts";

interface Watched {
  /** How many connections the page has made. */
  peers: RTCPeerConnection[];
  /** The longest time in which nothing arrived, in milliseconds. */
  gap: number;
  /** Every heading of the room that there was. */
  headings: Set<string>;
}

/** Counts from inside the page what a person would notice: pauses, and what is said about them. */
const watches = (page: Page) =>
  page.addInitScript(() => {
    const watched: Watched = { peers: [], gap: 0, headings: new Set() };
    Object.assign(window, { watched });
    window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
      construct(target, args: [RTCConfiguration?]) {
        const peer = new target(...args);
        watched.peers.push(peer);
        return peer;
      },
    });
    let arrived = 0;
    let since = performance.now();
    setInterval(async () => {
      const peer = watched.peers.at(-1);
      if (!peer) return;
      let bytes = 0;
      for (const stat of (await peer.getStats()).values()) {
        if (stat.type === "inbound-rtp") bytes += stat.bytesReceived;
      }
      const now = performance.now();
      if (bytes !== arrived) since = now;
      arrived = bytes;
      watched.gap = Math.max(watched.gap, now - since);
      for (const heading of document.querySelectorAll("h1, h2")) watched.headings.add(heading.textContent ?? "");
    }, 100);
  });
const watched = (page: Page) =>
  page.evaluate(() => {
    const { peers, gap, headings } = (window as unknown as { watched: Watched }).watched;
    return { peers: peers.length, gap, headings: [...headings] };
  });
/** From now on. */
const forget = (page: Page) =>
  page.evaluate(() => {
    const { watched } = window as unknown as { watched: Watched };
    watched.gap = 0;
    watched.headings.clear();
  });

/** A page that was just opened shows nobody anything before a tap. */
async function turnsCameraOn(page: Page, drOsei: Doctor): Promise<void> {
  await expect(drOsei.page.getByText(/camera is off/).first()).toBeVisible({ timeout: 30_000 });
  await page.getByRole("button", { name: "Camera on" }).click();
  await expect(drOsei.page.getByText(/camera is off/)).toHaveCount(0);
  await seesTheOther(drOsei.page);
}

const says = async (someone: Doctor | Patient, text: string) => {
  await someone.page.getByRole("textbox", { name: /message/i }).fill(text);
  await someone.page.keyboard.press("Enter");
};
const opensChat = async ({ page }: Doctor | Patient) => {
  const control = page.getByRole("tab", { name: /^Chat/ }).or(page.getByRole("button", { name: /^Chat/ }));
  const more = page.getByRole("button", { name: "More", exact: true });
  await expect(control.or(more).first()).toBeVisible();
  if (await control.first().isVisible()) return control.first().click();
  await more.click();
  await page.getByRole("menuitem", { name: /^Chat/ }).click();
};

test("the server is killed and started again in mid-call, and sound, picture and chat do not notice", async ({
  clinic,
  drOsei,
  ana,
}) => {
  await Promise.all([watches(drOsei.page), watches(ana.page)]);
  await meet(drOsei, ana, everything);
  await opensChat(drOsei);
  await opensChat(ana);
  const before = await Promise.all([watched(drOsei.page), watched(ana.page)]);
  await Promise.all([forget(drOsei.page), forget(ana.page)]);
  await clinic.kill();
  await says(drOsei, "Take it in the evening");
  await expect(ana.page.getByText("Take it in the evening")).toBeVisible();
  await clinic.start();
  await says(ana, "I will");
  await expect(drOsei.page.getByText("I will")).toBeVisible();
  const after = await Promise.all([watched(drOsei.page), watched(ana.page)]);
  for (const [i, { peers, gap, headings }] of after.entries()) {
    expect(peers).toBe(before[i]?.peers);
    expect(gap).toBeLessThan(1_000);
    expect(headings.filter((heading) => heading.includes("Reconnecting"))).toEqual([]);
  }
  await drOsei.ends();
  await expect(ana.page.getByRole("heading", { level: 1 })).not.toContainText("Visit with");
});

test("Ana's browser crashes: her doctor is told within three seconds, and she is back by her link", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  const link = await meet(drOsei, ana, everything);
  const cdp = await ana.context.newCDPSession(ana.page);
  const crashed = ana.page.waitForEvent("crash");
  cdp.send("Page.crash").catch(() => {});
  await crashed;
  const from = Date.now();
  await expect(drOsei.page.getByRole("heading", { name: "Reconnecting", exact: true })).toBeVisible();
  expect(Date.now() - from).toBeLessThan(3_000);
  await expect(drOsei.page.getByText(/line dropped for a moment/)).toBeVisible();
  const again = await ana.context.newPage();
  await again.goto(link);
  await seesTheOther(again);
  await turnsCameraOn(again, drOsei);
  await expect(drOsei.page.getByRole("heading", { name: "Reconnecting", exact: true })).toHaveCount(0);
});

test("the doctor reloads the page in mid-call and both see each other again", { tag: "@nightly" }, async ({
  drOsei,
  ana,
}) => {
  await watches(ana.page);
  await meet(drOsei, ana, everything);
  const before = await watched(ana.page);
  await drOsei.page.reload();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await expect.poll(async () => (await watched(ana.page)).peers).toBe(before.peers + 1);
});

test("Ana opens the visit on a second page: it goes on there, and the first says so", { tag: "@nightly" }, async ({
  drOsei,
  ana,
}) => {
  const link = await meet(drOsei, ana, everything);
  const second = await ana.context.newPage();
  await second.goto(link);
  await expect(ana.page.getByRole("heading", { name: "This visit is open somewhere else" })).toBeVisible();
  await seesTheOther(second);
  await turnsCameraOn(second, drOsei);
  await ana.button("Use it here").click();
  await expect(second.getByRole("heading", { name: "This visit is open somewhere else" })).toBeVisible();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
});

test("a second page of the doctor's that nobody looks at stays out of the call until it is looked at", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await drOsei.setsUp();
  const link = await drOsei.plans();
  const hidden = await drOsei.context.newPage();
  await hidden.addInitScript(() => {
    Object.assign(window, { looked: false });
    const seen = () => ((window as unknown as { looked: boolean }).looked ? "visible" : "hidden");
    Object.defineProperty(document, "visibilityState", { get: seen });
  });
  await hidden.goto(drOsei.page.url());
  await ana.opens(link);
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await expect(hidden.getByRole("heading", { name: /Visit with/ })).toBeAttached();
  await expect(drOsei.page.getByRole("heading", { name: "This visit is open somewhere else" })).toHaveCount(0);
  await hidden.evaluate(() => {
    Object.assign(window, { looked: true });
    document.dispatchEvent(new Event("visibilitychange"));
  });
  await expect(drOsei.page.getByRole("heading", { name: "This visit is open somewhere else" })).toBeVisible();
  await seesTheOther(hidden);
});

test("Ana's phone rings: camera and microphone come back by themselves, and the doctor's voice after a tap", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await ana.page.addInitScript(() => {
    const tracks: MediaStreamTrack[] = [];
    Object.assign(window, { tracks });
    const { mediaDevices } = navigator;
    const before = mediaDevices.getUserMedia.bind(mediaDevices);
    mediaDevices.getUserMedia = async (wanted) => {
      const stream = await before(wanted);
      tracks.push(...stream.getTracks());
      return stream;
    };
  });
  await meet(drOsei, ana, everything);
  const tracks = () => ana.page.evaluate(() => (window as unknown as { tracks: MediaStreamTrack[] }).tracks.length);
  const had = await tracks();
  await ana.page.evaluate(() => {
    const { tracks } = window as unknown as { tracks: MediaStreamTrack[] };
    for (const track of tracks.filter((one) => one.readyState === "live")) {
      track.stop();
      track.dispatchEvent(new Event("ended"));
    }
    // The browser has paused what it played, and plays nothing before a tap.
    const video = document.querySelector<HTMLVideoElement>("video[data-remote]");
    if (!video) throw new Error("no picture");
    video.play = () => Promise.reject(new DOMException("", "NotAllowedError"));
    video.pause();
  });
  await expect.poll(tracks).toBe(had + 2);
  await expect(ana.button("Mute")).toBeVisible();
  await expect(ana.button("Camera off")).toBeVisible();
  await seesTheOther(drOsei.page);
  await expect(ana.button("Tap to resume")).toBeVisible();
  await ana.page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>("video[data-remote]");
    if (video) Reflect.deleteProperty(video, "play");
  });
  await ana.button("Tap to resume").click();
  await expect(ana.button("Tap to resume")).toHaveCount(0);
  await seesTheOther(ana.page);
});
