/**
 * How long does a patient wait: link → own picture, Admit → the doctor's picture, link → the doctor's picture?
 * Against two bare pages with the same libraries, interleaved in the same run. Medians; machine time only, humans are instant.
 */
import { type Browser, chromium, type Page } from "playwright";
import { Clinic } from "../e2e/clinic.ts";
import { Doctor, Patient } from "../e2e/people.ts";
import { openFloor } from "./parts/floor.ts";
import { report } from "./parts/report.ts";

const RUNS = Number(process.env.RUNS ?? 5);

/** Notes, by the wall clock, when each kind of video first shows a frame. */
const watch = () => {
  const seen: Record<string, number> = {};
  Object.assign(window, { seen });
  // The click itself, not the driver's way to it.
  document.addEventListener("click", () => (seen.click = Date.now()), true);
  const look = () => {
    for (const name of ["self", "remote"]) {
      for (const video of document.querySelectorAll<HTMLVideoElement>(`video[data-${name}]`)) {
        if (video.dataset.watched) continue;
        video.dataset.watched = "yes";
        video.requestVideoFrameCallback(() => {
          seen[name] ??= Date.now();
        });
      }
    }
    requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
};

const first = async (page: Page, name: string): Promise<number> => {
  const handle = await page.waitForFunction(
    (which) => (window as unknown as { seen: Record<string, number> }).seen[which],
    name,
    { polling: 20, timeout: 60_000 },
  );
  return handle.jsonValue() as Promise<number>;
};

async function twoContexts(browser: Browser, origin: string) {
  const open = async (size: { width: number; height: number }) => {
    const context = await browser.newContext({
      baseURL: origin,
      viewport: size,
      permissions: ["camera", "microphone"],
    });
    await context.addInitScript(watch);
    return { context, page: await context.newPage() };
  };
  return [await open({ width: 1280, height: 800 }), await open({ width: 390, height: 844 })] as const;
}

/** Link → own picture, both present → remote picture, link → remote picture: milliseconds. */
interface Times {
  lobby: number;
  admit: number;
  picture: number;
}

async function bare(browser: Browser): Promise<Times> {
  const timed = async (hold: boolean) => {
    const floor = await openFloor();
    const [host, guest] = await twoContexts(browser, floor.origin);
    const flag = hold ? "&hold" : "";
    await host.page.goto(`/?role=host${flag}`);
    await first(host.page, "self");
    const start = Date.now();
    await guest.page.goto(`/?role=guest${flag}`, { waitUntil: "commit" });
    const lobby = (await first(guest.page, "self")) - start;
    let go = start;
    if (hold) {
      await host.page.waitForSelector("[data-present]");
      go = await host.page.evaluate(() => {
        const now = Date.now();
        (window as unknown as { go(): void }).go();
        return now;
      });
    }
    const remote = (await first(guest.page, "remote")) - go;
    await Promise.all([host.context.close(), guest.context.close()]);
    await floor.close();
    return { lobby, remote };
  };
  const [straight, held] = [await timed(false), await timed(true)];
  return { lobby: straight.lobby, admit: held.remote, picture: straight.remote };
}

async function ours(
  browser: Browser,
  clinic: Clinic,
  doctorState: Awaited<ReturnType<typeof signedIn>>,
): Promise<Times> {
  const [, guest] = await twoContexts(browser, clinic.origin);
  const doctor = doctorState;
  const ana = new Patient(guest.context, guest.page);
  const link = await doctor.plans();
  const start = Date.now();
  await guest.page.goto(link, { waitUntil: "commit" });
  await ana.turnsOnCamera();
  const lobby = (await first(guest.page, "self")) - start;
  await ana.button("Continue").click();
  await ana.button("Authorize and join").click();
  const admit = doctor.button("Admit").first();
  await admit.waitFor();
  await guest.page.getByText("You're in the waiting room").waitFor();
  await admit.click();
  const before = await first(doctor.page, "click");
  const shown = await first(guest.page, "remote");
  await guest.context.close();
  return { lobby, admit: shown - before, picture: shown - start };
}

async function signedIn(browser: Browser, clinic: Clinic): Promise<Doctor> {
  const context = await browser.newContext({
    baseURL: clinic.origin,
    viewport: { width: 1280, height: 800 },
    permissions: ["camera", "microphone"],
  });
  await context.addInitScript(watch);
  const doctor = new Doctor(context, await context.newPage());
  await doctor.setsUp();
  return doctor;
}

const browser = await chromium.launch({
  ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--use-fake-device-for-media-stream",
    "--use-fake-ui-for-media-stream",
  ],
});
const clinic = await Clinic.open();
const doctor = await signedIn(browser, clinic);
const runs: { bare: Times; ours: Times }[] = [];
for (let i = 0; i < RUNS; i++) runs.push({ bare: await bare(browser), ours: await ours(browser, clinic, doctor) });
await browser.close();
await clinic.close();

const of = (name: keyof Times) => ({
  values: runs.map((run) => run.ours[name]),
  floors: runs.map((run) => run.bare[name]),
});
report({
  question: "join",
  unit: "ms",
  runs: RUNS,
  headline: "picture",
  parts: { lobby: of("lobby"), admit: of("admit"), picture: of("picture") },
});
