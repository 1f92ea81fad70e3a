import type { Page } from "@playwright/test";
import { expect, isAccessible } from "./people.ts";

/** In light and dark, and on a small phone, where nothing hangs over the edge. */
export async function isAccessibleEverywhere(page: Page): Promise<void> {
  await isAccessible(page);
  await page.emulateMedia({ colorScheme: "dark" });
  await isAccessible(page);
  await page.setViewportSize({ width: 360, height: 740 });
  await isAccessible(page);
  const sideways = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(sideways).toBe(0);
  await page.setViewportSize({ width: 1280, height: 800 });
  await page.emulateMedia({ colorScheme: "light" });
}
