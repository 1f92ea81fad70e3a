import { IncomingMessage, ServerResponse } from "node:http";
import { Socket } from "node:net";
import { expect, test } from "vitest";
import { secure } from "./security.ts";

function answered(about: { url?: string; dest?: string; anyNode?: boolean }): ServerResponse {
  const request = new IncomingMessage(new Socket());
  request.url = about.url ?? "/";
  if (about.dest) request.headers["sec-fetch-dest"] = about.dest;
  const response = new ServerResponse(request);
  secure(request, response, { dev: false, https: true, anyNode: about.anyNode ?? false });
  return response;
}

test("a page connects to its own server only, unless its ledger is one that others run too", () => {
  const connects = (anyNode: boolean) =>
    /connect-src ([^;]*)/.exec(String(answered({ anyNode }).getHeader("content-security-policy")))?.[1];
  expect(connects(false)).toBe("'self'");
  expect(connects(true)).toBe("'self' https: http://localhost:* http://127.0.0.1:*");
});

test("everything brings a policy but the files that a page takes in, which obey the page’s", () => {
  const file = "/_next/static/chunks/one.js";
  const hasPolicy = (url: string, dest?: string) =>
    answered(dest ? { url, dest } : { url }).hasHeader("content-security-policy");
  for (const dest of ["script", "style", "font"]) {
    expect(hasPolicy(file, dest)).toBe(false);
    for (const url of ["/", "/join/1", "/api/clinic", "/effects/background/one.js"])
      expect(hasPolicy(url, dest)).toBe(true);
  }
  for (const dest of [undefined, "worker", "sharedworker", "serviceworker", "document", "iframe", "empty"])
    expect(hasPolicy(file, dest)).toBe(true);
  const part = answered({ url: file, dest: "script" });
  expect(part.getHeader("x-content-type-options")).toBe("nosniff");
  expect(part.getHeader("cross-origin-resource-policy")).toBe("same-origin");
  expect(part.hasHeader("strict-transport-security")).toBe(true);
});

test("a worker may compile WebAssembly, and nothing else may", () => {
  const scripts = (dest?: string) =>
    /script-src ([^;]*)/.exec(
      String(
        answered({ url: "/_next/static/chunks/one.js", ...(dest ? { dest } : {}) }).getHeader(
          "content-security-policy",
        ),
      ),
    )?.[1];
  expect(scripts("worker")).toMatch(/^'nonce-[^']+' 'strict-dynamic' 'wasm-unsafe-eval'$/);
  for (const dest of [undefined, "document", "iframe", "empty", "sharedworker", "serviceworker"])
    expect(scripts(dest)).toMatch(/^'nonce-[^']+' 'strict-dynamic'$/);
});
