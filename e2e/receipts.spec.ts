import { expect, isAccessible, test } from "./people.ts";
import { withhold } from "./withholding.ts";

const SHORT = { LEDGER_DEADLINE_MINUTES: "0.1" };

test("the clinic takes Ana's revocation and keeps it back: her browser tells her by the deadline, and gives her the proof", async ({
  clinic,
  drOsei,
  ana,
}) => {
  await drOsei.setsUp();
  clinic.settings = SHORT;
  await withhold(clinic, "revoke");
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await ana.revokes();
  await expect(ana.page.getByRole("heading", { name: "You took back your permission" })).toBeVisible();
  // The server calls it final; the browser looked for itself.
  await expect(ana.page.getByText("Taking back your permission is not on the ledger in time")).toBeVisible();
  await expect(ana.page.getByText("Only the practice can write to this ledger")).toBeVisible();
  await isAccessible(ana.page);
});
