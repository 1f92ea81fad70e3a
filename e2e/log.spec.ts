import { type ChildProcess, spawn } from "node:child_process";
import { cp, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, isAccessible, seesTheOther, test } from "./people.ts";

/** A witness as its command runs it: what it says until its key, its address and its key. */
async function startWitness(log: string, folder: string): Promise<{ process: ChildProcess; url: string; key: string }> {
  const command = [
    "server/audit/command.ts",
    "witness",
    "--log",
    log,
    "--folder",
    folder,
    "--name",
    "notary.example",
    "--port",
    "0",
  ];
  const witness = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  let said = "";
  for await (const piece of witness.stdout) {
    said += piece;
    const url = /(http:\/\/127\.0\.0\.1:\d+)/.exec(said)?.[1];
    const key = /(notary\.example\+\S+)/.exec(said)?.[1];
    if (url && key && said.includes("does not run it")) return { process: witness, url, key };
  }
  throw new Error(`The witness ended: ${said}`);
}

/** How many leaves are under a checkpoint; none under no checkpoint. */
const sizeIn = (note: string | null) => Number(note?.split("\n")[1] ?? 0);

/** In a page: the checkpoint that its browser remembers. */
function noteKept(): string | null {
  const name = Object.keys(localStorage).find((one) => one.startsWith("assent-log:"));
  return name === undefined ? null : (JSON.parse(localStorage.getItem(name)!) as { note: string | null }).note;
}

test("an old backup is put back: nothing is sealed any more, the admin reads why, and Ana's browser tells her", {
  tag: "@nightly",
}, async ({ clinic, drOsei, ana }) => {
  const folder = await mkdtemp(join(tmpdir(), "assent-e2e-witness-"));
  await drOsei.setsUp();
  await ana.opens(await drOsei.plans());
  await ana.authorizes();
  await clinic.stop();
  const backup = join(folder, "backup");
  await cp(join(clinic.folder, "database"), backup, { recursive: true });
  await clinic.start();
  const { page } = drOsei;
  const signed = (await (await page.request.get(`${clinic.origin}/api/log`)).json()) as { checkpoint: string };
  const backedUp = sizeIn(signed.checkpoint);

  await page.goto("/admin/audit");
  await drOsei.button("Witnesses").click();
  const dialog = page.getByRole("dialog", { name: "Witnesses of the log" });
  const log = (await dialog.getByText(/^assent\/\d+\/0x/).textContent())!;
  const witness = await startWitness(log, folder);
  try {
    await dialog.getByLabel("Address of the witness").fill(witness.url);
    await dialog.getByLabel("Key of the witness").fill("not a key");
    await dialog.getByRole("button", { name: "Add witness" }).click();
    await expect(dialog.getByText("This is not a witness’s key.")).toBeVisible();
    await dialog.getByLabel("Key of the witness").fill(witness.key);
    await dialog.getByRole("button", { name: "Add witness" }).click();
    await expect(dialog.getByText("notary.example", { exact: true })).toBeVisible();
    await isAccessible(page);
    await expect(dialog.getByText(/Cosigned \d+ lines/)).toBeVisible({ timeout: 90_000 });
    await page.keyboard.press("Escape");
    await expect(drOsei.button("Witnesses")).toBeFocused();

    await page.goto("/visits");
    await drOsei.admits();
    await Promise.all([seesTheOther(page), seesTheOther(ana.page)]);
    // Long enough in the visit that her browser has seen more of the log than the backup has: it looks once a minute.
    const kept = async () => sizeIn(await ana.page.evaluate(noteKept));
    await expect.poll(kept, { timeout: 90_000 }).toBeGreaterThan(backedUp);
    await drOsei.ends();
    await expect(ana.page.getByRole("heading", { name: "Your visit has ended" })).toBeVisible();
    await expect(ana.page.getByText("final").first()).toBeVisible();

    await clinic.stop();
    await rm(join(clinic.folder, "database"), { recursive: true });
    await cp(backup, join(clinic.folder, "database"), { recursive: true });
    await clinic.start();

    await page.goto("/admin/audit");
    await expect(page.getByRole("alert").filter({ hasText: "shorter than what was signed" })).toBeVisible();
    await expect(page.getByText("Not sealed any more")).toBeVisible();
    await isAccessible(page);
    await page.goto("/admin");
    await expect(page.getByRole("alert").filter({ hasText: "shorter than what was signed" })).toBeVisible();

    await ana.page.reload();
    await expect(ana.page.getByText("The practice’s log is shorter than it was")).toBeVisible({ timeout: 30_000 });
    await expect(ana.button("Save the proof")).toBeVisible();
  } finally {
    witness.process.kill();
    await rm(folder, { recursive: true, force: true });
  }
});
