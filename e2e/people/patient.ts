import { expect } from "@playwright/test";
import { Someone } from "./someone.ts";

type Choice = "Allow" | "Ask me each time" | "Don't allow";
export interface Choices {
  prescriptions?: Choice;
  files?: Choice;
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

  async chooses(choices: Choices): Promise<void> {
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
