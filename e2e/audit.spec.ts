import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { expect, isAccessible, seesTheOther, test } from "./people.ts";

test("an admin verifies every line in her own browser, and finds the one that was changed in the database", async ({
  clinic,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Allow" });
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await drOsei.prescribes("Cetirizine 10 mg");
  await expect(drOsei.page.getByText(/on the ledger|final/).first()).toBeVisible();
  await drOsei.ends();
  await expect(ana.page.getByRole("heading", { name: "Your visit has ended" })).toBeVisible();
  await expect(ana.page.getByText("final").first()).toBeVisible();

  const { page } = drOsei;
  await page.goto("/admin/audit");
  await expect(page.getByRole("table").or(page.getByRole("list")).first()).toBeVisible();
  await isAccessible(page);
  await drOsei.button("Verify all").click();
  await expect(page.getByText(/all hold/i).first()).toBeVisible({ timeout: 60_000 });
  await isAccessible(page);

  await clinic.stop();
  const database = await PGlite.create(join(clinic.folder, "database"));
  const changed = await database.query("UPDATE record SET commitment = '0x' || repeat('ab', 32) WHERE kind = 3");
  expect(changed.affectedRows).toBeGreaterThan(0);
  await database.close();
  await clinic.start();

  await page.goto("/admin/audit");
  await drOsei.button("Verify all").click();
  await expect(page.getByText(/changed/i).first()).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole("alert").first()).toBeVisible();
  await isAccessible(page);

  await page.getByRole("tab", { name: "Events" }).click();
  const table = page.getByRole("region", { name: "Table of events" });
  await expect(table.getByText("Signed in").or(table.getByText("Verified the audit log")).first()).toBeVisible();
  await page.getByRole("button", { name: /^Show only lines that do not hold/ }).click();
  await expect(table.getByText("Changed", { exact: true })).toHaveCount(1);
  await expect(table.getByText("Holds")).toHaveCount(0);
  await expect(table.getByRole("region", { name: "What differs" }).getByText("Content", { exact: true })).toBeVisible();
  await isAccessible(page);
});
