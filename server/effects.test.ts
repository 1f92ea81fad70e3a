import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { answerEffects } from "./effects.ts";

let server: Server;
let origin: string;
beforeAll(async () => {
  server = createServer((request, response) => {
    if (!answerEffects(request.url!, response, [origin, "https://clinic.test"])) response.writeHead(404).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => server.close());

test("the blur's worker, program and model come from us, and only that worker may compile", async () => {
  for (const name of [
    "twilio-gaussian-blur-background-processor-pipeline-worker.js",
    "tflite-simd-1-0-0.js",
    "tflite-simd-1-0-0.wasm",
    "selfie_segmentation_landscape.tflite",
  ]) {
    const answer = await fetch(`${origin}/effects/background/${name}`);
    expect(answer.status).toBe(200);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(10_000);
    expect(answer.headers.get("content-security-policy")).not.toContain("unsafe-inline");
  }
});

test("the blur's worker reaches its own files and nothing else of ours", async () => {
  const answer = await fetch(`${origin}/effects/background/tflite-1-0-0.js`);
  const places = `${origin}/effects/background/ https://clinic.test/effects/background/`;
  expect(answer.headers.get("content-security-policy")).toBe(
    `default-src 'none'; script-src ${places} 'wasm-unsafe-eval'; connect-src ${places}`,
  );
});

test("what draws PDFs comes from us with the fonts and letters it asks for, and reaches nothing else of ours", async () => {
  const place = (origin: string) => `${origin}/effects/pdf/`;
  for (const [name, type] of [
    ["build/pdf.worker.min.mjs", "text/javascript"],
    ["build/pdf.renderer.min.mjs", "text/javascript"],
    ["wasm/openjpeg.wasm", "application/wasm"],
    ["cmaps/UniGB-UCS2-H.bcmap", "application/octet-stream"],
    ["standard_fonts/FoxitFixed.pfb", "application/octet-stream"],
  ] as const) {
    const answer = await fetch(place(origin) + name);
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    const ours = `${place(origin)} ${place("https://clinic.test")}`;
    expect(answer.headers.get("content-security-policy")).toBe(
      `default-src 'none'; script-src ${ours} 'wasm-unsafe-eval'; connect-src ${ours}`,
    );
  }
});

test.each([
  "package.json",
  "build/pdf.sandbox.min.mjs",
  "wasm/quickjs-eval.wasm",
  "cmaps/../package.json",
  "cmaps/",
  "web",
])("%s of it is not there", async (name) => {
  expect((await fetch(`${origin}/effects/pdf/${name.replace("..", "%2e%2e")}`)).status).toBe(404);
});

test.each(["package.json", "../../package.json", "%2e%2e/index.js", "", "constructor", "tflite-1-0-0.js/x"])(
  "%s is not there",
  async (name) => {
    expect((await fetch(`${origin}/effects/background/${name}`)).status).toBe(404);
  },
);
