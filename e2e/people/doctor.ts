import { expect, type Page } from "@playwright/test";
import { opensPanel, Someone } from "./someone.ts";

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

  async signsIn(): Promise<void> {
    const { page } = this;
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(Doctor.email);
    await page.getByLabel("Password").fill(Doctor.password);
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
