import { createReadStream, globSync, statSync } from "node:fs";
import type { IncomingMessage, ServerResponse } from "node:http";
import { join } from "node:path";
import { pipeline } from "node:stream";

const types: Record<string, string> = { js: "text/javascript; charset=utf-8", css: "text/css; charset=utf-8" };

/**
 * The scripts and styles of the pages, packed by the build as small as they get, for browsers that take them so. Answers false
 * for everything else, which is Next's: it packs each anew for everyone, and an eighth larger.
 */
export function openPacked(folder: string): (request: IncomingMessage, response: ServerResponse) => boolean {
  const packed = new Map(
    globSync("**/*.{js,css}.br", { cwd: folder }).map((name) => {
      const file = join(folder, name);
      const ending = name.split(".").at(-2) ?? "";
      return [
        `/_next/static/${name.slice(0, -".br".length)}`,
        { file, size: statSync(file).size, type: types[ending] },
      ];
    }),
  );
  return (request, response) => {
    const found = packed.get(request.url?.split("?", 1)[0] ?? "");
    const taken = String(request.headers["accept-encoding"]).split(",");
    if (!found?.type || request.method !== "GET" || !taken.some((one) => one.trim() === "br")) return false;
    response.setHeader("content-type", found.type);
    response.setHeader("content-encoding", "br");
    response.setHeader("content-length", found.size);
    response.setHeader("vary", "accept-encoding");
    // A name is made of what is in the file, so it never changes.
    response.setHeader("cache-control", "public, max-age=31536000, immutable");
    pipeline(createReadStream(found.file), response, () => {});
    return true;
  };
}
