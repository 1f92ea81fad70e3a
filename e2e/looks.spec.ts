import { everything, meet } from "./meet.ts";
import { expect, isAccessible, test } from "./people.ts";

test("Ana checks on her own device who looked: it holds, and a look that was changed or left out is named", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await meet(drOsei, ana, everything);
  await drOsei.prescribes("Cetirizine 10 mg");
  await expect(ana.page.getByText(/Recorded: Prescription/)).toBeAttached();
  await drOsei.ends();

  const { page } = ana;
  await page.getByRole("link", { name: "My records" }).click();
  const looks = page.getByRole("region", { name: "Who looked" });
  await ana.button("Check this").click();
  await expect(looks.getByText("This list is complete")).toBeVisible();
  await isAccessible(page);

  // A practice that shows her something else than it logged.
  type Told = { looks: { action: string; who: string }[] };
  const tells = async (change: (told: Told) => Told) => {
    await page.unroute("**/looks*");
    await page.route("**/looks*", async (route) => {
      const response = await route.fetch();
      await route.fulfill({ response, json: change((await response.json()) as Told) });
    });
    await ana.button("Check again").click();
  };
  await tells(({ looks, ...rest }) => ({
    ...rest,
    looks: looks.map((one) => (one.action === "record.read" && one.who === "you" ? { ...one, who: "doctor" } : one)),
  }));
  await expect(looks.getByText("This list does not hold")).toBeVisible();
  await expect(looks.getByText("The log says otherwise: who it was.").first()).toBeVisible();
  await isAccessible(page);
  await tells(({ looks, ...rest }) => ({ ...rest, looks: looks.filter(({ action }) => action !== "record.read") }));
  await expect(looks.getByText(/^The log has \d+ lines? about your visits that you were not shown\.$/)).toBeVisible();
});
