import { test as base, expect } from "@playwright/test";
import { Clinic } from "./clinic.ts";
import { Doctor, inviteDoctor } from "./people/doctor.ts";
import { asksForGuest, Guest } from "./people/guest.ts";
import { type Choices, Patient } from "./people/patient.ts";
import { isAccessible, seesTheOther } from "./people/sees.ts";
import { opensPanel } from "./people/someone.ts";

export { asksForGuest, Doctor, expect, inviteDoctor, isAccessible, opensPanel, Patient, seesTheOther };

/** What a patient allows who allows all that can be chosen. */
export const everything: Choices = { prescriptions: "Allow", files: "Allow" };

/** From a visit that is not planned yet to two who see each other; resolves to the visit's link. */
export async function meet(doctor: Doctor, patient: Patient, choices: Choices = {}): Promise<string> {
  const link = await doctor.plans();
  await patient.opens(link);
  await patient.chooses(choices);
  await patient.authorizes();
  await doctor.admits();
  await Promise.all([seesTheOther(doctor.page), seesTheOther(patient.page)]);
  return link;
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
    const clinic = await Clinic.open();
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
