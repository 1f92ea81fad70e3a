import type { Page } from "@playwright/test";

/** Gives the page's device a screen lock that keeps passkeys; what they derive (PRF) stays in it. */
export async function screenLock(page: Page, hasPrf = true): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("WebAuthn.enable");
  await cdp.send("WebAuthn.addVirtualAuthenticator", {
    options: {
      protocol: "ctap2",
      ctap2Version: "ctap2_1",
      transport: "internal",
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
      hasPrf,
    },
  });
}

/** What a new device of the same owner has: the passkeys that their account brought over, and nothing else. */
export async function movesToNewDevice(page: Page, origin: string): Promise<void> {
  await page.goto("about:blank");
  const cdp = await page.context().newCDPSession(page);
  await cdp.send("Storage.clearDataForOrigin", { origin, storageTypes: "all" });
}
