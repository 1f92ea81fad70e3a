import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { request as ask, createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { brotliCompressSync, brotliDecompressSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openPacked } from "./packed.ts";

const folder = mkdtempSync(join(tmpdir(), "assent-packed-"));
const script = "console.log('one');";
let server: Server;

beforeAll(async () => {
  mkdirSync(join(folder, "chunks"));
  for (const [name, text] of [
    ["chunks/one.js", script],
    ["chunks/two.css", "p{}"],
  ] as const) {
    writeFileSync(join(folder, name), text);
    writeFileSync(join(folder, `${name}.br`), brotliCompressSync(text));
  }
  writeFileSync(join(folder, "chunks/three.js"), script);
  const answer = openPacked(folder);
  server = createServer((request, response) => {
    if (!answer(request, response)) response.writeHead(404).end("Next's");
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true });
});

/** Without a client that unpacks by itself. */
function get(path: string, encoding?: string, method = "GET") {
  return new Promise<{ status: number; headers: Record<string, unknown>; body: Buffer }>((resolve, reject) => {
    const headers = encoding === undefined ? {} : { "accept-encoding": encoding };
    const { port } = server.address() as AddressInfo;
    ask({ port, host: "127.0.0.1", path, method, headers }, (response) => {
      const pieces: Buffer[] = [];
      response.on("data", (piece: Buffer) => pieces.push(piece));
      response.on("end", () =>
        resolve({ status: response.statusCode ?? 0, headers: response.headers, body: Buffer.concat(pieces) }),
      );
    })
      .once("error", reject)
      .end();
  });
}

test("a file that the build packed goes out packed, and is kept for good", async () => {
  const { headers, body } = await get("/_next/static/chunks/one.js?dpl=1", "gzip, deflate, br, zstd");
  expect(brotliDecompressSync(body).toString()).toBe(script);
  expect(headers).toMatchObject({
    "content-type": "text/javascript; charset=utf-8",
    "content-encoding": "br",
    "content-length": String(body.length),
    vary: "accept-encoding",
    "cache-control": "public, max-age=31536000, immutable",
  });
  const styles = await get("/_next/static/chunks/two.css", "br");
  expect(styles.headers["content-type"]).toBe("text/css; charset=utf-8");
});

test.each([
  ["a browser that takes none", "/_next/static/chunks/one.js", "gzip, deflate"],
  ["a browser that says nothing of it", "/_next/static/chunks/one.js", undefined],
  ["a browser that refuses it", "/_next/static/chunks/one.js", "gzip, br;q=0"],
  ["a file that was not packed", "/_next/static/chunks/three.js", "br"],
  ["the packed file itself", "/_next/static/chunks/one.js.br", "br"],
  ["a path out of the folder", "/_next/static/chunks/../../chunks/one.js", "br"],
  ["another address", "/chunks/one.js", "br"],
])("%s is Next’s to answer", async (_, path, encoding) => {
  expect((await get(path, encoding)).status).toBe(404);
});

test("only what is read goes out", async () => {
  expect((await get("/_next/static/chunks/one.js", "br", "POST")).status).toBe(404);
});
