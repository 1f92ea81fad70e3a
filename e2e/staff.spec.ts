import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { movesToNewDevice, screenLock } from "./passkeys.ts";
import { Doctor, expect, inviteDoctor, isAccessible, seesTheOther, test } from "./people.ts";

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
  await phone.button("Type the words").click();
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

test("a passkey brings a doctor's kit to the next device, which is enrolled where its words are compared", {
  tag: "@nightly",
}, async ({ drOsei }) => {
  const { page } = drOsei;
  await screenLock(page);
  await drOsei.setsUp();
  await page.goto("/devices");
  await drOsei.button("Save as passkey").click();
  await expect(drOsei.button("Remove passkey")).toBeVisible();
  await drOsei.button("Enrol another device").click();
  const dialog = page.getByRole("dialog", { name: "Enrol another device" });
  await expect(dialog.getByText(`${new URL(page.url()).origin}/sign-in`)).toBeVisible();
  await isAccessible(page);
  await page.keyboard.press("Escape");

  await movesToNewDevice(page, new URL(page.url()).origin);
  await drOsei.signsIn();
  await drOsei.button("Use passkey").click();
  await drOsei.button("Make a signing key").click();
  await expect(page.getByRole("heading", { name: "Your key waits for the practice" })).toBeVisible();
  await drOsei.button("Enrol this device").click();
  await expect(page.getByRole("heading", { name: "Today’s visits" })).toBeVisible();
});

test("a session that was left open invites nobody: the password is asked for again, and then what was asked goes on", {
  tag: "@nightly",
}, async ({ drOsei, clinic }) => {
  const { page } = drOsei;
  await drOsei.setsUp();
  await page.goto("/admin/people/invite");
  await page.getByLabel("Name").fill("Dr. Liam Brandt");
  await page.getByLabel("Email").fill("liam@riverside.example");
  await clinic.stop();
  const database = await PGlite.create(join(clinic.folder, "database"));
  await database.query("UPDATE session SET created_at = created_at - interval '10 minutes'");
  await database.close();
  await clinic.start();

  const asks = page.getByRole("dialog", { name: "Is it still you?" });
  await drOsei.button("Make the link").click();
  await expect(asks).toBeVisible();
  await isAccessible(page);
  await asks.getByRole("button", { name: "Cancel" }).click();
  await expect(asks).toHaveCount(0);
  await expect(page.getByRole("textbox", { name: "Invitation link" })).toHaveCount(0);

  await drOsei.button("Make the link").click();
  await asks.getByLabel("Password").fill("another long passphrase");
  await asks.getByRole("button", { name: "Go on" }).click();
  await expect(asks.getByText("This is not your password.")).toBeVisible();
  await asks.getByLabel("Password").fill(Doctor.password);
  await asks.getByRole("button", { name: "Go on" }).click();
  await expect(page.getByRole("textbox", { name: "Invitation link" })).toHaveValue(/#/);
});
