import { Chain, KINDS } from "./chain.ts";
import { expect, seesTheOther, test } from "./people.ts";

test("kill -9 between prescription and ledger loses nothing, and the call comes back", async ({
  clinic,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Allow", files: "Allow" });
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);

  const saved = drOsei.page.waitForResponse(
    (response) =>
      response.url().endsWith("/records") &&
      response.request().method() === "POST" &&
      response.ok() &&
      (response.request().postData() ?? "").includes('"prescription"'),
  );
  await drOsei.prescribes("Amoxicillin 500 mg");
  await saved;
  await clinic.kill();
  await clinic.start();

  const chain = await Chain.of(clinic.origin);
  await expect
    .poll(async () => (await chain.records()).filter((record) => record.kind === KINDS.prescription).length)
    .toBe(1);
  await drOsei.page.reload();
  await ana.page.reload();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await drOsei.ends();
  await expect(ana.page.getByText("Amoxicillin 500 mg").first()).toBeVisible();
});

test("Ana refuses, the doctor changes it and asks again: she sees the new question, and approves that", {
  tag: "@nightly",
}, async ({ clinic, drOsei, ana }) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Ask me each time" });
  await ana.authorizes();
  await drOsei.admits();
  await seesTheOther(ana.page);
  await drOsei.prescribes("Amoxicillin 500 mg");
  await ana.button("Refuse").click();
  await drOsei.button("Change it").click();
  await drOsei.page.getByLabel("Medication").fill("Cetirizine 10 mg");
  await drOsei.button("Sign prescription").click();
  await expect(ana.page.getByText("Cetirizine 10 mg").first()).toBeVisible();
  await ana.button("Approve").click();
  const chain = await Chain.of(clinic.origin);
  await expect
    .poll(async () => (await chain.records()).filter((record) => record.kind === KINDS.prescription))
    .toMatchObject([{ approved: true }]);
});
