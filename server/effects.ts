import { createReadStream } from "node:fs";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream";

const folder = join(
  dirname(createRequire(import.meta.url).resolve("@twilio/video-processors/package.json")),
  "dist/build",
);
const PLACE = "/effects/background/";
const types = {
  "twilio-gaussian-blur-background-processor-pipeline-worker.js": "text/javascript",
  "tflite-1-0-0.js": "text/javascript",
  "tflite-1-0-0.wasm": "application/wasm",
  "tflite-simd-1-0-0.js": "text/javascript",
  "tflite-simd-1-0-0.wasm": "application/wasm",
  "selfie_segmentation_landscape.tflite": "application/octet-stream",
} as const;

/**
 * The background blur's worker, its program and its model, from the package that has them: no other host is asked. Only
 * the worker may compile WebAssembly; it has no page, and reaches nothing but these files at the `origins` that are ours. False for every other address.
 */
export function answerEffects(url: string, response: ServerResponse, origins: readonly string[]): boolean {
  const path = url.split("?", 1)[0] ?? "";
  const name = path.startsWith(PLACE) ? path.slice(PLACE.length) : "";
  if (!Object.hasOwn(types, name)) return false;
  response.setHeader("content-type", types[name as keyof typeof types]);
  response.setHeader("cache-control", "public, max-age=604800");
  const files = origins.map((origin) => origin + PLACE).join(" ");
  response.setHeader(
    "content-security-policy",
    `default-src 'none'; script-src ${files} 'wasm-unsafe-eval'; connect-src ${files}`,
  );
  pipeline(createReadStream(join(folder, name)), response, () => {});
  return true;
}
