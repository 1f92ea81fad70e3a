import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { everything, meet } from "../meet.ts";
import { asksForGuest, expect, opensPanel, seesTheOther, test } from "../people.ts";
import { pictured, shows } from "./pictured.ts";

// The pictures of docs/screens.md, taken on the way through two visits: `npm run screens`.

test.describe.configure({ timeout: 600_000 });
test.beforeEach(async ({ drOsei, ana, maria }) => {
  await shows(drOsei.context, "osei");
  await shows(ana.context, "ana");
  await shows(maria.context, "maria");
});

test("a visit, from the front page to a line that was changed", async ({ clinic, drOsei, ana, maria }) => {
  const { page } = drOsei;
  await drOsei.setsUp();
  await page.goto("/");
  await pictured(page, "front");
  const link = await drOsei.plans();

  await ana.page.goto(link);
  await ana.page.getByLabel("Your name").fill("Ana Duarte");
  await ana.turnsOnCamera();
  await expect(ana.page.getByText("Your line is good for picture and sound.")).toBeVisible();
  await pictured(ana.page, "device-check", { whole: true });
  await ana.button("Continue").click();
  await expect(ana.button("Authorize and join")).toBeVisible();
  await pictured(ana.page, "permission");
  await ana.chooses({ prescriptions: "Ask me each time", files: "Allow" });
  await ana.authorizes();
  await pictured(ana.page, "waiting-room");
  await expect(drOsei.button("Admit")).toBeVisible();
  await pictured(page, "visits");
  await drOsei.admits();
  await Promise.all([seesTheOther(page), seesTheOther(ana.page)]);

  await drOsei.opensPanel("Chat");
  await page.getByRole("textbox", { name: /message/i }).fill("Good afternoon. Can you show me the rash on your arm?");
  await page.keyboard.press("Enter");
  await opensPanel(ana.page, "Chat");
  await ana.page.getByRole("textbox", { name: /message/i }).fill("It is clearer in the photo I took this morning.");
  await ana.page.keyboard.press("Enter");
  await expect(page.getByText("It is clearer in the photo")).toBeVisible();
  await pictured(page, "call-doctor");
  await ana.page.getByRole("button", { name: "Close", exact: true }).click();
  await pictured(ana.page, "call-patient");

  await drOsei.prescribes("Cetirizine 10 mg");
  await expect(ana.button("Approve")).toBeVisible();
  await pictured(ana.page, "approve-prescription");
  await ana.button("Approve").click();
  await ana.button("Back to the visit").click();

  await maria.asks(await asksForGuest(drOsei, "Interpreter"));
  await pictured(maria.page, "guest-waits");
  const question = ana.page.getByRole("dialog", { name: "Someone would like to join" });
  await expect(question).toBeVisible();
  await pictured(ana.page, "guest-asked");
  await question.getByRole("button", { name: "Allow" }).click();
  await seesTheOther(maria.page);
  await expect(page.locator("video[data-remote]")).toHaveCount(2);
  await pictured(page, "call-of-three-doctor");
  await pictured(ana.page, "call-of-three-patient");
  await maria.button(/^Leave/).click();
  await expect(page.locator("video[data-remote]")).toHaveCount(1);
  await page.getByRole("button", { name: "Close", exact: true }).click();

  const cdp = await ana.context.newCDPSession(ana.page);
  const crashed = ana.page.waitForEvent("crash");
  cdp.send("Page.crash").catch(() => {});
  await crashed;
  await expect(page.getByRole("heading", { name: "Reconnecting", exact: true })).toBeVisible();
  await pictured(page, "reconnecting");
  const again = await ana.context.newPage();
  await again.goto(link);
  await seesTheOther(again);
  await drOsei.ends();
  await expect(again.getByRole("heading", { name: "Your visit has ended" })).toBeVisible();
  await expect(again.getByText("final").first()).toBeVisible();
  await pictured(again, "summary", { whole: true });

  const [download] = await Promise.all([
    again.waitForEvent("download"),
    again.getByRole("button", { name: "Download evidence" }).click(),
  ]);
  const file = await readFile(await download.path(), "utf8");
  await again.getByRole("button", { name: "Save recovery kit" }).click();
  await expect(again.getByRole("list", { name: "Your twelve words" })).toBeVisible();
  await pictured(again, "recovery-kit");
  await again.keyboard.press("Escape");
  await again.getByRole("link", { name: "My records" }).click();
  const looks = again.getByRole("region", { name: "Who looked" });
  await looks.getByRole("button", { name: "Check this" }).click();
  await expect(looks.getByText("This list is complete")).toBeVisible();
  await pictured(again, "my-records", { whole: true });

  await again.goto("/verify");
  const chooses = async (text: string) => {
    const [chooser] = await Promise.all([
      again.waitForEvent("filechooser"),
      again.getByRole("button", { name: "Choose evidence file" }).click(),
    ]);
    await chooser.setFiles({ name: "visit.assent.json", mimeType: "application/json", buffer: Buffer.from(text) });
  };
  await chooses(file);
  await expect(again.getByRole("heading", { name: "Everything holds" })).toBeVisible();
  await pictured(again, "verify-holds");
  await chooses(file.replaceAll("Cetirizine 10 mg", "Cetirizine 90 mg"));
  await expect(again.getByRole("heading", { name: "One check fails" })).toBeVisible();
  await pictured(again, "verify-fails");

  const visitId = new URL(link).pathname.split("/").at(-1);
  for (const digit of "12345")
    await page.request.post(`${clinic.origin}/api/join/${visitId}/open`, {
      headers: { origin: clinic.origin },
      data: { token: `0x${digit.repeat(64)}` },
    });
  await expect(async () => {
    await page.goto("/admin/audit/unusual");
    await expect(page.getByRole("article").first()).toBeVisible({ timeout: 2_000 });
  }).toPass();
  await pictured(page, "audit-unusual");
  await page.goto("/admin");
  await expect(page.getByRole("heading", { name: "Clinic at a glance" })).toBeVisible();
  await pictured(page, "overview", { whole: true });
  await page.getByRole("link", { name: "Monthly report" }).click();
  await expect(page.getByRole("region", { name: /^\w+ 20\d\d$/ })).toBeVisible();
  await pictured(page, "audit-monthly-report", { whole: true });

  await page.goto("/admin/audit");
  await drOsei.button("Verify all").click();
  await expect(page.getByText(/all hold/i).first()).toBeVisible({ timeout: 60_000 });
  await pictured(page, "audit-sessions");
  await page.getByRole("region", { name: "Table of sessions" }).getByRole("link").first().click();
  await expect(page.getByText("The session, to scale")).toBeVisible();
  await pictured(page, "audit-timeline");

  await clinic.stop();
  const database = await PGlite.create(join(clinic.folder, "database"));
  await database.query("UPDATE record SET commitment = '0x' || repeat('ab', 32) WHERE kind = 3");
  await database.close();
  await clinic.start();
  await page.goto("/admin/audit?tab=events");
  await drOsei.button("Verify all").click();
  await page.getByRole("button", { name: /^Show only lines that do not hold/ }).click({ timeout: 60_000 });
  await expect(page.getByRole("region", { name: "What differs" })).toBeVisible();
  await pictured(page, "audit-changed-line", { whole: true });
});

test("what a safety check shows, and a call that is not private", async ({ drOsei, ana }) => {
  await meet(drOsei, ana, everything);
  await drOsei.button("More").click();
  await drOsei.page.getByRole("menuitem", { name: "Safety check" }).click();
  for (const { page } of [drOsei, ana]) await expect(page.getByRole("list", { name: "The four words" })).toBeVisible();
  await pictured(ana.page, "safety-check");
  await ana.button("They differ").click();
  await expect(ana.page.getByRole("heading", { name: "This call is not private" })).toBeVisible();
  await pictured(ana.page, "not-private");
});
