import AxeBuilder from "@axe-core/playwright";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { Clinic } from "./clinic.ts";

export { expect };

export type Choice = "Allow" | "Ask me each time" | "Don't allow";

/** One red pixel. */
const PIXEL = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8DwHwAFBQIAX8jx0gAAAABJRU5ErkJggg==",
  "base64",
);

/** Somebody with a browser of their own. */
class Someone {
  readonly page: Page;
  readonly context: BrowserContext;
  constructor(context: BrowserContext, page: Page) {
    this.context = context;
    this.page = page;
  }
  button(name: string | RegExp) {
    return this.page.getByRole("button", { name, exact: typeof name === "string" });
  }

  /** Shares a file of this name: a small one, unless its bytes are given. */
  async sends(name: string, bytes?: Buffer): Promise<void> {
    const { page } = this;
    await opensPanel(page, "Files");
    const type = name.endsWith(".png") ? "image/png" : !bytes || name.endsWith(".pdf") ? "application/pdf" : "";
    await page
      .locator('input[type="file"]')
      .first()
      .setInputFiles({
        name,
        mimeType: type,
        buffer: bytes ?? (type === "image/png" ? PIXEL : Buffer.from("%PDF-1.4 a leaflet")),
      });
    await expect(page.getByText(name).first()).toBeVisible();
  }
}

export class Doctor extends Someone {
  static readonly email = "esi@riverside.example";
  static readonly password = "a long passphrase";

  /** First run: makes the clinic and lands on the visits. */
  async setsUp(): Promise<void> {
    const { page } = this;
    await page.goto("/");
    await page.getByRole("link", { name: "Set up your clinic" }).click();
    await page.getByLabel("Clinic name").fill("Riverside Practice");
    await page.getByLabel("Your name").fill("Dr. Esi Osei");
    await page.getByLabel("Email").fill(Doctor.email);
    await page.getByLabel("Password").fill(Doctor.password);
    await this.button("Create clinic").click();
    await expect(page.getByRole("heading", { name: "Set up your clinic" })).toHaveCount(0);
    await page.goto("/visits");
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  }

  async signsIn(email = Doctor.email, password = Doctor.password): Promise<void> {
    const { page } = this;
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await this.button("Sign in").click();
    await expect(page.getByRole("heading", { name: "Sign in" })).toHaveCount(0);
  }

  /** Opens a panel of the call, whether it is a tab (wide screen) or a control. */
  async opensPanel(name: "Prescribe" | "Files" | "Chat"): Promise<void> {
    await opensPanel(this.page, name);
  }

  /** Makes a visit; resolves to its join link. */
  async plans(patientName = "Ana Duarte"): Promise<string> {
    const { page } = this;
    await page.goto("/visits");
    await page.getByRole("link", { name: "New visit" }).or(this.button("New visit")).first().click();
    await page.getByLabel("Patient name").fill(patientName);
    await page.getByLabel("Reason").fill("Rash on the arm");
    await this.button("Create visit").click();
    const link = page.getByRole("textbox", { name: "Join link" });
    await expect(link).toHaveValue(/\/join\/[0-9a-f]{32}#[\w-]{43}$/);
    return link.inputValue();
  }

  async admits(): Promise<void> {
    await this.button("Admit").first().click();
  }

  async prescribes(medication: string): Promise<void> {
    const { page } = this;
    const tab = page.getByRole("tab", { name: "Prescribe" });
    await ((await tab.isVisible()) ? tab : this.button("Prescribe")).click();
    await page.getByLabel("Medication").fill(medication);
    await page.getByLabel("Dose").fill("1 tablet");
    await page.getByLabel("Frequency").fill("Once a day");
    await page.getByLabel("Duration").fill("14 days");
    await page.getByLabel("Quantity").fill("14 tablets");
    await page.getByLabel("Instructions").fill("In the evening");
    await this.button("Sign prescription").click();
  }

  async ends(): Promise<void> {
    await this.button("End visit").click();
  }
}

export class Patient extends Someone {
  /** From the link to the consent card. */
  async opens(link: string, name = "Ana Duarte"): Promise<void> {
    const { page } = this;
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("Riverside Practice");
    await page.getByLabel("Your name").fill(name);
    await this.button("Continue").click();
    await expect(this.button("Authorize and join")).toBeVisible();
  }

  /** Asks for the camera with a tap, and sees themselves. */
  async turnsOnCamera(): Promise<void> {
    await this.button(/camera/i)
      .first()
      .click();
    await expect(this.page.locator("video[data-self]").first()).toBeVisible();
  }

  async chooses(choices: { prescriptions?: Choice; files?: Choice }): Promise<void> {
    const { page } = this;
    for (const [what, choice] of [
      ["Prescriptions", choices.prescriptions],
      ["Files", choices.files],
    ] as const) {
      if (choice)
        await page
          .getByRole("group", { name: what })
          .getByRole("radio", { name: choice, exact: true })
          .check({ force: true });
    }
  }

  /** Takes the permission back from within the call. */
  async revokes(): Promise<void> {
    const { page } = this;
    const revoke = page.getByRole("button", { name: "Revoke" });
    if (!(await revoke.isVisible())) await page.getByRole("button", { name: /Permission active/ }).click();
    await revoke.first().click();
    // The question in place: what stops, what stays, [Revoke] [Keep it].
    await expect(this.button("Keep it")).toBeVisible();
    await revoke.last().click();
  }

  async authorizes(): Promise<void> {
    await this.button("Authorize and join").click();
    await expect(this.page.getByText("You're in the waiting room")).toBeVisible();
  }
}

const wordsOn = (page: Page) =>
  page.getByRole("list", { name: "The four words" }).getByRole("listitem").allInnerTexts();

/** Another doctor of the clinic, in a browser of their own: invited, and enrolled once the four words were compared. */
export async function inviteDoctor(
  { page, context }: Doctor,
  { name = "Dr. Liam Brandt", email = "liam@riverside.example" } = {},
): Promise<Doctor> {
  await page.goto("/admin/people");
  await page.getByRole("link", { name: "Invite" }).click();
  await page.getByLabel("Name").fill(name);
  await page.getByLabel("Email").fill(email);
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = await page.getByRole("textbox", { name: "Invitation link" }).inputValue();

  const theirs = await context.browser()!.newContext({
    baseURL: new URL(page.url()).origin,
    viewport: { width: 1280, height: 800 },
    permissions: ["camera", "microphone"],
  });
  const doctor = new Doctor(theirs, await theirs.newPage());
  await doctor.page.goto(link);
  await expect(doctor.page.getByRole("heading", { name: "Join Riverside Practice" })).toBeVisible();
  await doctor.page.getByLabel("Password").fill(Doctor.password);
  await doctor.button("Join").click();
  await expect(doctor.page.getByRole("heading", { name: "Your key waits for the practice" })).toBeVisible();
  await expect(doctor.page.getByRole("list", { name: "The four words" })).toBeVisible();

  await page.getByRole("link", { name: "Back to people" }).click();
  await page.getByRole("button", { name }).filter({ visible: true }).click();
  await expect(page.getByRole("list", { name: "The four words" })).toBeVisible();
  expect(await wordsOn(page)).toEqual(await wordsOn(doctor.page));
  await page.getByRole("button", { name: "The words match: enrol" }).click();
  await expect(doctor.page.getByRole("heading", { name: "Today’s visits" })).toBeVisible();
  return doctor;
}

/** A third person: an interpreter, a relative, a student. */
export class Guest extends Someone {
  /** From the link to the wait for the patient's yes. */
  async asks(link: string, name = "Maria Lopes"): Promise<void> {
    const { page } = this;
    await page.goto(link);
    await expect(page.getByRole("heading", { level: 1 })).toContainText("You are invited to a visit with");
    await page.getByLabel("Your name").fill(name);
    await this.button("Ask to join").click();
    await expect(page.getByRole("heading", { name: /^Waiting for .* yes$/ })).toBeVisible();
  }
}

export async function opensPanel(page: Page, name: "Prescribe" | "Files" | "Chat" | "People"): Promise<void> {
  const tab = page.getByRole("tab", { name: new RegExp(`^${name}`) });
  if (await tab.isVisible()) return tab.click();
  const control = page.getByRole("button", { name: new RegExp(`^${name}`) });
  // On a phone a sheet stands where the controls are.
  const close = page.getByRole("button", { name: "Close", exact: true });
  if (await close.isVisible()) await close.click();
  // And there only five controls fit: the others are under More.
  const more = page.getByRole("button", { name: "More", exact: true });
  await expect(control.or(more).first()).toBeVisible();
  if (await control.isVisible()) return control.click();
  await more.click();
  await page.getByRole("menuitem", { name: new RegExp(`^${name}`) }).click();
}

/** The remote picture is there: decoded, and not black. */
export async function seesTheOther(page: Page): Promise<void> {
  await expect
    .poll(
      () =>
        page.evaluate(() => {
          const video = document.querySelector<HTMLVideoElement>("video[data-remote]");
          if (!video || video.videoWidth === 0 || video.readyState < 2) return 0;
          const canvas = document.createElement("canvas");
          canvas.width = 32;
          canvas.height = 18;
          const paint = canvas.getContext("2d");
          if (!paint) return 0;
          paint.drawImage(video, 0, 0, 32, 18);
          return Math.max(...paint.getImageData(0, 0, 32, 18).data.filter((_, i) => i % 4 !== 3));
        }),
      { timeout: 30_000 },
    )
    .toBeGreaterThan(40);
}

/** No violation of the automated WCAG 2.2 A and AA rules and best practices. */
export async function isAccessible(page: Page): Promise<void> {
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(
    violations.map((found) => `${page.url()} ${found.id}: ${found.nodes.map((node) => node.html).join(" | ")}`),
  ).toEqual([]);
}

/** Doctor or patient asks for a guest; resolves to the guest's link. */
export async function asksForGuest({ page }: Doctor | Patient, role: "Interpreter" | "Relative"): Promise<string> {
  await opensPanel(page, "People");
  await page.getByRole("button", { name: "Ask for a guest" }).click();
  await page.getByRole("radio", { name: role }).check({ force: true });
  await page.getByRole("button", { name: "Make the link" }).click();
  const link = page.getByRole("textbox", { name: "Guest link" });
  await expect(link).toHaveValue(/\/join\/[0-9a-f]{32}#guest\.[\w-]{43}$/);
  return link.inputValue();
}

interface People {
  clinic: Clinic;
  drOsei: Doctor;
  ana: Patient;
  mallory: Patient;
  maria: Guest;
}

/** Every test has a clinic of its own: nothing of one visit is left for the next. */
export const test = base.extend<People>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads what a fixture needs from this pattern
  clinic: async ({}, use) => {
    const clinic = await Clinic.next();
    await use(clinic);
    await clinic.close();
  },
  drOsei: async ({ browser, clinic }, use) => {
    const context = await browser.newContext({
      baseURL: clinic.origin,
      viewport: { width: 1280, height: 800 },
      permissions: ["camera", "microphone", "clipboard-read", "clipboard-write"],
    });
    await use(new Doctor(context, await context.newPage()));
    await context.close();
  },
  ana: async ({ browser, clinic }, use) => {
    const context = await browser.newContext({
      baseURL: clinic.origin,
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      permissions: ["camera", "microphone"],
    });
    await use(new Patient(context, await context.newPage()));
    await context.close();
  },
  mallory: async ({ browser, clinic }, use) => {
    const context = await browser.newContext({
      baseURL: clinic.origin,
      viewport: { width: 390, height: 844 },
      permissions: ["camera", "microphone"],
    });
    await use(new Patient(context, await context.newPage()));
    await context.close();
  },
  maria: async ({ browser, clinic }, use) => {
    const context = await browser.newContext({
      baseURL: clinic.origin,
      viewport: { width: 1280, height: 800 },
      permissions: ["camera", "microphone"],
    });
    await use(new Guest(context, await context.newPage()));
    await context.close();
  },
});
