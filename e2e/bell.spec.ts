import { expect, test } from "./people.ts";

/** Counts what rings and what is notified, and lets the test say that the doctor looks at something else. */
const listen = () => {
  const heard = { notes: [] as string[], tones: 0 };
  Object.assign(window, { heard });
  class Note extends EventTarget {
    static permission = "granted";
    static requestPermission = async () => "granted";
    constructor(title: string) {
      super();
      heard.notes.push(title);
    }
    close() {}
  }
  Object.assign(window, { Notification: Note });
  const start = OscillatorNode.prototype.start;
  OscillatorNode.prototype.start = function (...when) {
    heard.tones += 1;
    return start.apply(this, when);
  };
};

test("a waiting patient rings, shows in the title and as a notification that names nobody", {
  tag: "@nightly",
}, async ({ drOsei, ana }) => {
  const { page } = drOsei;
  await page.addInitScript(listen);
  await drOsei.setsUp();
  const link = await drOsei.plans();
  await page.goto("/visits");
  await page.getByRole("heading", { level: 1 }).click();
  await page.evaluate(() => Object.defineProperty(document, "hidden", { configurable: true, value: true }));
  await ana.opens(link);
  await ana.authorizes();
  // Where the practice sends no mail, nobody is asked for an address.
  await expect(ana.page.getByLabel("Email")).toHaveCount(0);
  await expect(page).toHaveTitle(/^\(1\)/);
  const heard = () => page.evaluate(() => (window as unknown as { heard: { notes: string[]; tones: number } }).heard);
  await expect.poll(async () => (await heard()).notes).toEqual(["A patient is waiting"]);
  await expect.poll(async () => (await heard()).tones).toBeGreaterThan(0);
  await drOsei.admits();
  await expect(page).not.toHaveTitle(/^\(1\)/);
});
