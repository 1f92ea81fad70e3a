/** Finds a real Chromium, or gets one: the system's packages where we are root, otherwise Playwright's own. */
import { existsSync } from "node:fs";
import { run, say, stop } from "./ready.mjs";

const known = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];

/** Resolves to the browser's path; null means Playwright's own, which it finds by itself. */
export async function chromium() {
  if (process.env.CHROMIUM_PATH) return process.env.CHROMIUM_PATH;
  const found = known.find((path) => existsSync(path));
  if (found) return found;
  if (process.platform === "linux" && process.getuid?.() === 0 && existsSync("/usr/bin/apt-get")) {
    say("Installing Chromium from the system's packages…");
    const quiet = {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    };
    await run("apt-get", ["update", "-qq"], quiet);
    await run("apt-get", ["install", "-y", "-qq", "--no-install-recommends", "chromium"], quiet);
    if (existsSync("/usr/bin/chromium")) return "/usr/bin/chromium";
  }
  say("Downloading Playwright's Chromium…");
  if ((await run("playwright", ["install", "chromium"])) === 0) return null;
  return stop(
    "The tests need a real Chromium and none could be had. Install the package `chromium` (or Google Chrome), or set CHROMIUM_PATH to one.",
  );
}
