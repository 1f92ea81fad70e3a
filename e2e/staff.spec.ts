import { Doctor, expect, inviteDoctor, seesTheOther, test } from "./people.ts";

test("a second doctor is invited, enrolled by four words, and holds a visit; removed, they are out at once", async ({
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  const drBrandt = await inviteDoctor(drOsei);
  await ana.opens(await drBrandt.plans());
  await ana.authorizes();
  await drBrandt.admits();
  await Promise.all([seesTheOther(drBrandt.page), seesTheOther(ana.page)]);

  const { page } = drOsei;
  await page.getByRole("button", { name: "Remove Dr. Liam Brandt" }).click();
  await page.getByRole("button", { name: "Remove", exact: true }).last().click();
  await expect(page.getByText("Removed", { exact: true }).filter({ visible: true })).toBeVisible();
  await drBrandt.page.goto("/visits");
  await expect(drBrandt.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await drBrandt.context.close();
});

test("a laptop is lost: the phone was enrolled on it, removes it, holds what it had planned, and forgets all when asked to", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  const laptop = drOsei.page;
  await drOsei.setsUp();
  const link = await drOsei.plans();
  await laptop.goto("/visits");
  await laptop.getByRole("button", { name: "Save recovery kit" }).first().click();
  const shown = laptop.getByRole("list", { name: "Your twelve words" }).getByRole("listitem");
  await expect(shown).toHaveCount(12);
  const words = await shown.allInnerTexts();

  const context = await drOsei.context.browser()!.newContext({
    baseURL: new URL(laptop.url()).origin,
    viewport: { width: 390, height: 844 },
    permissions: ["camera", "microphone"],
  });
  const phone = new Doctor(context, await context.newPage());
  await phone.signsIn();
  for (const [at, word] of words.entries())
    await phone.page.getByLabel(`Word ${at + 1}`, { exact: true }).fill(word.replace(/[\d\s]/g, ""));
  await phone.button("Open my kit").click();
  await phone.button("Make a signing key").click();
  await expect(phone.page.getByRole("heading", { name: "Your key waits for the practice" })).toBeVisible();

  await laptop.goto("/devices");
  await laptop.getByRole("button", { name: "The words match: enrol" }).click();
  await expect(phone.page.getByRole("heading", { name: "Today’s visits" })).toBeVisible();

  await phone.page.goto("/devices");
  await expect(phone.page.getByText("(this device)")).toBeVisible();
  const lost = phone.page.getByRole("listitem").filter({ hasNotText: "this device" });
  await lost.getByRole("button", { name: "Remove", exact: true }).click();
  await lost.getByRole("button", { name: "Remove key" }).click();
  await expect(lost.getByText(/^Removed today/)).toBeVisible();
  await laptop.goto("/visits");
  await expect(laptop.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await drOsei.signsIn();
  await expect(laptop.getByRole("heading", { name: "This device’s signing key was removed" })).toBeVisible();

  await phone.page.goto(`/visits/${new URL(link).pathname.split("/").at(-1)}`);
  await phone.button("Hold it on this device").click();
  await expect(phone.button("Hold it on this device")).toHaveCount(0);
  await ana.opens(link);
  await ana.authorizes();
  await expect(phone.button("Admit")).toBeVisible();

  // On a device that is not theirs nothing stays.
  await phone.button("Menu").click();
  await phone.button("Sign out").click();
  await phone.page.getByLabel("Keep my keys on this device").uncheck();
  await phone.button("Sign out and clear").click();
  await expect(phone.page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await phone.signsIn();
  await expect(phone.page.getByRole("heading", { name: "Open your recovery kit on this device" })).toBeVisible();
  await context.close();
});
