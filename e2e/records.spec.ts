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

test("a file that was on its way when Ana's page was reloaded goes on from where it was", { tag: "@nightly" }, async ({
  clinic,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ files: "Allow" });
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);

  const sent: number[] = [];
  const offsetOf = (url: string) => Number(new URL(url).searchParams.get("offset"));
  const pieces = /\/uploads\/[0-9a-f]+\?offset=/;
  await ana.page.route(pieces, (route) => {
    const offset = offsetOf(route.request().url());
    sent.push(offset);
    // The second piece never arrives: the page goes first.
    return offset === 0 ? route.continue() : undefined;
  });
  await ana.sends("scan.dcm", Buffer.alloc(6_000_000, "a page of a scan "));
  await expect.poll(() => sent.length).toBeGreaterThan(1);
  await ana.page.reload();
  await ana.page.unrouteAll({ behavior: "ignoreErrors" });
  const after: number[] = [];
  ana.page.on("request", (request) => pieces.test(request.url()) && after.push(offsetOf(request.url())));
  await expect(ana.page.getByText("“scan.dcm” was still on its way")).toBeVisible();
  const chain = await Chain.of(clinic.origin);
  await expect
    .poll(async () => (await chain.records()).filter((record) => record.kind === KINDS.fileShare).length)
    .toBe(1);
  expect(after).not.toContain(0);
  await expect
    .poll(() =>
      ana.page.evaluate(async () => {
        const place = await (await navigator.storage.getDirectory()).getDirectoryHandle("assent-parcels");
        const names = [];
        for await (const name of (place as unknown as { keys(): AsyncIterable<string> }).keys()) names.push(name);
        return names;
      }),
    )
    .toEqual([]);
  await drOsei.ends();
  const saved = drOsei.page.waitForEvent("download");
  await drOsei.button("Download scan.dcm").click();
  expect(await (await saved).failure()).toBeNull();
});
