import { readFile } from "node:fs/promises";
import type { Locator, Page } from "@playwright/test";
import decodeQR from "qr/decode.js";
import { expect, isAccessible, seesTheOther, test } from "./people.ts";

/** What a camera reads in a QR code that a page draws. */
async function scanned(code: Locator): Promise<string> {
  const size = Number((await code.getAttribute("viewBox"))!.split(" ")[2]);
  const path = (await code.locator("path").getAttribute("d"))!;
  const scale = 8;
  const width = size * scale;
  const data = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y, run] of path.matchAll(/M(\d+) (\d+)h(\d+)/g)) {
    for (let row = Number(y) * scale; row < (Number(y) + 1) * scale; row++)
      for (let at = Number(x) * scale; at < (Number(x) + Number(run)) * scale; at++)
        data.fill(0, (row * width + at) * 4, (row * width + at) * 4 + 3);
  }
  return decodeQR({ width, height: width, data });
}

/** The paper that the page would print: the QR code's link. The printer's window does not open in a test. */
async function prints(page: Page): Promise<string> {
  await page.evaluate(() => {
    window.print = () => {};
  });
  await page.getByRole("button", { name: "Print or save as PDF" }).first().click();
  const paper = page.locator(".print-page");
  await expect(paper).toContainText("For the pharmacist");
  const link = await scanned(paper.locator("svg[aria-label^='QR code']"));
  await page.evaluate(() => window.dispatchEvent(new Event("afterprint")));
  return link;
}

test("two medicines are approved, printed, and each time of two dispensed once; the second pharmacy reads when and where the first was", async ({
  browser,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Ask me each time" });
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  const doctor = drOsei.page;
  await drOsei.opensPanel("Prescribe");
  await doctor.getByLabel("Medication").fill("Cetirizine 10 mg tablets");
  await doctor.getByLabel("Dose").fill("10 mg");
  await drOsei.button("Add another medicine").click();
  const second = doctor.getByRole("group", { name: "Medicine 2" });
  await second.getByLabel("Medication").fill("Morphine 10 mg");
  await second.getByLabel("Dose").fill("1 tablet");
  await drOsei.button("Sign prescription").click();
  await expect(second.getByText("it is a controlled substance")).toBeVisible();
  await second.getByLabel("Medication").fill("Hydrocortisone cream");
  await second.getByLabel("Dose").fill("1 application");
  await second.getByLabel("Route").fill("On the skin");
  await second.getByLabel("Refills").fill("1");
  await drOsei.button("Sign prescription").click();
  await expect(ana.page.getByText("Hydrocortisone cream").first()).toBeVisible();
  await ana.button("Approve").click();
  await ana.button("Back to the visit").click();
  await drOsei.ends();
  await expect(ana.page.getByText("Prescription: Cetirizine 10 mg tablets and 1 more")).toBeVisible();
  const link = await prints(ana.page);

  const phone = await browser.newContext({ viewport: { width: 390, height: 844 } });
  const pharmacies = await Promise.all([phone.newPage(), phone.newPage()]);
  for (const page of pharmacies) {
    await page.goto(link);
    await expect(page.getByRole("heading", { name: "Valid, not dispensed yet" })).toBeVisible();
    await expect(page.getByText("Hydrocortisone cream")).toBeVisible();
    await expect(page.getByText("The patient approved exactly this")).toBeVisible();
  }
  const [harbour, hill] = pharmacies as [Page, Page];
  await isAccessible(harbour);
  for (const [page, name, then] of [
    [harbour, "Harbour Pharmacy", "Valid, dispensed 1 of 2 times"],
    // Its page is from before the first: nothing is used up by the try.
    [hill, "Hill Pharmacy", "Valid, dispensed 1 of 2 times"],
    [hill, "Hill Pharmacy", "Already dispensed"],
  ] as const) {
    await page.getByLabel("Pharmacy").fill(name);
    await page.getByRole("button", { name: "Mark as dispensed" }).click();
    await expect(page.getByRole("heading", { name: then })).toBeVisible();
    await expect(page.getByText("Harbour Pharmacy").last()).toBeVisible();
  }
  await expect(hill.getByText("0, used up: don’t hand it out again")).toBeVisible();
  const saving = hill.waitForEvent("download");
  await hill.getByRole("button", { name: "Save this result" }).click();
  const result = await readFile(await (await saving).path(), "utf8");
  expect(result).toContain("Harbour Pharmacy");
  expect(result).not.toMatch(/Cetirizine|Ana/);
  await ana.page.reload();
  await expect(ana.page.getByText(/^Dispensed, 1 of 2 times, .*Harbour Pharmacy\.$/)).toBeVisible();
  await expect(ana.page.getByText(/^Dispensed, 2 of 2 times, .*Hill Pharmacy\.$/)).toBeVisible();
  await expect(ana.page.getByText(/^1 later try to dispense it again, .*: refused\.$/)).toBeVisible();
  await phone.close();
});

test("what the doctor replaced or cancelled is so on every page, and nobody dispenses it", { tag: "@nightly" }, async ({
  browser,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Allow" });
  await ana.authorizes();
  await ana.button("Note them").click();
  await ana.page.getByRole("textbox", { name: "Allergies" }).fill("Penicillin");
  await ana.button("Show Dr. Osei").click();
  await expect(ana.page.getByText(/^Dr\. Osei can read it, since/)).toBeVisible();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await drOsei.prescribes("Amoxicillin 500 mg");
  const doctor = drOsei.page;
  const first = await prints(doctor);
  await drOsei.button("Replace").click();
  await expect(doctor.getByText("Replaces Amoxicillin 500 mg")).toBeVisible();
  await expect(doctor.getByRole("region", { name: "The patient noted" })).toContainText("Penicillin");
  await doctor.getByLabel("Medication").fill("Clarithromycin 250 mg");
  await drOsei.button("Sign prescription").click();
  await expect(doctor.getByText(/^Replaced by another prescription/)).toBeVisible();
  const next = await prints(doctor);
  await drOsei.ends();

  const pharmacy = await browser.newPage();
  await pharmacy.goto(first);
  await expect(pharmacy.getByRole("heading", { name: "Replaced by another" })).toBeVisible();
  await expect(pharmacy.getByRole("button", { name: "Mark as dispensed" })).toHaveCount(0);
  await pharmacy.goto("about:blank");
  await pharmacy.goto(next);
  await expect(pharmacy.getByRole("heading", { name: "Valid, not dispensed yet" })).toBeVisible();
  await drOsei.button("Cancel prescription").click();
  await doctor.getByLabel("Why is it cancelled?").fill("An allergy to it");
  await drOsei.button("Cancel prescription").click();
  await expect(doctor.getByText(/^Cancelled, .*: An allergy to it\.$/)).toBeVisible();
  await pharmacy.getByLabel("Pharmacy").fill("Harbour Pharmacy");
  await pharmacy.getByRole("button", { name: "Mark as dispensed" }).click();
  await expect(pharmacy.getByRole("heading", { name: "Cancelled by the doctor" })).toBeVisible();
  await expect(pharmacy.getByText("An allergy to it")).toBeVisible();
  await ana.page.getByRole("link", { name: "My records" }).click();
  await ana.page.getByRole("tab", { name: "Prescriptions" }).click();
  await expect(ana.page.getByRole("textbox", { name: "Allergies" })).toHaveValue("Penicillin");
  await expect(ana.page.getByText(/^Cancelled, .*: An allergy to it\.$/)).toBeVisible();
  await pharmacy.close();
});
