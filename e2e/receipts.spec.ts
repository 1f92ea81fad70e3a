import { Chain } from "./chain.ts";
import { expect, isAccessible, type Patient, test } from "./people.ts";
import { StrangersNode, submits, withhold } from "./withholding.ts";

/** Six seconds, so that nobody waits ten minutes here. */
const SHORT = { LEDGER_DEADLINE_MINUTES: "0.1" };

/** What Ana's browser still remembers of what was signed. */
const remembered = (ana: Patient) =>
  ana.page.evaluate(
    () =>
      new Promise<number>((resolve, reject) => {
        const opening = indexedDB.open("assent-receipts");
        opening.onerror = () => reject(opening.error);
        opening.onsuccess = () => {
          const counting = opening.result.transaction("kept").objectStore("kept").count();
          counting.onsuccess = () => resolve(counting.result);
          opening.result.close();
        };
      }),
  );

test("T-C8, T-LOG5: the clinic keeps Ana's revocation back; her browser tells her by the deadline, and the file it saves puts it on the ledger with the clinic switched off", async ({
  clinic,
  drOsei,
  ana,
}, info) => {
  test.slow();
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

  const saving = ana.page.waitForEvent("download");
  await ana.button("Submit it myself").click();
  const file = info.outputPath("saved.json");
  await (await saving).saveAs(file);
  // It is still told after the page was closed and opened again.
  await ana.page.reload();
  await expect(ana.button("Submit it myself")).toBeVisible();

  const chain = await Chain.of(clinic.origin);
  expect(await chain.revocations()).toEqual([]);
  const node = await StrangersNode.after(clinic);
  try {
    const { code, said } = await submits(clinic, file, node);
    expect([code, said]).toMatchObject([
      0,
      { ok: true, acts: [{ is: "revoke", outcome: "recorded", receipt: "genuine" }] },
    ]);
    const again = await submits(clinic, file, node);
    expect([again.code, again.said.acts[0]?.outcome]).toEqual([0, "there already"]);
  } finally {
    node.close();
  }
});

test("what is on the ledger is forgotten without a word, and an answer whose receipt is taken out is told at once", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  await drOsei.setsUp();
  const link = await drOsei.plans();
  await ana.page.route(/\/api\/(join|visits)\//, async (route) => {
    const response = await route.fetch();
    const body = (await response.text()).replace(/"receipt":\{[^}]*\}/g, '"receipt":null');
    await route.fulfill({ response, body });
  });
  // The chain is kept from her as well: an act that is there for good needs no receipt.
  await ana.page.route("**/api/ledger/rpc", (route) => route.abort());
  await ana.opens(link);
  await ana.authorizes();
  await expect(ana.page.getByText("No receipt for your permission")).toBeVisible();
  await isAccessible(ana.page);

  await ana.page.unrouteAll();
  await ana.page.reload();
  await expect.poll(() => remembered(ana)).toBe(0);
  await expect(ana.page.getByText("No receipt for your permission")).toHaveCount(0);
});
