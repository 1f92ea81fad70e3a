import { readFile } from "node:fs/promises";
import type { Doctor, Patient } from "./people.ts";
import { expect, inviteDoctor, isAccessible, test } from "./people.ts";

/** Ana's visit with Dr. Osei is over, and left a prescription; she is on her records. */
async function hasRecords(drOsei: Doctor, ana: Patient): Promise<void> {
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Allow", files: "Allow" });
  await ana.authorizes();
  await drOsei.admits();
  await drOsei.prescribes("Cetirizine 10 mg");
  await drOsei.ends();
  await ana.page.getByRole("link", { name: "My records" }).click();
  await expect(ana.page.getByRole("heading", { name: "Who looked" })).toBeVisible();
}

test("a second doctor reads what Ana shares, and then not any more; Ana sees both", async ({ drOsei, ana }) => {
  await drOsei.setsUp();
  const drBrandt = await inviteDoctor(drOsei);
  await hasRecords(drOsei, ana);

  const { page } = ana;
  await ana.button("Share with another doctor").click();
  await expect(page.getByRole("radio", { name: "Dr. Liam Brandt" })).toBeChecked();
  await page.getByRole("checkbox", { name: "Cetirizine 10 mg" }).check();
  await page.getByLabel("Your name").fill("Ana Duarte");
  await isAccessible(page);
  await ana.button("Authorize 1 item").click();
  await page.getByRole("tab", { name: "Permissions" }).click();
  const shared = page.getByRole("region", { name: "Dr. Liam Brandt" });
  await expect(shared.getByText("1 prescription")).toBeVisible();

  const theirs = drBrandt.page;
  await theirs.goto("/visits");
  await theirs.getByRole("link", { name: /^Open what patient/ }).click();
  await expect(theirs.getByRole("heading", { name: "Shared by Ana Duarte" })).toBeVisible();
  await expect(theirs.getByText("Cetirizine 10 mg").first()).toBeVisible();
  await isAccessible(theirs);

  await shared.getByRole("button", { name: "Revoke" }).click();
  await shared.getByRole("button", { name: "Revoke" }).click();
  await expect(shared.getByText("Revoked", { exact: true })).toBeVisible();
  await theirs.reload();
  await expect(theirs.getByRole("heading", { name: "This is no longer shared with you" })).toBeVisible();

  await page.reload();
  const looks = page.getByRole("region", { name: "Who looked" });
  await expect(looks.getByText("Dr. Liam Brandt opened your prescription.")).toBeVisible();
  await expect(looks.getByText("Dr. Liam Brandt tried to open what you had shared.").first()).toBeVisible();
  await drBrandt.context.close();
});

test("Ana takes everything along, and her visit is erased at her wish: nobody opens it any more, and her certificate holds", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await drOsei.setsUp();
  await hasRecords(drOsei, ana);
  const { page } = ana;
  await ana.button("Download everything").click();
  await page.getByRole("checkbox", { name: "Lock it with a passphrase" }).uncheck();
  const [download] = await Promise.all([page.waitForEvent("download"), ana.button("Download").click()]);
  const zip = await readFile(await download.path());
  for (const part of ["README.txt", "fhir/bundle.json", "evidence.json", "SHA256SUMS", "Cetirizine 10 mg"])
    expect([part, zip.includes(part)]).toEqual([part, true]);
  await ana.button("My records").click();

  await page.getByRole("tab", { name: "Visits" }).click();
  await ana.button("Erase this visit").click();
  await ana.button("Erase").click();
  await expect(page.getByText("The practice has to say first")).toBeVisible();

  await drOsei.page.goto("/admin");
  await expect(drOsei.page.getByRole("heading", { name: "1 patient asks that a visit is erased" })).toBeVisible();
  await isAccessible(drOsei.page);
  await drOsei.button("Erase everything").click();
  await drOsei.button("Erase").click();
  await expect(drOsei.page.getByRole("heading", { name: /that a visit is erased$/ })).toHaveCount(0);

  await page.reload();
  await page.getByRole("tab", { name: "Visits" }).click();
  await expect(page.getByText("Nobody can read it any more.").first()).toBeVisible();
  await ana.button("Show certificate").click();
  await expect(page.getByRole("heading", { name: "Erasure certificate" })).toBeVisible();
  await expect(page.getByText("The ledger still knows each of them")).toBeVisible();
  await expect(page.getByText("Does not hold")).toHaveCount(0);
  await isAccessible(page);
});
