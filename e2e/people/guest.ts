import { expect } from "@playwright/test";
import type { Doctor } from "./doctor.ts";
import type { Patient } from "./patient.ts";
import { opensPanel, Someone } from "./someone.ts";

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
