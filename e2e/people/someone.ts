import { type BrowserContext, expect, type Page } from "@playwright/test";

/** One red pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==",
  "base64",
);

/** Somebody with a browser of their own. */
export class Someone {
  readonly page: Page;
  readonly context: BrowserContext;
  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }
  button(name: string | RegExp) {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** Shares a file of this name: a small one, unless its bytes are given. */
  async sends(name: string, bytes?: Buffer): Promise<void> {
    const { page } = this;
    await opensPanel(page, "Files");
    const type = name.endsWith(".png") ? "image/png" : !bytes || name.endsWith(".pdf") ? "application/pdf" : "";
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({
        name,
        mimeType: type,
        buffer: bytes ?? (type === "image/png" ? PIXEL : Buffer.from("%PDF-1.4 a leaflet")),
      });
    await expect(page.getByText(name).first()).toBeVisible();
  }
}

export async function opensPanel(page: Page, name: "Prescribe" | "Files" | "Chat" | "People"): Promise<void> {
  const tab = page.getByRole("tab", { name: new RegExp(`^${name}`) });
  if (await tab.isVisible()) return tab.click();
  const control = page.getByRole("button", { name: new RegExp(`^${name}`) });
  // On a phone a sheet stands where the controls are.
  const close = page.getByRole("button", { name: "Close", exact: true });
  if (await close.isVisible()) await close.click();
  // And there only five controls fit: the others are under More.
  const more = page.getByRole("button", { name: "More", exact: true });
  await expect(control.or(more).first()).toBeVisible();
  if (await control.isVisible()) return control.click();
  await more.click();
  await page.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
}
