import type { Page } from "@playwright/test";
import { Chain, KINDS } from "./chain.ts";
import { everything, meet } from "./meet.ts";
import { expect, seesTheOther, test } from "./people.ts";

/** Keeps every peer connection the page makes, so that one can be cut. */
const keepPeers = (page: Page) =>
  page.addInitScript(() => {
    const peers: RTCPeerConnection[] = [];
    Object.assign(window, { peers });
    window.RTCPeerConnection = new Proxy(window.RTCPeerConnection, {
      construct(target, args: [RTCConfiguration?]) {
        const peer = new target(...args);
        peers.push(peer);
        return peer;
      },
    });
  });

/** How often the remote picture moved on within the page's life. */
const frames = (page: Page) =>
  page.evaluate(
    () =>
      document.querySelector<HTMLVideoElement>("video[data-remote]")?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
  );

test("a dropped connection comes back with a new peer, and nobody clicks", async ({ drOsei, ana }) => {
  await keepPeers(ana.page);
  await meet(drOsei, ana, everything);
  const before = await ana.page.evaluate(() => {
    const { peers } = window as unknown as { peers: RTCPeerConnection[] };
    for (const peer of peers) peer.close();
    return peers.length;
  });
  await expect
    .poll(() => ana.page.evaluate(() => (window as unknown as { peers: unknown[] }).peers.length), { timeout: 30_000 })
    .toBeGreaterThan(before);
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  for (const { page } of [drOsei, ana]) {
    const seen = await frames(page);
    await expect.poll(() => frames(page), { timeout: 30_000 }).toBeGreaterThan(seen);
  }
});

test("code that doesn't come while the line is bad ends no call: it is there once it does", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await expect(drOsei.button("Admit")).toBeVisible();
  let kept = 0;
  for (const { page } of [drOsei, ana])
    await page.route("**/_next/static/chunks/**", (route) => {
      kept += 1;
      return route.abort();
    });
  await drOsei.admits();
  await expect.poll(() => kept, { timeout: 30_000 }).toBeGreaterThan(6);
  for (const { page } of [drOsei, ana]) {
    await expect(page.getByText("This page stopped working")).toHaveCount(0);
    await page.unrouteAll();
  }
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  for (const { page } of [drOsei, ana]) {
    await page.getByRole("button", { name: "More", exact: true }).click();
    await expect(page.getByRole("menu")).toBeVisible();
  }
});

test("mute, camera off and a shared screen are seen on the other side", { tag: "@nightly" }, async ({
  drOsei,
  ana,
}) => {
  await meet(drOsei, ana, everything);
  await drOsei.button("Mute").click();
  await expect(drOsei.button("Unmute")).toBeVisible();
  await drOsei.button("Unmute").click();
  await ana.button("Camera off").click();
  await expect(ana.button("Camera on")).toBeVisible();
  await expect(drOsei.page.getByText(/camera is off|turned (her|the|their) camera off/i).first()).toBeVisible();
  await ana.button("Camera on").click();
  await seesTheOther(drOsei.page);
  await drOsei.button("Share screen").click();
  await expect(drOsei.button(/Stop sharing/)).toBeVisible();
  await seesTheOther(ana.page);
  await drOsei.button(/Stop sharing/).click();
  await expect(drOsei.button("Share screen")).toBeVisible();
  await seesTheOther(ana.page);
});

test("Ana leaves: the visit is over for both, and its end is on the ledger, signed by her", {
  tag: "@nightly",
}, async ({ clinic, drOsei, ana }) => {
  await meet(drOsei, ana, everything);
  await ana.button("Leave").click();
  await expect(ana.page.getByRole("heading", { level: 1 })).not.toContainText("Visit with");
  await expect(drOsei.page.getByText(/left/).first()).toBeVisible();
  const chain = await Chain.of(clinic.origin);
  await expect
    .poll(async () => (await chain.records()).filter((record) => record.kind === KINDS.sessionEnd))
    .toMatchObject([{ byPatient: true }]);
});
