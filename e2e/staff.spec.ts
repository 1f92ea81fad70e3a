import { expect, inviteDoctor, seesTheOther, test } from "./people.ts";

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
