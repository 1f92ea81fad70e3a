import { defineConfig } from "@playwright/test";

/** Real Chromium with a camera and microphone that it makes up; one visit at a time, since two browsers fill two cores. */
export default defineConfig({
  testDir: ".",
  testIgnore: ["network/**", "screens/**"],
  outputDir: "../test-results",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 180_000,
  expect: { timeout: 15_000 },
  reporter: [["list"]],
  use: {
    trace: "retain-on-failure",
    launchOptions: {
      ...(process.env.CHROMIUM_PATH ? { executablePath: process.env.CHROMIUM_PATH } : {}),
      args: [
        "--no-sandbox",
        "--disable-gpu",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        // Five pictures a second are as good as twenty to whoever waits for one, and leave the processor to the tests.
        "--use-fake-device-for-media-stream=fps=5",
        "--use-fake-ui-for-media-stream",
      ],
    },
  },
});
