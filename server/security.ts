import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";

/** Headers from outside that Next would believe. */
const believed = /^(x-middleware-|x-nextjs-|next-|x-nonce$|x-invoke-|content-security-policy)/i;

/** What a page fetches as one of these obeys the page's policy, and has no use for one of its own, which is longer than most. A worker has no page. */
const partsOfPages = new Set(["script", "style", "font"]);

/** Every response, errors included. Next reads the nonce for its own scripts from the request's policy header. */
export function secure(
  request: IncomingMessage,
  response: ServerResponse,
  options: { dev: boolean; https: boolean; anyNode: boolean },
): void {
  const flight: Record<string, string | string[] | undefined> = {};
  for (const name of Object.keys(request.headers)) {
    // In development Next's own pages speak to it through these; there is no stranger to believe.
    if (!believed.test(name) || (options.dev && name.startsWith("x-nextjs-"))) continue;
    // The router's own prefetch headers are harmless without middleware, and navigation needs them.
    if (
      name === "next-router-state-tree" ||
      name === "next-router-prefetch" ||
      name === "next-router-segment-prefetch" ||
      name === "next-url"
    )
      flight[name] = request.headers[name];
    delete request.headers[name];
  }
  Object.assign(request.headers, flight);
  const nonce = randomBytes(16).toString("base64");
  const policy = contentPolicy(nonce, { ...options, worker: request.headers["sec-fetch-dest"] === "worker" });
  request.headers["content-security-policy"] = policy;
  request.headers["x-nonce"] = nonce;
  const headers: Record<string, string> = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
  };
  const isPart =
    request.url?.startsWith("/_next/static/") && partsOfPages.has(String(request.headers["sec-fetch-dest"]));
  if (!isPart) {
    headers["content-security-policy"] = policy;
    headers["cross-origin-opener-policy"] = "same-origin";
    headers["permissions-policy"] =
      "camera=(self), microphone=(self), display-capture=(self), fullscreen=(self), geolocation=(), payment=(), usb=()";
  }
  if (options.https) headers["strict-transport-security"] = "max-age=63072000; includeSubDomains";
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}

function contentPolicy(nonce: string, about: { dev: boolean; anyNode: boolean; worker: boolean }): string {
  const { dev, anyNode, worker } = about;
  // Hashing a file takes WebAssembly. A worker sees no page; one that stands in a page has no need of it.
  const compiles = dev ? " 'unsafe-eval'" : worker ? " 'wasm-unsafe-eval'" : "";
  const rules = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}' 'strict-dynamic'${compiles}`,
    `style-src 'self' ${dev ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
    // Attributes only: positions that libraries compute. They can neither load nor run anything.
    "style-src-attr 'unsafe-inline'",
    "img-src 'self' blob: data:",
    "media-src 'self' blob:",
    "font-src 'self'",
    // On a ledger that others run too, a person may look through a node of their own choosing.
    `connect-src 'self'${anyNode ? " https: http://localhost:* http://127.0.0.1:*" : ""}`,
    "worker-src 'self' blob:",
    "manifest-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "object-src 'none'",
    "frame-ancestors 'none'",
  ];
  return rules.join("; ");
}
