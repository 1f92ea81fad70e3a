import type { BrowserContext } from "@playwright/test";
import { movesToNewDevice, screenLock } from "./passkeys.ts";
import { expect, seesTheOther, test } from "./people.ts";

const newPhone = async (context: BrowserContext, baseURL: string) => {
  const phone = await context.browser()!.newContext({ baseURL, viewport: { width: 390, height: 844 } });
  return phone.newPage();
};

test("T-K6: Ana loses her phone: the printed words open her records on the new one, and she sees who looked", async ({
  clinic,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Allow", files: "Allow" });
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await drOsei.prescribes("Cetirizine 10 mg");
  await drOsei.ends();
  await expect(ana.page.getByText("Cetirizine 10 mg").first()).toBeVisible();
  await ana.button("Save recovery kit").click();
  const shown = ana.page.getByRole("list", { name: "Your twelve words" }).getByRole("listitem");
  await expect(shown).toHaveCount(12);
  const words = await shown.allInnerTexts();
  await ana.page.keyboard.press("Escape");
  await ana.page.getByRole("link", { name: "My records" }).click();
  await expect(ana.page.getByRole("heading", { name: "My records", level: 1 })).toBeVisible();
  await expect(ana.page.getByRole("heading", { name: "Who looked" })).toBeVisible();
  await ana.context.close();

  const page = await newPhone(drOsei.page.context(), clinic.origin);
  await page.goto("/records");
  await page.getByRole("button", { name: "Type the words" }).click();
  for (const [at, word] of words.entries())
    await page.getByLabel(`Word ${at + 1}`, { exact: true }).fill(word.replace(/[\d\s]/g, ""));
  await page.getByRole("button", { name: "Open my records" }).click();
  await expect(page.getByRole("heading", { name: "Who looked" })).toBeVisible();
  await page.getByRole("tab", { name: "Prescriptions" }).click();
  await expect(page.getByText("Cetirizine 10 mg").first()).toBeVisible();
  await page.getByRole("tab", { name: "Permissions" }).click();
  await page.getByRole("button", { name: "Revoke" }).click();
  await page.getByRole("button", { name: "Revoke" }).last().click();
  await expect(page.getByText("Revoked").first()).toBeVisible();
});

test("a passkey opens the records on the next phone, and locks them on this one when asked to", async ({
  clinic,
  drOsei,
  ana,
}) => {
  const { page } = ana;
  await screenLock(page);
  await drOsei.setsUp();
  const link = await drOsei.plans();
  await ana.opens(link);
  await ana.authorizes();
  await drOsei.admits();
  await seesTheOther(page);
  await drOsei.ends();
  await page.getByRole("link", { name: "My records" }).click();
  await ana.button("Save as passkey").click();
  await expect(ana.button("Remove passkey")).toBeVisible();

  await movesToNewDevice(page, clinic.origin);
  await page.goto("/records");
  await ana.button("Use passkey").click();
  await expect(page.getByRole("heading", { name: "Who looked" })).toBeVisible();

  await page.getByLabel("Ask every time on this device").check();
  await expect(page.getByLabel("Ask every time on this device")).toBeChecked();
  const locked = page.getByRole("heading", { name: "Open your records", exact: true });
  await page.reload();
  await expect(locked).toBeVisible();
  await ana.button("Another way").click();
  await ana.button("Type the words").click();
  const others = "legal winner thank year wave sausage worth useful legal winner thank yellow".split(" ");
  for (const [at, word] of others.entries()) await page.getByLabel(`Word ${at + 1}`, { exact: true }).fill(word);
  await ana.button("Open my records").click();
  await expect(page.getByText("These words open no records here")).toBeVisible();
  await ana.button("Another way").click();
  await ana.button("Back").click();
  await ana.button("Use passkey").click();
  await expect(page.getByRole("heading", { name: "Who looked" })).toBeVisible();

  await page.goto(link);
  await expect(locked).toBeVisible();
  await ana.button("Use passkey").click();
  await expect(page.getByRole("heading", { name: "What was recorded" })).toBeVisible();
});

test("a screen lock that derives nothing says so, and the words still open the records", { tag: "@nightly" }, async ({
  drOsei,
  ana,
}) => {
  const { page } = ana;
  await screenLock(page, false);
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await page.goto("/records");
  await ana.button("Save as passkey").click();
  await expect(page.getByText("This device’s passkeys can’t open records")).toBeVisible();
  await expect(ana.button("Save recovery kit")).toBeVisible();
});
