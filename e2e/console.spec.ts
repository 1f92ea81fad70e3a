import { goesTo, keepsFocus, presses, walksAround } from "./by-keyboard.ts";
import { expect, isAccessible, test } from "./people.ts";

const nightly = { tag: "@nightly" };

test(
  "an admin finds what she looks for, keeps it as a view, and sees new lines as they come",
  nightly,
  async ({ drOsei, ana }) => {
    const { page } = drOsei;
    await drOsei.setsUp();
    const link = await drOsei.plans();
    await page.goto("/admin/audit?tab=events");
    const table = page.getByRole("region", { name: "Table of events" });
    await expect(table.getByText("Visit created")).toBeVisible();

    await page.getByRole("searchbox", { name: "Search" }).fill("1");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: "Line 1", exact: true }).click();
    await expect(table.getByText("Set up the clinic")).toBeVisible();
    await expect(table.getByRole("row")).toHaveCount(2);
    await drOsei.button("Clear filters").click();

    await page.getByLabel("Kind of act").selectOption("links");
    await expect(page.getByText("No line matches these filters")).toBeVisible();
    await drOsei.button("Save view").click();
    await page.getByLabel("Name").fill("Links");
    await page.getByRole("dialog").getByRole("button", { name: "Save view" }).click();
    await expect(page.getByRole("dialog")).toHaveCount(0);
    await drOsei.button("Clear filters").first().click();

    const live = page.getByRole("switch", { name: "Live" });
    await live.click();
    await expect(page.getByText("New lines appear as they are written")).toBeVisible();
    await ana.opens(link);
    await expect(table.getByText("Took the link with this browser")).toBeVisible();
    await expect(page.getByText(/\d+ new lines? since Live was switched on/)).toBeVisible();
    await isAccessible(page);
    await live.click();
    await expect(live).toHaveAttribute("aria-checked", "false");
    await ana.page.reload();
    await page.getByRole("button", { name: /^\d+ new lines?$/ }).click();
    await expect(table.getByText("Stopped seeing new lines as they come")).toBeVisible();

    await drOsei.button("Views").click();
    await page.getByRole("link", { name: "Links" }).click();
    await expect(table.getByText("Opened the link").first()).toBeVisible();
    await expect(table.getByText("Visit created")).toHaveCount(0);
    await drOsei.button("Views").click();
    await drOsei.button("Delete Links").click();
    await expect(page.getByText("None yet. Set filters, then press Save view.")).toBeVisible();
    await keepsFocus(page);
  },
);

test("by keyboard alone: an admin through the whole console", nightly, async ({ drOsei, ana }) => {
  const { page } = drOsei;
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await drOsei.admits();
  await drOsei.ends();
  await page.goto("/admin/audit");
  await expect(page.getByRole("region", { name: "Table of sessions" })).toBeVisible();
  await walksAround(page);

  await goesTo(page, page.getByLabel("Date from"));
  await page.keyboard.type("01022020");
  await expect(page).toHaveURL(/from=2020-01-02$/);
  await expect(page.getByLabel("Date from")).toHaveValue("2020-01-02");
  await keepsFocus(page);
  await presses(page, drOsei.button("Clear filters"));
  await keepsFocus(page);

  await presses(page, drOsei.button("Verify all"));
  await expect(page.getByText(/all hold|not on the ledger yet/).first()).toBeVisible({ timeout: 60_000 });
  await keepsFocus(page);

  await goesTo(page, page.getByRole("tab", { name: "Sessions" }));
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("tab", { name: "Events" })).toBeFocused();
  await expect(page.getByRole("region", { name: "Table of events" })).toBeVisible();
  await walksAround(page);
  await presses(page, page.getByRole("switch", { name: "Live" }), "Space");
  await expect(page.getByRole("switch", { name: "Live" })).toBeFocused();

  await presses(page, page.getByRole("link", { name: /^Show session/ }).first());
  await expect(page.getByText("The session, to scale")).toBeVisible();
  await walksAround(page);
  await presses(page, drOsei.button("Verify"));
  await expect(page.getByText(/all hold|not on the ledger yet/).first()).toBeVisible({ timeout: 60_000 });
  await keepsFocus(page);
});
