/**
 * What our pages use of zod, as one file. The pages' bundler keeps every kind of schema that zod knows for the sake of the few
 * that are written in `lib`; esbuild keeps those. next.config.ts puts the file in zod's place.
 */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./ready.mjs";

export async function bundleSchemas() {
  const used = new Set();
  for (const room of ["lib", "components"])
    for (const name of readdirSync(join(root, room), { recursive: true }))
      if (/\.tsx?$/.test(name) && !name.includes(".test."))
        for (const [, what] of readFileSync(join(root, room, name), "utf8").matchAll(
          /\bz\s*\.(\w+)(?:<[^()<>;=]*>)?[(.]/g,
        ))
          used.add(what);
  const known = Object.keys(await import("zod/mini"));
  const names = known.filter((name) => used.has(name));
  const { build } = await import("esbuild");
  await build({
    stdin: { contents: `export { ${names.join(", ")} } from "zod/mini";`, resolveDir: root },
    bundle: true,
    format: "esm",
    minifySyntax: true,
    outfile: join(root, "dist", "zod-mini.js"),
    logLevel: "warning",
  });
}
