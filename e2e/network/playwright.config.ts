import { defineConfig } from "@playwright/test";

/** Two people in two networks. Run by `npm test -- network`, which makes the networks first. */
export default defineConfig({
  testDir: ".",
  outputDir: "../../test-results",
  fullyParallel: false,
  workers: 1,
  retries: 0,
  timeout: 240_000,
  expect: { timeout: 20_000 },
  reporter: [["list"]],
});
