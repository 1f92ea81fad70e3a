import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import type { Page } from "@playwright/test";
import { isAccessibleEverywhere } from "./everywhere.ts";
import { expect, seesTheOther, test } from "./people.ts";

const number = (page: Page, label: string) => page.locator("dl > div").filter({ hasText: label });

test("an admin sees the clinic at a glance: what was refused, what doesn't hold, and what the ledger said no to", {
  tag: "@nightly",
}, async ({ clinic, drOsei, ana, mallory }) => {
  const { page } = drOsei;
  await drOsei.setsUp();
  await page.getByRole("link", { name: "Clinic", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Clinic at a glance", level: 1 })).toBeVisible();
  await expect(page.getByText("No visit in these two weeks.")).toBeVisible();
  await expect(page.getByText("Nothing was refused.")).toBeVisible();
  await expect(page.getByText("The log was never verified")).toBeVisible();
  await expect(page.getByText("nothing refused")).toBeVisible();
  await expect(page.getByRole("heading", { name: "Refused by the ledger" })).toHaveCount(0);
  await isAccessibleEverywhere(page);

  const link = await drOsei.plans();
  // Both have the link before them; Ana is faster.
  await mallory.page.goto(link);
  await mallory.page.getByLabel("Your name").fill("Mallory");
  await ana.opens(link);
  await mallory.button("Continue").click();
  await expect(mallory.page.getByRole("heading", { name: "This link is already in use" })).toBeVisible();
  await ana.authorizes();
  await page.goto("/admin");
  await expect(number(page, "Waiting")).toContainText("for Dr. Esi Osei");
  await page.goto("/visits");
  await drOsei.admits();
  await Promise.all([seesTheOther(page), seesTheOther(ana.page)]);
  await drOsei.ends();
  await expect(ana.page.getByText("final").first()).toBeVisible();
  await page.goto("/admin/audit");
  await drOsei.button("Verify all").click();
  await expect(page.getByText(/all hold/i).first()).toBeVisible({ timeout: 60_000 });

  await page.goto("/admin");
  await expect(number(page, "Visits today")).toContainText("1something refused in 1");
  await expect(page.getByRole("figure", { name: "Refusals last 7 days" })).toContainText(
    "Link used on a second device",
  );
  await expect(page.getByRole("figure").filter({ hasText: "from saved to on the ledger" })).toContainText("Up to date");
  await expect(page.getByText(/lines, all hold/)).toBeVisible();
  await page.getByRole("link", { name: "See their sessions in the audit log" }).click();
  await expect(page.getByRole("region", { name: "Sessions" }).getByRole("link").first()).toBeVisible();

  await clinic.stop();
  const database = await PGlite.create(join(clinic.folder, "database"));
  const changed = await database.query(
    "UPDATE record SET commitment = '0x' || repeat('ab', 32) WHERE id = (SELECT id FROM record WHERE NOT by_patient LIMIT 1)",
  );
  expect(changed.affectedRows).toBe(1);
  const held = await database.query(
    `UPDATE act SET state = 'parked', reason = 'ConsentIsNotGranted', "transaction" = NULL, block = NULL, block_hash = NULL
     WHERE id = (SELECT id FROM act WHERE kind = 'record' ORDER BY "order" LIMIT 1)`,
  );
  expect(held.affectedRows).toBe(1);
  await database.close();
  await clinic.start();

  await page.goto("/admin");
  const refused = page.getByRole("region", { name: "Refused by the ledger" });
  await expect(refused.getByRole("heading", { name: "Session started" })).toBeVisible();
  await expect(refused).toContainText("The permission this belongs to is not on the ledger.");
  await expect(refused.getByRole("link", { name: "Open its session" })).toHaveAttribute("href", /audit\/[0-9a-f]{32}$/);
  await isAccessibleEverywhere(page);
  // It is on the ledger all the same, so that trying again finds it there.
  await refused.getByRole("button", { name: "Try again" }).press("Enter");
  await expect(refused).toContainText("Nothing any more.");
  await page.reload();
  await expect(page.getByText("nothing refused")).toBeVisible();

  await page.goto("/admin/audit");
  await drOsei.button("Verify all").click();
  await expect(page.getByText(/line changed|lines changed/).first()).toBeVisible({ timeout: 60_000 });
  await page.goto("/admin");
  const banner = page.getByRole("status").filter({ hasText: /lines? holds?, \d+ do/ });
  await expect(banner).toBeVisible();
  await isAccessibleEverywhere(page);
  await banner.getByRole("link", { name: /^Show the lines?$/ }).click();
  await expect(page.getByText(/changed/i).first()).toBeVisible({ timeout: 60_000 });
});
