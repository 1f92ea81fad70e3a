import type { Page } from "@playwright/test";
import { Chain } from "./chain.ts";
import { meet } from "./meet.ts";
import { asksForGuest, expect, Guest, isAccessible, opensPanel, type Patient, seesTheOther, test } from "./people.ts";

const question = ({ page }: Patient) => page.getByRole("dialog", { name: "Someone would like to join" });

test("the doctor asks for an interpreter, the patient signs, all three meet; revoked, she alone is gone", async ({
  clinic,
  drOsei,
  ana,
  maria,
}) => {
  await meet(drOsei, ana);
  const link = await asksForGuest(drOsei, "Interpreter");
  await isAccessible(drOsei.page);
  await maria.page.goto(link);
  await expect(maria.page.getByText("The patient decides if you may join.")).toBeVisible();
  expect(maria.page.url()).not.toContain("guest.");
  await isAccessible(maria.page);
  await maria.asks(link);
  await expect(maria.page.getByText("Until then nothing is connected")).toBeVisible();
  await isAccessible(maria.page);
  // A page that was loaded anew waits on.
  await maria.page.reload();
  await expect(maria.page.getByRole("heading", { name: "Waiting for the patient’s yes" })).toBeVisible();
  await expect(maria.page.locator("video[data-remote]")).toHaveCount(0);

  await expect(question(ana)).toContainText("Dr. Osei asks to let Maria Lopes, interpreter, join");
  await isAccessible(ana.page);
  await question(ana).getByRole("button", { name: "Allow" }).click();
  await expect(question(ana)).toHaveCount(0);
  await expect(maria.page.getByRole("heading", { level: 1 })).toContainText("Visit with Dr. Esi Osei");
  await seesTheOther(maria.page);
  const chain = await Chain.of(clinic.origin);
  await expect.poll(async () => (await chain.grants()).length).toBe(2);

  await expect(drOsei.page.getByText(/with Ana’s signature/)).toBeVisible();
  await opensPanel(ana.page, "People");
  const people = ana.page.getByRole("region", { name: "People" });
  await expect(people).toContainText("Maria Lopes");
  await expect(people.getByText(/on the ledger|final/)).toBeVisible();
  await isAccessible(ana.page);
  await people.getByRole("button", { name: "Revoke" }).click();
  await expect(people.getByRole("alertdialog")).toContainText("They leave at once");
  await people.getByRole("alertdialog").getByRole("button", { name: "Revoke" }).click();
  const gone = maria.page.getByRole("heading", { name: "The patient goes on without a guest from here" });
  await expect(gone).toBeVisible({ timeout: 3_000 });
  await expect(maria.page.locator("video[data-remote]")).toHaveCount(0);
  await expect(people).toContainText("Maria Lopes: permission taken back");
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await expect.poll(async () => (await chain.revocations()).length).toBe(1);

  await drOsei.ends();
  await expect(ana.page.getByRole("heading", { name: "Your visit has ended" })).toBeVisible();
  const { page } = drOsei;
  await page.goto("/admin/audit");
  await drOsei.button("Verify all").click();
  await expect(page.getByText(/all hold/i).first()).toBeVisible({ timeout: 60_000 });
});

test("the patient asks for a relative, the doctor agrees, the patient thinks again: told without blame", {
  tag: "@nightly",
}, async ({ drOsei, ana, maria }) => {
  await meet(drOsei, ana);
  const link = await asksForGuest(ana, "Relative");
  await maria.asks(link);
  await expect(maria.page.getByRole("heading", { name: "Waiting for Dr. Osei’s yes" })).toBeVisible();
  await expect(question(ana)).toHaveCount(0);
  await drOsei.button("Ana asks for a guest").click();
  await expect(drOsei.page.getByRole("region", { name: "People" })).toContainText("Maria Lopes");
  await drOsei.button("Agree").click();
  await expect(maria.page.getByRole("heading", { name: "Waiting for the patient’s yes" })).toBeVisible();
  await expect(question(ana)).toContainText("You asked to let Maria Lopes, relative, join");
  await question(ana).getByRole("button", { name: "Refuse" }).click();
  await expect(
    maria.page.getByRole("heading", { name: "The patient would like to go on without a guest" }),
  ).toBeVisible();
  await expect(maria.page.getByText("Your name was not kept.")).toBeVisible();
  await isAccessible(maria.page);
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
});

test("a guest’s link is one browser’s, and ends with the visit", { tag: "@nightly" }, async ({
  drOsei,
  ana,
  maria,
  mallory,
}) => {
  await meet(drOsei, ana);
  const link = await asksForGuest(drOsei, "Interpreter");
  await maria.asks(link);
  await question(ana).getByRole("button", { name: "Allow" }).click();
  await seesTheOther(maria.page);

  await mallory.page.goto(link);
  await mallory.page.getByLabel("Your name").fill("Somebody Else");
  await mallory.button("Ask to join").click();
  await expect(mallory.page.getByRole("heading", { name: "This link is already in use" })).toBeVisible();

  // A reload comes back into the call.
  await maria.page.reload();
  await seesTheOther(maria.page);
  await drOsei.ends();
  await expect(maria.page.getByRole("heading", { name: "This visit has ended" })).toBeVisible();
  await maria.page.reload();
  await expect(maria.page.getByRole("heading", { name: "This visit has ended" })).toBeVisible();
});

/** How many others this page shows: decoded pictures that are not black, and move. */
const picturesOn = (page: Page) =>
  page.evaluate(async () => {
    const videos = [...document.querySelectorAll<HTMLVideoElement>("video[data-remote]")];
    const shown = videos.map(
      (video) =>
        new Promise<boolean>((resolve) => {
          setTimeout(() => resolve(false), 5_000);
          video.requestVideoFrameCallback(() => {
            const paint = Object.assign(document.createElement("canvas"), { width: 32, height: 18 }).getContext("2d");
            paint?.drawImage(video, 0, 0, 32, 18);
            const colours = paint?.getImageData(0, 0, 32, 18).data.filter((_, i) => i % 4 !== 3) ?? [];
            resolve(Math.max(...colours) > 40);
          });
        }),
    );
    return (await Promise.all(shown)).filter(Boolean).length;
  });

test("four people meet, each guest by a signature of the patient's own; one leaves, and three go on", {
  tag: "@nightly",
}, async ({ browser, clinic, drOsei, ana, maria }) => {
  await meet(drOsei, ana);
  const context = await browser.newContext({ baseURL: clinic.origin, permissions: ["camera", "microphone"] });
  const tomas = new Guest(context, await context.newPage());
  for (const [guest, role, name] of [
    [maria, "Interpreter", "Maria Lopes"],
    [tomas, "Relative", "Tomás Duarte"],
  ] as const) {
    await guest.asks(await asksForGuest(drOsei, role), name);
    await expect(guest.page.locator("video[data-remote]")).toHaveCount(0);
    await expect(question(ana)).toContainText(name);
    await question(ana).getByRole("button", { name: "Allow" }).click();
    await expect(question(ana)).toHaveCount(0);
  }
  const pages = [drOsei, ana, maria, tomas].map(({ page }) => page);
  for (const page of pages) await expect.poll(() => picturesOn(page), { timeout: 60_000 }).toBe(3);
  await expect(drOsei.button("Ask for a guest")).toHaveCount(0);
  await isAccessible(ana.page);
  const chain = await Chain.of(clinic.origin);
  await expect.poll(async () => (await chain.grants()).length).toBe(3);

  await tomas.button("Leave").click();
  await expect(tomas.page.getByRole("heading", { name: "You left the visit" })).toBeVisible();
  for (const page of pages.slice(0, 3)) {
    await expect(page.locator("video[data-remote]")).toHaveCount(2);
    await expect.poll(() => picturesOn(page), { timeout: 60_000 }).toBe(2);
  }
  await context.close();
});
