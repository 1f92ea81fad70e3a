import { Chain, KINDS } from "./chain.ts";
import { expect, isAccessible, Patient, seesTheOther, test } from "./people.ts";

test("Ana opens Dr. Osei's link, authorizes, and they see each other; what they did is on the ledger, signed by them", async ({
  clinic,
  drOsei,
  ana,
}) => {
  await test.step("the clinic is set up", async () => {
    await drOsei.page.goto("/");
    await isAccessible(drOsei.page);
    await drOsei.setsUp();
    await isAccessible(drOsei.page);
  });
  const link = await test.step("the doctor makes a link", () => drOsei.plans());
  await isAccessible(drOsei.page);

  await test.step("the patient reads, checks the camera and authorizes", async () => {
    await ana.page.goto(link);
    await expect(ana.page.getByRole("heading", { level: 1 })).toContainText("Dr. Esi Osei");
    expect(new URL(ana.page.url()).hash).toBe("");
    await isAccessible(ana.page);
    await ana.page.getByLabel("Your name").fill("Ana Duarte");
    await ana.turnsOnCamera();
    await isAccessible(ana.page);
    await ana.button("Continue").click();
    await expect(ana.button("Authorize and join")).toBeVisible();
    await isAccessible(ana.page);
    await ana.chooses({ prescriptions: "Ask me each time", files: "Allow" });
    await ana.authorizes();
    await isAccessible(ana.page);
  });

  await test.step("the doctor sees who waits and admits", async () => {
    await expect(drOsei.page.getByText("Ana Duarte").first()).toBeVisible();
    await expect(drOsei.page).toHaveTitle(/\(1\)/);
    await isAccessible(drOsei.page);
    await drOsei.admits();
    await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
    await isAccessible(drOsei.page);
    await isAccessible(ana.page);
  });

  await test.step("they chat, peer to peer", async () => {
    await ana.button("Chat").click();
    await ana.page.getByRole("textbox", { name: /message/i }).fill("It itches at night");
    await ana.page.keyboard.press("Enter");
    await drOsei.button("Chat").click();
    await expect(drOsei.page.getByRole("log").getByText("It itches at night")).toBeVisible();
  });

  await test.step("a reload in the middle of the visit comes back to the call", async () => {
    await ana.page.reload();
    await Promise.all([seesTheOther(ana.page), seesTheOther(drOsei.page)]);
  });

  await test.step("the doctor prescribes, the patient approves exactly that", async () => {
    await drOsei.prescribes("Cetirizine 10 mg");
    await expect(ana.page.getByText("Cetirizine 10 mg").first()).toBeVisible();
    await isAccessible(ana.page);
    await ana.button("Approve").click();
    await ana.button("Back to the visit").click();
    await expect(drOsei.page.getByText(/on the ledger|final/).first()).toBeVisible();
  });

  await test.step("files go both ways", async () => {
    await ana.sends("arm-this-morning.png");
    await expect(drOsei.page.getByText("arm-this-morning.png").first()).toBeVisible();
    await drOsei.sends("leaflet.pdf");
    await expect(ana.page.getByText("leaflet.pdf").first()).toBeVisible();
    const chain = await Chain.of(clinic.origin);
    await expect
      .poll(async () => (await chain.records()).filter((record) => record.kind === KINDS.fileShare).length)
      .toBe(2);
  });

  await test.step("the doctor ends the visit; both see what was recorded and open it again", async () => {
    await drOsei.ends();
    await expect(ana.page.getByRole("heading", { name: "Your visit has ended" })).toBeVisible();
    for (const { page } of [drOsei, ana]) {
      await expect(page.getByText("Cetirizine 10 mg").first()).toBeVisible();
      await expect(page.getByText("arm-this-morning.png").first()).toBeVisible();
      await expect(page.getByText("final").first()).toBeVisible();
      await isAccessible(page);
    }
  });

  await test.step("a picture opens again for both, and only for them", async () => {
    for (const { page } of [drOsei, ana]) {
      await page.getByRole("button", { name: "Open arm-this-morning.png" }).click();
      const picture = page.getByRole("img", { name: /arm-this-morning\.png/ });
      await expect.poll(() => picture.evaluate((img: HTMLImageElement) => img.naturalWidth)).toBe(1);
    }
  });

  await test.step("a stranger reads the same from the chain", async () => {
    const chain = await Chain.of(clinic.origin);
    await expect
      .poll(async () => (await chain.records()).map((record) => record.kind).sort())
      .toEqual([KINDS.sessionStart, KINDS.sessionEnd, KINDS.prescription, KINDS.fileShare, KINDS.fileShare].sort());
    const records = await chain.records();
    const grants = await chain.grants();
    expect(grants).toHaveLength(1);
    for (const record of records) {
      expect(record.consent).toBe(grants[0]);
      expect(record.signedBy).toBe(record.author);
    }
    expect(records.find((record) => record.kind === KINDS.prescription)).toMatchObject({
      approved: true,
      byPatient: false,
    });
    expect(await chain.isEnrolled(records.find((record) => !record.byPatient)!.author)).toBe(true);
    const numbers = (byPatient: boolean) =>
      records.filter((record) => record.byPatient === byPatient).map((record) => record.number);
    expect(numbers(false)).toEqual(numbers(false).map((_, i) => i + 1));
    expect(numbers(true)).toEqual(numbers(true).map((_, i) => i + 1));
  });
});

test("whoever tries it alone opens the link in the next tab of the same browser", { tag: "@nightly" }, async ({
  drOsei,
}) => {
  await drOsei.setsUp();
  const link = await drOsei.plans("");
  const ana = new Patient(drOsei.context, await drOsei.context.newPage());
  await ana.opens(link, "Me");
  await ana.authorizes();
  await drOsei.admits();
  await Promise.all([seesTheOther(drOsei.page), seesTheOther(ana.page)]);
  await ana.sends("note.png");
  await expect(drOsei.page.getByText("note.png").first()).toBeVisible();
  await drOsei.ends();
  await expect(ana.page.getByRole("heading", { name: "Your visit has ended" })).toBeVisible();
});
