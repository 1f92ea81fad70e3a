/** `npm run screens`: takes the pictures of docs/screens.md anew. */
import { chromium } from "./chromium.mjs";
import { installed, pinned, run, upToDate } from "./ready.mjs";

await installed({ development: true });
const path = await chromium();
await upToDate();
const words = ["test", "--config=e2e/screens/playwright.config.ts", ...process.argv.slice(2)];
process.exitCode = await run("playwright", words, { env: pinned(path ? { CHROMIUM_PATH: path } : {}) });
