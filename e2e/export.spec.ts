import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { Doctor, expect, isAccessible, test } from "./people.ts";

/** What the browser saved when it was asked to. */
async function saved(page: Page, press: () => Promise<void>): Promise<{ name: string; text: string }> {
  const [download] = await Promise.all([page.waitForEvent("download"), press()]);
  return { name: download.suggestedFilename(), text: await readFile(await download.path(), "utf8") };
}

/** More sessions than one admin may take the evidence of along alone: 26, by the page's own means. */
async function plansMany(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const me = (await (await fetch("/api/me")).json()) as { keys: { signer: string }[] };
    const hex = (bytes: number) =>
      [...crypto.getRandomValues(new Uint8Array(bytes))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
    for (let n = 0; n < 26; n++) {
      const body = { id: hex(16), signer: me.keys[0]!.signer, claimHash: `0x${hex(32)}`, details: "aaaa" };
      const answer = await fetch("/api/visits", {
        method: "POST",
        headers: { "content-type": "application/json", "x-assent-side": "staff" },
        body: JSON.stringify({ ...body, plannedFor: null }),
      });
      if (!answer.ok) throw new Error(await answer.text());
    }
  });
}

test("an admin exports a table and FHIR; for more than that, two admins agree", { tag: "@nightly" }, async ({
  drOsei,
  clinic,
}) => {
  const { page, context } = drOsei;
  await drOsei.setsUp();
  await drOsei.plans();
  await page.goto("/admin/audit");
  await drOsei.button("Export").click();
  const dialog = page.getByRole("dialog", { name: "Export" });
  const download = () => dialog.getByRole("button", { name: "Download" }).click();
  await expect(dialog.getByText(/\d+ lines so far/)).toBeVisible();
  await isAccessible(page);
  const table = await saved(page, download);
  expect(table.name).toMatch(/^audit-\d{4}-\d\d-\d\d\.csv$/);
  expect(table.text.trimEnd().split("\r\n").at(-1)).toContain(",export.made,");
  await expect(dialog.getByText(/^Saved with \d+ lines$/)).toBeVisible();
  // By keyboard: the last of the four, and on to the button.
  await dialog.getByRole("radio", { name: /^Table/ }).focus();
  for (let down = 0; down < 3; down++) await page.keyboard.press("ArrowDown");
  await expect(dialog.getByRole("radio", { name: /^FHIR AuditEvent/ })).toBeChecked();
  await page.keyboard.press("Tab");
  const fhir = await saved(page, () => page.keyboard.press("Enter"));
  for (const line of fhir.text.trimEnd().split("\n"))
    expect(JSON.parse(line)).toMatchObject({ resourceType: "AuditEvent" });
  await page.keyboard.press("Escape");
  await expect(drOsei.button("Export")).toBeFocused();

  await plansMany(page);
  await page.reload();
  await drOsei.button("Export").click();
  await dialog.getByRole("radio", { name: /^Evidence/ }).check();
  await expect(dialog.getByText("More than 25 sessions.")).toBeVisible();
  await expect(dialog.getByText("This needs a second admin, and you are the only one")).toBeVisible();
  await isAccessible(page);

  await page.goto("/admin/people/invite");
  await page.getByLabel("Name").fill("Mira Thoma");
  await page.getByLabel("Email").fill("mira@riverside.example");
  await page.getByRole("checkbox", { name: /^See patients/ }).uncheck();
  await page.getByRole("checkbox", { name: /^Review the audit log/ }).check();
  await drOsei.button("Make the link").click();
  const link = await page.getByRole("textbox", { name: "Invitation link" }).inputValue();
  const theirs = await context.browser()!.newContext({ baseURL: new URL(page.url()).origin });
  const mira = new Doctor(theirs, await theirs.newPage());
  await mira.page.goto(link);
  await mira.page.getByLabel("Password").fill("a passphrase of Mira’s");
  await mira.button("Join").click();
  await expect(mira.page.getByRole("heading", { name: "Join Riverside Practice" })).toHaveCount(0);

  await page.goto("/admin/audit");
  await drOsei.button("Export").click();
  await dialog.getByRole("radio", { name: /^Evidence/ }).check();
  await dialog.getByLabel("What it is for").selectOption("A court or a lawyer");
  await isAccessible(page);
  await dialog.getByRole("button", { name: "Ask a second admin" }).click();
  await expect(dialog.getByText("Another admin was asked")).toBeVisible();
  await page.keyboard.press("Escape");
  const asked = page.getByRole("region", { name: "Exports" });
  await expect(asked.getByText("Waits for another admin.")).toBeVisible();
  await expect(asked.getByRole("button", { name: /Approve|Download/ })).toHaveCount(0);

  await mira.page.goto("/admin");
  await expect(mira.page.getByRole("heading", { name: "1 export waits for your approval" })).toBeVisible();
  await mira.page.getByRole("link", { name: "Look at it" }).click();
  await expect(mira.page.getByText("Dr. Esi Osei asked")).toBeVisible();
  await isAccessible(mira.page);
  await mira.button(/^Approve/).click();
  await expect(mira.page.getByText(/^Less than a week ago/)).toBeVisible();
  await isAccessible(mira.page);
  await clinic.later(8);
  await drOsei.signsIn();
  await mira.signsIn("mira@riverside.example", "a passphrase of Mira’s");
  await mira.page.goto("/admin/audit");
  await mira.button(/^Approve/).click();
  await expect(mira.page.getByRole("region", { name: "Exports" })).toHaveCount(0);

  await page.goto("/admin/audit");
  await expect(asked.getByText(/Mira Thoma approved it/)).toBeVisible();
  await isAccessible(page);
  const evidence = await saved(page, () => asked.getByRole("button", { name: "Download" }).click());
  const lines = evidence.text.trimEnd().split("\n");
  expect(lines).toHaveLength(28);
  expect(JSON.parse(lines.at(-1)!)).toMatchObject({ entry: { action: "export.made", detail: { sessions: 27 } } });
  await theirs.close();
});
