import type { Page } from "@playwright/test";
import { Clinic } from "./clinic.ts";
import { test as base, Doctor, expect, isAccessible, Patient, seesTheOther } from "./people.ts";
import { openPostOffice } from "./post-office.ts";

/** These change nothing that another of them looks at, so they share a clinic. */
const test = base.extend<
  object,
  { shared: { clinic: Clinic; doctor: Doctor; post: Awaited<ReturnType<typeof openPostOffice>> } }
>({
  shared: [
    async ({ browser }, use) => {
      const post = await openPostOffice();
      const clinic = await Clinic.open({ SMTP_URL: post.url, MAIL_FROM: "visits@riverside.example" });
      const context = await browser.newContext({ baseURL: clinic.origin, permissions: ["camera", "microphone"] });
      const doctor = new Doctor(context, await context.newPage());
      await doctor.setsUp();
      await use({ clinic, doctor, post });
      await context.close();
      await clinic.close();
      await post.close();
    },
    { scope: "worker" },
  ],
});

const phone = { viewport: { width: 390, height: 844 }, permissions: ["camera", "microphone"] };

test("the day before: seven lines, each with its outcome, and a result to copy", { tag: "@nightly" }, async ({
  browser,
  shared,
}) => {
  const context = await browser.newContext({
    ...phone,
    baseURL: shared.clinic.origin,
    permissions: [...phone.permissions, "clipboard-read", "clipboard-write"],
  });
  const page = await context.newPage();
  await page.goto("/test");
  await expect(page.getByRole("heading", { name: "Test your device" })).toBeVisible();
  await isAccessible(page);
  await page.getByRole("button", { name: "Test camera and microphone" }).click();
  const line = (title: string) => page.getByRole("listitem").filter({ hasText: title });
  for (const title of ["Browser", "Camera", "Microphone", "Your line", "Way to the clinic", "Clock"])
    await expect(line(title)).toContainText("Good");
  await expect(line("Your line")).toContainText("good for picture and sound");
  await expect(line("Browser")).toContainText(/Chrome \d+ on Linux. It can keep your keys/);
  await page.getByRole("button", { name: "Hear a test sound" }).click();
  await page.getByRole("button", { name: "Yes", exact: true }).click();
  await expect(page.getByRole("heading", { name: "Ready for a visit", exact: true })).toBeVisible();
  await isAccessible(page);
  await page.getByRole("button", { name: "Copy the result" }).click();
  await expect(page.getByText("Result copied")).toBeVisible();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  expect(copied).toContain("Ready for a visit\nBrowser: Good.");
  await context.close();
});

test("a thin line and an unheard sound are named with what to do about them", { tag: "@nightly" }, async ({
  browser,
  shared,
}) => {
  const context = await browser.newContext({ ...phone, baseURL: shared.clinic.origin });
  const page = await context.newPage();
  await page.goto("/test");
  const network = await context.newCDPSession(page);
  await network.send("Network.enable");
  await network.send("Network.emulateNetworkConditions", {
    offline: false,
    latency: 150,
    downloadThroughput: (500 * 1024) / 8,
    uploadThroughput: (400 * 1024) / 8,
  });
  await page.getByRole("button", { name: "Test camera and microphone" }).click();
  await page.getByRole("button", { name: "Test again" }).click();
  const line = (title: string) => page.getByRole("listitem").filter({ hasText: title });
  await expect(line("Your line")).toContainText("the video may be poor");
  await expect(line("Your line")).toContainText("Could be better");
  await page.getByRole("button", { name: "Hear a test sound" }).click();
  await page.getByRole("button", { name: "No", exact: true }).click();
  await expect(line("Speaker")).toContainText("Turn the volume up");
  await expect(page.getByRole("heading", { name: "Almost ready: look at “Speaker”" })).toBeVisible();
  await context.close();
});

test("the check before a visit tries the line and asks whether the sound was heard", async ({ browser, shared }) => {
  const link = await shared.doctor.plans("");
  const context = await browser.newContext({ ...phone, baseURL: shared.clinic.origin });
  const ana = new Patient(context, await context.newPage());
  await ana.page.goto(link);
  await ana.turnsOnCamera();
  await expect(ana.page.getByText("Your line is good for picture and sound.")).toBeVisible();
  await ana.button("Hear a test sound").click();
  await expect(ana.page.getByText("Did you hear three notes?")).toBeVisible();
  await isAccessible(ana.page);
  await ana.button("Yes").click();
  await expect(ana.page.getByText("You heard the three notes.")).toBeVisible();
  await ana.page.getByRole("link", { name: "Test your device" }).click();
  await ana.page.getByRole("link", { name: "Back to your visit" }).click();
  await expect(ana.button("Continue")).toBeVisible();
  await context.close();
});

interface Odd {
  what: string;
  /** Runs in the page before anything of ours does. */
  made?: () => void;
  agent?: string;
  says: string;
  way: RegExp;
}

const odd: Odd[] = [
  {
    what: "an address without https",
    made: () => Object.defineProperty(window, "isSecureContext", { value: false }),
    says: "This address is not a secure one",
    way: /link that begins with https/,
  },
  {
    what: "a browser that is too old",
    made: () => Object.assign(window, { RTCPeerConnection: undefined }),
    says: "This browser can’t do a video visit",
    way: /current Chrome, Safari, Edge or Firefox/,
  },
  {
    what: "a window inside a chat app",
    agent: "Mozilla/5.0 (iPhone; CPU iPhone OS 26_1 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148 Instagram 400.0",
    says: "This page is open inside Instagram",
    way: /Paste the link/,
  },
];

for (const { what, made, agent, says, way } of odd) {
  test(`${what} has a sentence and a way out of its own`, { tag: "@nightly" }, async ({ browser, shared }) => {
    const link = await shared.doctor.plans("");
    const context = await browser.newContext({
      ...phone,
      baseURL: shared.clinic.origin,
      permissions: [...phone.permissions, "clipboard-read", "clipboard-write"],
      ...(agent ? { userAgent: agent } : {}),
    });
    if (made) await context.addInitScript(made);
    const page = await context.newPage();
    await page.goto(link);
    await expect(page.getByRole("heading", { name: says })).toBeVisible();
    await expect(page.getByText(way)).toBeVisible();
    await isAccessible(page);
    const copy = page.getByRole("button", { name: "Copy the link" });
    if (await copy.isVisible()) {
      // The address in the window has lost the secret by now; what is copied has it.
      await copy.click();
      await expect(page.getByText("Link copied")).toBeVisible();
      expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(link);
    }
    await context.close();
  });
}

/** A camera that refuses, and a browser that tells who did. */
const refuses = (state: string) => {
  navigator.mediaDevices.getUserMedia = async () => {
    throw new DOMException("", "NotAllowedError");
  };
  const query = navigator.permissions.query.bind(navigator.permissions);
  navigator.permissions.query = (asked) =>
    (["camera", "microphone"] as string[]).includes(asked.name)
      ? Promise.resolve({ state } as PermissionStatus)
      : query(asked);
};

for (const [state, says] of [
  ["denied", "The camera is blocked"],
  ["prompt", "The camera is not allowed yet"],
  ["granted", "Your device keeps the camera closed"],
] as const) {
  test(`a refused camera: “${says}”`, { tag: "@nightly" }, async ({ browser, shared }) => {
    const link = await shared.doctor.plans("");
    const context = await browser.newContext({ ...phone, baseURL: shared.clinic.origin });
    await context.addInitScript(refuses, state);
    const ana = new Patient(context, await context.newPage());
    await ana.page.goto(link);
    await ana.button("Check camera and microphone").click();
    await expect(ana.page.getByRole("heading", { name: says })).toBeVisible();
    await isAccessible(ana.page);
    // What is missing never blocks the way.
    await ana.button("Continue").click();
    await expect(ana.button("Authorize and join")).toBeVisible();
    await context.close();
  });
}

/** Keeps what is notified, and lets the test say that the person looks at something else. */
const notes = () => {
  const shown: string[] = [];
  class Note extends EventTarget {
    static permission: NotificationPermission = "default";
    static async requestPermission() {
      Note.permission = "granted";
      return "granted";
    }
    constructor(title: string) {
      super();
      shown.push(title);
    }
    close() {}
  }
  Object.assign(window, { shown, Notification: Note });
};
const shownTo = (page: Page) => page.evaluate(() => (window as unknown as { shown: string[] }).shown);

test("who looks elsewhere is notified when the doctor is ready, without a name", { tag: "@nightly" }, async ({
  browser,
  shared,
}) => {
  const link = await shared.doctor.plans("");
  const context = await browser.newContext({ ...phone, baseURL: shared.clinic.origin });
  await context.addInitScript(notes);
  const ana = new Patient(context, await context.newPage());
  await ana.opens(link);
  await ana.authorizes();
  await ana.button("Show me a notification").click();
  await expect(ana.page.getByText("A notification tells you")).toBeVisible();
  await isAccessible(ana.page);
  await ana.page.evaluate(() => Object.defineProperty(document, "hidden", { configurable: true, value: true }));
  await shared.doctor.admits();
  await expect.poll(() => shownTo(ana.page)).toEqual(["Your visit can begin"]);
  await Promise.all([seesTheOther(ana.page), seesTheOther(shared.doctor.page)]);
  await shared.doctor.ends();
  await context.close();
});

test("who closed the page is written to, and goes on where they were with the mail's link", {
  tag: "@nightly",
}, async ({ browser, shared }) => {
  const { clinic, doctor, post } = shared;
  const link = await doctor.plans("");
  const context = await browser.newContext({ ...phone, baseURL: clinic.origin });
  const ana = new Patient(context, await context.newPage());
  await ana.opens(link);
  await ana.authorizes();
  const email = ana.page.getByLabel("Email");
  await email.fill("ana.duarte");
  await ana.button("Write to me").click();
  await expect(email).toBeFocused();
  await email.fill("ana.duarte@example.org");
  await ana.button("Write to me").click();
  await expect(ana.page.getByText(/^If this page is closed when the doctor is ready, we write to you/)).toBeVisible();
  await ana.page.close();
  await doctor.page.goto("/visits");
  await doctor.admits();
  await expect.poll(() => post.letters.join(), { timeout: 60_000 }).toContain("Subject: Your visit can begin");
  const there = /http:\S+\/join\/[0-9a-f]{32}/.exec(post.letters.join())?.[0] ?? "";
  const back = new Patient(context, await context.newPage());
  await back.page.goto(there);
  await seesTheOther(back.page);
  await doctor.ends();
  await context.close();
});

test("those who wait hear their place, and how long where the doctor tells", { tag: "@nightly" }, async ({
  drOsei,
  ana,
  mallory,
}) => {
  await drOsei.setsUp();
  for (const [someone, place] of [
    [ana, "You are next."],
    [mallory, "One person is before you."],
  ] as const) {
    await someone.opens(await drOsei.plans(""));
    await someone.authorizes();
    await expect(someone.page.getByText(place)).toBeVisible();
  }
  await drOsei.page.goto("/visits");
  await drOsei.page.getByLabel(/time for each visit/).selectOption({ label: "15 minutes" });
  await isAccessible(drOsei.page);
  await expect(mallory.page.getByText("One person is before you. It may be about 15 minutes.")).toBeVisible();
  await isAccessible(mallory.page);
  await ana.button("Leave").click();
  await ana.button("Leave now").click();
  // Their place is looked up anew while others are before them.
  await expect(mallory.page.getByText("You are next.")).toBeVisible({ timeout: 30_000 });
});
