import { defineConfig } from "vitest/config";
import { BaseSequencer, type TestSpecification } from "vitest/node";

/** Begun last, one of these would go on alone for minutes: one waits out an outage, two kill and start processes. */
const LONGEST = ["server/faults.test.ts", "server/ledger/crash.test.ts", "server/storage/crash.test.ts"];
const tests = (rooms: string) => [`${rooms}/**/*.test.{ts,tsx}`];
const isLong = ({ moduleId }: TestSpecification) => LONGEST.some((path) => moduleId.endsWith(path));

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return [...sorted.filter(isLong), ...sorted.filter((file) => !isLong(file))];
  }
}

export default defineConfig({
  resolve: { alias: { "@": import.meta.dirname } },
  test: {
    testTimeout: 20_000,
    hookTimeout: 30_000,
    // The same draws for every change; `npm test -- nightly` gives each night its own.
    env: { ASSENT_SEED: process.env.ASSENT_SEED ?? "20261123" },
    setupFiles: ["server/storage/draws.fixture.ts"],
    // Two for two cores, and one for the suite that waits out an outage of three minutes.
    maxWorkers: 3,
    sequence: { shuffle: false, sequencer: LongestFirst },
    projects: [
      // Many of these put other modules in the place of some, which the next file must not find.
      { extends: true, test: { name: "pages", include: tests("{lib,components}") } },
      // These run on real parts: they load the same modules, a second and a half each time, and leave them as they are.
      { extends: true, test: { name: "server", include: tests("{server,contracts,bench}"), isolate: false } },
    ],
  },
});
