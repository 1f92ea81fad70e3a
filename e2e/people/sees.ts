import AxeBuilder from "@axe-core/playwright";
import { expect, type Page } from "@playwright/test";

/** The remote picture is there: decoded, and not black. */
export async function seesTheOther(page: Page): Promise<void> {
  await expect
    .poll(
      () =>
        page.evaluate(() => {
          const video = document.querySelector<HTMLVideoElement>("video[data-remote]");
          if (!video || video.videoWidth === 0 || video.readyState < 2) return 0;
          const canvas = document.createElement("canvas");
          canvas.width = 32;
          canvas.height = 18;
          const paint = canvas.getContext("2d");
          if (!paint) return 0;
          paint.drawImage(video, 0, 0, 32, 18);
          return Math.max(...paint.getImageData(0, 0, 32, 18).data.filter((_, i) => i % 4 !== 3));
        }),
      { timeout: 30_000 },
    )
    .toBeGreaterThan(40);
}

/** No violation of the automated WCAG 2.2 A and AA rules and best practices. */
export async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((found) => `${page.url()} ${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`),
  ).toEqual([]);
}
