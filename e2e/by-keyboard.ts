import type { Locator, Page } from "@playwright/test";
import { expect } from "./people.ts";

/** More controls than any screen has. */
const MOST = 150;

/** Where somebody without a mouse is: on what, and whether they can see that. Null when on nothing. */
const focus = (page: Page) =>
  page.evaluate(() => {
    const at = document.activeElement;
    if (!at || at === document.body || at === document.documentElement) return null;
    // A radio's own box is invisible: its label shows the focus for it.
    const marked = [at, at.closest("label")].some((one) => {
      const style = one && getComputedStyle(one);
      return style && style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2;
    });
    const shown = at.closest("label") ?? at;
    const { left, top, right, bottom } = shown.getBoundingClientRect();
    const [x, y] = [Math.max(0, left), Math.max(0, top)];
    const [width, height] = [Math.min(innerWidth, right) - x, Math.min(innerHeight, bottom) - y];
    const uncovered = [0.05, 0.5, 0.95].some((part) => {
      const over = document.elementFromPoint(x + width * part, y + height * part);
      return over !== null && (shown.contains(over) || over.contains(shown));
    });
    const name = at.getAttribute("aria-label") ?? (at.closest("label") ?? at).textContent ?? "";
    return { what: `${at.tagName.toLowerCase()} “${name.trim().slice(0, 60)}”`, marked, uncovered };
  });

/** One Tab on, to something that shows it. False where the page ends and the browser's own controls would come. */
async function tabs(page: Page): Promise<boolean> {
  await page.keyboard.press("Tab");
  const found = await focus(page);
  if (found) expect(found).toMatchObject({ marked: true, uncovered: true });
  return found !== null;
}

/** Goes there by Tab alone. */
export async function goesTo(page: Page, control: Locator): Promise<void> {
  for (let i = 0; i < MOST; i += 1) {
    if (await control.evaluate((element) => element === document.activeElement)) return;
    await tabs(page);
  }
  throw new Error(`No Tab leads to ${control}.`);
}

/** Goes there by Tab alone and presses it. */
export async function presses(page: Page, control: Locator, key: "Enter" | "Space" = "Enter"): Promise<void> {
  await goesTo(page, control);
  await page.keyboard.press(key);
}

/** The focus is on something, however the page changed. */
export const keepsFocus = (page: Page) => expect.poll(() => focus(page)).not.toBeNull();

/** Once around the page by Tab: every control that is seen is come by, and each shows it. */
export async function walksAround(page: Page): Promise<void> {
  await page.evaluate(() => Object.assign(window, { visited: new Set<Element>() }));
  const again = () =>
    page.evaluate(() => {
      const { visited } = window as unknown as { visited: Set<Element> };
      const at = document.activeElement;
      if (!at || at === document.body) return false;
      // A date has a stop for each of its parts.
      const within = at === [...visited].at(-1);
      return visited.size === visited.add(at).size && !within;
    });
  for (let i = 0; i < MOST; i += 1) {
    await tabs(page);
    if (await again()) break;
  }
  expect(await page.evaluate(missed)).toEqual([]);
}

/** Runs in the page: controls that are seen and were not come by. Of radios that belong together one stands for all. */
function missed(): string[] {
  const { visited } = window as unknown as { visited: Set<Element> };
  const names = new Set([...visited].map((one) => one instanceof HTMLInputElement && one.type === "radio" && one.name));
  const controls = "a[href], button, input, select, textarea, summary, [tabindex]";
  return (
    [...document.querySelectorAll<HTMLElement>(controls)]
      .filter(
        (one) => one.tabIndex >= 0 && !one.matches(":disabled") && one.checkVisibility({ visibilityProperty: true }),
      )
      // Tabs are one stop together: their list hands the focus on to the one that is chosen.
      .filter((one) => one.role !== "tablist" || ![...visited].some((tab) => one.contains(tab)))
      .filter((one) => !visited.has(one) && !(one instanceof HTMLInputElement && names.has(one.name)))
      .map((one) => one.outerHTML.slice(0, 200))
  );
}
