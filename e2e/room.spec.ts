import type { Page } from "@playwright/test";
import { everything, meet } from "./meet.ts";
import { expect, isAccessible, seesTheOther, test } from "./people.ts";

async function inMore(page: Page, word: string | RegExp): Promise<void> {
  await page.getByRole("button", { name: "More", exact: true }).click();
  const named = { name: word, ...(typeof word === "string" ? { exact: true } : {}) };
  await page.getByRole("menuitem", named).or(page.getByRole("menuitemcheckbox", named)).click();
}

test("Dr. Osei's notes save themselves and are there after the visit; how the call was is asked once and counted", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await meet(drOsei, ana, everything);
  await drOsei.button("Chat").click();
  await drOsei.page.getByRole("tab", { name: "Notes" }).click();
  await drOsei.page.getByRole("textbox", { name: "Notes" }).fill("Rash since Monday, no fever.");
  await expect(drOsei.page.getByText(/^Saved, \d\d:\d\d$/)).toBeVisible();
  await isAccessible(drOsei.page);

  await drOsei.ends();
  await drOsei.button("Open my notes").click();
  await expect(drOsei.page.getByRole("textbox", { name: "Notes" })).toHaveValue("Rash since Monday, no fever.");
  await drOsei.page.reload();
  await drOsei.button("Open my notes").click();
  await expect(drOsei.page.getByRole("textbox", { name: "Notes" })).toHaveValue("Rash since Monday, no fever.");

  await expect(ana.page.getByRole("heading", { name: "How were sound and picture?" })).toBeVisible();
  await isAccessible(ana.page);
  await ana.button("Good").click();
  await expect(ana.page.getByRole("heading", { name: "Thank you" })).toBeVisible();
  await ana.page.reload();
  await expect(ana.page.getByRole("heading", { name: "What was recorded" })).toBeVisible();
  await expect(ana.page.getByRole("heading", { name: "How were sound and picture?" })).toHaveCount(0);
  await drOsei.page.goto("/admin");
  await expect(drOsei.page.getByRole("figure").filter({ hasText: "Sound and picture" })).toContainText("1 answer");
});

test("a photo is taken by Ana's own camera after her tap and comes as a file; her no is told", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  const blocked: string[] = [];
  ana.page.on("console", (message) => {
    if (/content security policy|webassembly/i.test(message.text())) blocked.push(message.text());
  });
  await meet(drOsei, ana, everything);
  await drOsei.opensPanel("Files");
  await drOsei.button("Ask Ana for a photo").click();
  await expect(ana.page.getByRole("heading", { name: /asks for a photo/ })).toBeVisible();
  await isAccessible(ana.page);
  await ana.button("Don’t take it").click();
  await expect(drOsei.page.getByText("Ana did not want a photo taken.")).toBeVisible();
  await expect(drOsei.page.getByText(/photo-.*\.(jpg|png)/)).toHaveCount(0);

  await drOsei.button("Ask Ana for a photo").click();
  await ana.button("Take the photo").click();
  await expect(drOsei.page.getByText(/photo-.*\.(jpg|png)/).first()).toBeVisible();
  await expect(drOsei.page.getByText(/on the ledger|final/).first()).toBeVisible();
  // Its hashes are made by WebAssembly, as the workers' policy lets them.
  expect(blocked).toEqual([]);
});

test("a blurred background is made on the device, with nothing from anywhere else", { tag: "@nightly" }, async ({
  clinic,
  drOsei,
  ana,
}) => {
  const hosts = new Set<string>();
  const blocked: string[] = [];
  drOsei.context.on("request", (request) => hosts.add(new URL(request.url()).origin));
  drOsei.page.on("console", (message) => {
    if (/content security policy/i.test(message.text())) blocked.push(message.text());
  });
  await meet(drOsei, ana, everything);
  await inMore(drOsei.page, "Blur my background");
  await expect(drOsei.page.getByRole("menuitemcheckbox", { name: "Blur my background" })).toBeChecked();
  await drOsei.page.keyboard.press("Escape");
  await expect(drOsei.page.locator("video[data-self]")).toBeVisible({ timeout: 30_000 });
  await seesTheOther(ana.page);
  const before = await frames(ana.page);
  await expect.poll(() => frames(ana.page), { timeout: 30_000 }).toBeGreaterThan(before + 5);
  hosts.delete("null");
  expect([...hosts]).toEqual([clinic.origin]);
  expect(blocked).toEqual([]);
  await inMore(drOsei.page, "Blur my background");
  await seesTheOther(ana.page);
});

const frames = (page: Page) =>
  page.evaluate(
    () =>
      document.querySelector<HTMLVideoElement>("video[data-remote]")?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
  );

test("the room by keyboard: single keys that can be turned off, dialogs that give the focus back, figures in words", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await meet(drOsei, ana, everything);
  const { page } = drOsei;
  await page.keyboard.press("m");
  await expect(drOsei.button("Unmute")).toBeVisible();
  await expect(ana.page.getByRole("status").filter({ hasText: "Dr. Esi Osei is muted." })).toHaveCount(1);
  await page.keyboard.press("m");
  await page.keyboard.press("n");
  await page.getByRole("textbox", { name: "Notes" }).pressSequentially("mmm");
  await expect(drOsei.button("Mute")).toBeVisible();
  await page.keyboard.press("Escape");

  const more = page.getByRole("button", { name: "More", exact: true });
  await inMore(page, "Call quality");
  await expect(page.getByRole("dialog").getByText(/^The line is/)).toBeVisible();
  await expect(page.getByRole("dialog").getByText("There and back")).toBeVisible();
  await isAccessible(page);
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();

  await inMore(page, "Camera and sound");
  const loud = page.getByRole("slider", { name: /Ana/ });
  await loud.fill("200");
  await expect(loud).toHaveAttribute("aria-valuetext", "200 percent");
  await isAccessible(page);
  await page.keyboard.press("Escape");
  await expect(more).toBeFocused();
  expect(await page.evaluate(() => document.querySelector<HTMLVideoElement>("video[data-remote]")?.muted)).toBe(true);

  await page.keyboard.press("?");
  await page.getByRole("checkbox", { name: "Use these keys on this device" }).uncheck();
  await page.keyboard.press("Escape");
  await page.keyboard.press("m");
  await page.keyboard.press("c");
  await expect(drOsei.button("Mute")).toBeVisible();
  await expect(page.getByRole("log", { name: "Messages" })).toHaveCount(0);
});

test("on the smallest phone and on its side nothing is cut off, and one's own picture moves out of the way", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await meet(drOsei, ana, everything);
  for (const size of [
    { width: 360, height: 640 },
    { width: 640, height: 360 },
  ]) {
    await ana.page.setViewportSize(size);
    for (const name of ["Mute", "More", "Leave"]) await expect(ana.button(name)).toBeInViewport({ ratio: 1 });
    expect(await ana.page.evaluate(() => document.documentElement.scrollWidth <= window.innerWidth)).toBe(true);
    await isAccessible(ana.page);
  }
  const own = ana.button("Move your own picture");
  const before = await own.boundingBox();
  await own.press("Enter");
  await expect.poll(async () => (await own.boundingBox())?.x).not.toBe(before?.x);
  await ana.page.setViewportSize({ width: 360, height: 640 });
  await ana.button("Chat").click();
  await expect(ana.page.getByRole("textbox", { name: "Message" })).toBeInViewport({ ratio: 1 });
});
