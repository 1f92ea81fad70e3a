import type { Page } from "@playwright/test";
import { goesTo, keepsFocus, presses, walksAround } from "./by-keyboard.ts";
import { meet } from "./meet.ts";
import { asksForGuest, type Doctor, expect, type Patient, seesTheOther, test } from "./people.ts";

const theWords = (page: Page) => page.getByRole("list", { name: "The four words" });

async function asksForCheck({ page }: Doctor | Patient): Promise<void> {
  await presses(page, page.getByRole("button", { name: "More", exact: true }));
  const item = page.getByRole("menuitem", { name: "Safety check" });
  await expect(item).toBeVisible();
  for (let i = 0; i < 30 && !(await item.evaluate((one) => one === document.activeElement)); i += 1)
    await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await expect(theWords(page)).toBeVisible();
}

test("by keyboard alone: the safety check, its Escape, and what a wrong word leads to", { tag: "@nightly" }, async ({
  drOsei,
  ana,
}) => {
  await meet(drOsei, ana);
  const more = drOsei.page.getByRole("button", { name: "More", exact: true });
  const mute = ana.page.getByRole("button", { name: "Mute", exact: true });
  await goesTo(ana.page, mute);
  await asksForCheck(drOsei);
  for (const { page } of [drOsei, ana]) {
    await expect(theWords(page)).toBeVisible();
    await keepsFocus(page);
    await walksAround(page);
  }
  // Whoever closes it closes it for both, and each is where they were.
  await drOsei.page.keyboard.press("Escape");
  for (const { page } of [drOsei, ana]) await expect(theWords(page)).toHaveCount(0);
  await expect(more).toBeFocused();
  await expect(mute).toBeFocused();

  await asksForCheck(drOsei);
  await presses(ana.page, ana.page.getByRole("button", { name: "They match" }));
  await expect(drOsei.page.getByText("Ana answered that they match.")).toBeVisible();
  await keepsFocus(ana.page);
  await ana.page.keyboard.press("Escape");
  for (const { page } of [drOsei, ana]) await expect(theWords(page)).toHaveCount(0);
  await expect(more).toBeFocused();
  await expect(mute).toBeFocused();

  await asksForCheck(drOsei);
  await presses(ana.page, ana.page.getByRole("button", { name: "They differ" }));
  for (const { page } of [drOsei, ana]) {
    await expect(page.getByRole("heading", { level: 1, name: "This call is not private" })).toBeVisible();
    await keepsFocus(page);
    await walksAround(page);
    await presses(page, page.getByRole("button", { name: "Leave" }));
    await expect(page.getByRole("heading", { level: 1, name: "This call is not private" })).toHaveCount(0);
    await keepsFocus(page);
    await walksAround(page);
  }
});

test("by keyboard alone: a guest's way in, the patient's signature, and the guest's summary", {
  tag: "@nightly",
}, async ({ drOsei, ana, maria }) => {
  await meet(drOsei, ana);
  await maria.page.goto(await asksForGuest(drOsei, "Interpreter"));
  await expect(maria.page.getByLabel("Your name")).toBeVisible();
  await goesTo(maria.page, maria.page.getByLabel("Your name"));
  await maria.page.keyboard.type("Maria Lopes");
  await walksAround(maria.page);
  await presses(maria.page, maria.page.getByRole("button", { name: "Ask to join" }));
  await expect(maria.page.getByRole("heading", { name: "Waiting for the patient’s yes" })).toBeFocused();
  await walksAround(maria.page);

  const question = ana.page.getByRole("dialog", { name: "Someone would like to join" });
  await expect(question).toBeVisible();
  await keepsFocus(ana.page);
  await walksAround(ana.page);
  await presses(ana.page, question.getByRole("button", { name: "Allow" }));
  await seesTheOther(maria.page);
  await expect(question).toHaveCount(0);
  await walksAround(ana.page);

  await walksAround(maria.page);
  await presses(maria.page, maria.page.getByRole("button", { name: "Leave" }));
  await expect(maria.page.getByRole("heading", { name: "You left the visit" })).toBeFocused();
  await walksAround(maria.page);
});
