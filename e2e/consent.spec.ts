import { Chain } from "./chain.ts";
import { expect, isAccessible, seesTheOther, test } from "./people.ts";

test("Not now leaves nothing on the ledger", { tag: "@nightly" }, async ({ clinic, drOsei, ana }) => {
  await drOsei.setsUp();
  const before = await (await Chain.of(clinic.origin)).grants();
  await ana.opens(await drOsei.plans());
  await ana.button("Not now").click();
  await expect(ana.page.getByText(/Nothing was recorded/).first()).toBeVisible();
  await isAccessible(ana.page);
  expect(await (await Chain.of(clinic.origin)).grants()).toEqual(before);
});

test("a second browser with the same link is told that it is in use", { tag: "@nightly" }, async ({
  drOsei,
  ana,
  mallory,
}) => {
  await drOsei.setsUp();
  const link = await drOsei.plans();
  await ana.opens(link);
  await mallory.page.goto(link);
  await expect(mallory.page.getByText(/already in use/).first()).toBeVisible();
  await expect(mallory.button("Authorize and join")).toHaveCount(0);
  await isAccessible(mallory.page);
});

test("a link without its ending opens nothing, and neither does a wrong one", { tag: "@nightly" }, async ({
  drOsei,
  mallory,
}) => {
  await drOsei.setsUp();
  const link = await drOsei.plans();
  const visit = new URL(link).pathname;
  for (const wrong of [visit, `${visit}#${"A".repeat(43)}`]) {
    await mallory.page.goto("about:blank");
    await mallory.page.goto(wrong);
    await expect(mallory.page.getByRole("heading", { level: 1 })).toBeVisible();
    await expect(mallory.button("Continue")).toHaveCount(0);
  }
});

test("what Ana doesn't allow is refused, and the screen says so in a plain sentence", { tag: "@nightly" }, async ({
  clinic,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.chooses({ prescriptions: "Don't allow", files: "Don't allow" });
  await ana.authorizes();
  await drOsei.admits();
  await seesTheOther(drOsei.page);
  const chain = await Chain.of(clinic.origin);
  const before = (await chain.records()).filter((record) => record.kind === 3).length;
  await drOsei.opensPanel("Prescribe");
  await expect(drOsei.page.getByText(/not allowed|hasn’t allowed|doesn’t allow/i).first()).toBeVisible();
  expect((await chain.records()).filter((record) => record.kind === 3)).toHaveLength(before);
});

test("Ana revokes in the call: it ends for both with a sentence, and the ledger refuses what comes after", async ({
  clinic,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  const chain = await Chain.of(clinic.origin);
  const before = (await chain.revocations()).length;
  await ana.revokes();
  for (const { page } of [drOsei, ana]) {
    await expect(page.locator("video[data-remote]")).toHaveCount(0);
    await expect(page.getByText(/revoked|took back|taken back/i).first()).toBeVisible();
    await isAccessible(page);
  }
  await expect.poll(async () => (await chain.revocations()).length).toBe(before + 1);
  for (const { page } of [drOsei, ana])
    await expect(page.getByRole("listitem").filter({ hasText: "Permission taken back" })).toContainText("final");
});

test("a revocation that nobody could be told of, and then kept: the call goes on", { tag: "@nightly" }, async ({
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await ana.page.route(/consent\/revoke$/, (route) => route.abort());
  await ana.revokes();
  // Out at once at her own page, whatever the server knows.
  await expect(ana.page.getByText("Not revoked yet")).toBeVisible();
  await expect(ana.page.getByText("Waiting for Dr. Esi Osei").first()).toBeVisible();
  await ana.button("Keep it").click();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
});

test("the doctor declines: Ana is told without blame", { tag: "@nightly" }, async ({ drOsei, ana }) => {
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await drOsei.button("Decline").first().click();
  await expect(ana.page.getByText("You're in the waiting room")).toHaveCount(0);
  await expect(ana.page.getByRole("heading", { level: 1 })).toBeVisible();
  await isAccessible(ana.page);
});
