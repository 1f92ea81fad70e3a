import { defineConfig } from "@playwright/test";
import visits from "../playwright.config.ts";

/** Takes the pictures of docs/screens.md: `npm run screens`. */
export default defineConfig(visits, { testDir: ".", testIgnore: [], outputDir: "../../test-results" });
