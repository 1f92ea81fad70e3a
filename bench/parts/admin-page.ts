import { chromium } from "playwright";
import { Clinic } from "../../e2e/clinic.ts";

/** **Verify all** as an admin presses it: the built product on this folder, and a real browser. */
export async function verifiesAll(
  folder: string,
  email: string,
  password: string,
): Promise<{ lines: number; ms: number }> {
  const clinic = await Clinic.open({ DATA_DIR: folder });
  const browser = await chromium.launch({
    ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
    args: ["--no-sandbox", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({ baseURL: clinic.origin });
    await page.goto("/sign-in");
    await page.getByLabel("Email").fill(email);
    await page.getByLabel("Password").fill(password);
    await page.getByRole("button", { name: "Sign in", exact: true }).click();
    await page.getByRole("heading", { name: "Sign in" }).waitFor({ state: "detached" });
    await page.goto("/admin/audit");
    const began = performance.now();
    await page.getByRole("button", { name: "Verify all" }).click();
    const said = page.getByText(/^[\d,]+ lines, all hold/);
    await said.waitFor({ timeout: 1_800_000 });
    const ms = performance.now() - began;
    return { lines: Number((await said.innerText()).split(" ")[0]!.replaceAll(",", "")), ms };
  } finally {
    await browser.close();
    await clinic.close();
  }
}

/** Milliseconds until the built product is ready on this folder, or on that of a practice that has seen nothing yet. */
export async function startOf(folder?: string): Promise<number> {
  const clinic = await Clinic.open(folder === undefined ? {} : { DATA_DIR: folder });
  await clinic.stop();
  const began = performance.now();
  await clinic.start();
  const ms = performance.now() - began;
  await clinic.close();
  return ms;
}
