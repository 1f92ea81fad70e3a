import { readFile } from "node:fs/promises";
import type { Page } from "@playwright/test";
import { everything, meet } from "./meet.ts";
import { expect, isAccessible, test } from "./people.ts";

async function chooses(page: Page, text: string): Promise<void> {
  const [chooser] = await Promise.all([
    page.waitForEvent("filechooser"),
    page.getByRole("button", { name: "Choose evidence file" }).click(),
  ]);
  await chooser.setFiles({ name: "visit.assent.json", mimeType: "application/json", buffer: Buffer.from(text) });
}

test("Ana takes the evidence of her visit along, and it verifies with the server switched off; one change is named", {
  tag: "@nightly",
}, async ({ clinic, drOsei, ana }) => {
  await meet(drOsei, ana, everything);
  await drOsei.prescribes("Cetirizine 10 mg");
  await expect(ana.page.getByText(/Recorded: Prescription/)).toBeAttached();
  await drOsei.ends();

  const { page } = ana;
  const [download] = await Promise.all([page.waitForEvent("download"), ana.button("Download evidence").click()]);
  expect(download.suggestedFilename()).toMatch(/^visit-\d+-[a-z]{3}-\d{4}\.assent\.json$/);
  const file = await readFile(await download.path(), "utf8");
  expect(file).toContain("Cetirizine 10 mg");

  // What checks the file is there once the page stands.
  const stranger = await page.context().newPage();
  await stranger.goto(`${clinic.origin}/verify`);
  await stranger.waitForLoadState("networkidle");
  await chooses(stranger, file);
  await expect(stranger.getByRole("heading", { name: "Everything holds" })).toBeVisible();
  await isAccessible(stranger);

  await clinic.stop();
  await chooses(stranger, file);
  await expect(stranger.getByRole("heading", { name: "What could be checked holds" })).toBeVisible();
  await expect(stranger.getByRole("listitem").filter({ hasText: "The node could not be asked." })).toHaveCount(1);
  await chooses(stranger, file.replaceAll("Cetirizine 10 mg", "Cetirizine 90 mg"));
  await expect(stranger.getByRole("heading", { name: "One check fails" })).toBeVisible();
  await expect(stranger.getByRole("listitem").first()).toContainText(
    "prescription signed, the file says “Cetirizine 90 mg”: its fingerprint belongs to a different text.",
  );
  await isAccessible(stranger);
});

test("a stranger who knows a witness asks about it, with the server switched off", { tag: "@nightly" }, async ({
  clinic,
  ana,
}) => {
  const example = await readFile("docs/evidence.example.json", "utf8");
  const { log } = JSON.parse(example) as { log: { witnesses: [string] } };
  const { page } = ana;
  await page.goto(`${clinic.origin}/verify`);
  await page.waitForLoadState("networkidle");
  await clinic.stop();
  await chooses(page, example);
  const asks = async (key: string) => {
    const field = page.getByLabel("Key of the witness");
    if (!(await field.isVisible())) await page.getByText("Ask about a witness you know").click();
    await field.fill(key);
    await page.getByRole("button", { name: "Ask", exact: true }).click();
  };
  await asks("no key");
  await expect(page.getByText("This is not a witness’s key.")).toBeVisible();
  await expect(page.getByText("Nobody asked about them yet.")).toBeVisible();
  await isAccessible(page);
  await asks(log.witnesses[0]);
  const told = page.getByRole("listitem").filter({ hasText: "The witnesses you know saw this log" });
  await expect(told).toContainText(/notary\.example on .* \(UTC\)/);
  const another = "witness.example+2d551c34+BMqTrBcFGHBx1nuDx/8O/oEI6OxFMFdddyaHkzPb2r58";
  await asks(another);
  await expect(page.getByRole("heading", { name: "One check fails" })).toBeVisible();
  await expect(page.getByRole("listitem").first()).toContainText("Witness witness.example: no cosignature");
  await isAccessible(page);
  // What was asked of one file is not asked of the next.
  await chooses(page, example);
  await expect(page.getByRole("heading", { name: "What could be checked holds" })).toBeVisible();
  await expect(page.getByText("Nobody asked about them yet.")).toBeAttached();
});
