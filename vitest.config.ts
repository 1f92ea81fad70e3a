import { defineConfig } from "vitest/config";

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    include: ["{lib,server,components,contracts,bench}/**/*.test.{ts,tsx}"],
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // Two for two cores, and one for the suite that waits out an outage of three minutes.
    maxWorkers: 3,
    sequence: { shuffle: false },
  },
});
