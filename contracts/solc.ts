/**
 * The compiler both builds share: solc from npm with one set of settings, so that what the tests exercise is what is
 * deployed.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";

const require = createRequire(import.meta.url);
export const solc = require("solc") as { version(): string; compile(input: string, callbacks?: Callbacks): string };

interface Callbacks {
  import(path: string): { contents: string } | { error: string };
}

export const root = join(import.meta.dirname, "..");

export const settings = {
  evmVersion: "osaka",
  viaIR: true,
  optimizer: { enabled: true, runs: 1_000_000 },
} as const;

/** Sources are named from the project's root, packages by their package name. */
export function readSource(path: string): { contents: string } | { error: string } {
  try {
    return {
      contents: readFileSync(path.startsWith("@") ? join(root, "node_modules", path) : join(root, path), "utf8"),
    };
  } catch (error) {
    return { error: String(error) };
  }
}
