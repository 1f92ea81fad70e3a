import { presses, walksAround } from "./by-keyboard.ts";
import { isAccessibleEverywhere } from "./everywhere.ts";
import { expect, seesTheOther, test } from "./people.ts";

test("an admin looks into what is unusual: dismisses it, gives a review and closes it, and reads the month", {
  tag: "@nightly",
}, async ({ clinic, drOsei, ana }) => {
  const { page } = drOsei;
  await drOsei.setsUp();
  const link = await drOsei.plans();
  const visitId = new URL(link).pathname.split("/").at(-1);
  // Somebody has the visit's address, and tries secrets.
  for (const digit of "12345") {
    const tried = await page.request.post(`${clinic.origin}/api/join/${visitId}/open`, {
      headers: { origin: clinic.origin },
      data: { token: `0x${digit.repeat(64)}` },
    });
    expect(tried.status()).toBe(404);
  }
  await ana.opens(link);
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(page), seesTheOther(ana.page)]);
  await drOsei.ends();
  await expect(ana.page.getByText("final").first()).toBeVisible();

  const unusual = page.getByRole("link", { name: "1 unusual thing on the log" });
  await expect(async () => {
    await page.goto("/admin");
    await expect(unusual).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await unusual.click();
  await expect(page.getByRole("heading", { name: "Unusual", level: 1 })).toBeVisible();
  const finding = page.getByRole("article", { name: "A link was refused again and again" });
  await expect(finding).toContainText("5 times");
  await isAccessibleEverywhere(page);

  // By keyboard alone: what the ordinary visit left is nothing, and this is dismissed with a reason.
  await page.getByRole("heading", { name: "Unusual", level: 1 }).focus();
  await presses(page, finding.getByRole("button", { name: "Dismiss" }));
  const why = page.getByLabel("Why");
  await why.selectOption("Part of their work");
  await page.getByLabel("Note").fill("Our own trial of the link.");
  await isAccessibleEverywhere(page);
  await presses(page, page.getByRole("dialog").getByRole("button", { name: "Dismiss" }));
  await expect(page.getByRole("heading", { name: "Nothing unusual" })).toBeVisible();
  await page.getByRole("link", { name: "Dismissed" }).click();
  await expect(finding).toContainText("Dr. Esi Osei dismissed it");
  await expect(finding).toContainText("Our own trial of the link.");

  // A line of it leads to the session, where a review begins.
  await finding.getByRole("link").first().click();
  const review = page.getByRole("region", { name: "Review" });
  await review.getByRole("button", { name: "Start review" }).click();
  await expect(review).toContainText("Dr. Esi Osei took the review.");
  await review.getByLabel("Comment").fill("Asked Ana: it was not her.");
  await review.getByRole("button", { name: "Comment" }).click();
  await expect(review).toContainText("“Asked Ana: it was not her.”");
  await expect(page.getByText("Commented on the review").first()).toBeVisible();
  await page.goto("/admin/audit/reviews");
  await expect(page.getByText("With Dr. Esi Osei")).toBeVisible();
  await page.getByRole("button", { name: "Steps" }).click();
  await walksAround(page);
  await isAccessibleEverywhere(page);
  await review.getByLabel("Outcome").selectOption("Explained");
  await review.getByRole("button", { name: "Close review" }).click();
  await expect(page.getByRole("heading", { name: "Nothing waits for you" })).toBeVisible();
  await page.getByRole("link", { name: "Closed" }).click();
  await expect(page.getByText("Closed: Explained").first()).toBeVisible();

  await page.goto("/admin");
  await page.getByRole("link", { name: "Monthly report" }).click();
  const month = page.getByRole("region", { name: /^\w+ 20\d\d$/ });
  await expect(month.getByRole("region", { name: "Visits" })).toContainText("Ended by the doctor1");
  await expect(month.getByRole("region", { name: "Refused" })).toContainText("Somebody else’s visit, or none5");
  await expect(month.getByRole("region", { name: "Reviews" })).toContainText("Closed: Explained1");
  await isAccessibleEverywhere(page);
  // What goes to the printer is the month and nothing else, on A4.
  await page.evaluate(() => Object.assign(window, { print: () => undefined }));
  await page.getByRole("button", { name: "Print or save as PDF" }).click();
  await page.emulateMedia({ media: "print" });
  await expect(page.locator(".print-page")).toContainText("The log at the month’s end");
  await expect(page.getByRole("button", { name: "Print or save as PDF" })).toBeHidden();
});
