import { createReadStream, readdirSync } from "node:fs";
import type { ServerResponse } from "node:http";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { pipeline } from "node:stream";

const types = {
  js: "text/javascript",
  mjs: "text/javascript",
  wasm: "application/wasm",
  tflite: "application/octet-stream",
  bcmap: "application/octet-stream",
  icc: "application/octet-stream",
  pfb: "application/octet-stream",
  ttf: "application/octet-stream",
};

/** The program that draws PDFs, and what it fetches: fonts and letters of other scripts that a PDF need not bring, and codecs of scans. */
const pdfjs = folderOf("pdfjs-dist");
const pdfFiles = [
  "build/pdf.worker.min.mjs",
  "build/pdf.renderer.min.mjs",
  ...["jbig2.wasm", "openjpeg.wasm", "qcms_bg.wasm"].map((name) => `wasm/${name}`),
  ...["cmaps", "iccs", "standard_fonts"].flatMap((folder) =>
    readdirSync(join(pdfjs, folder)).map((name) => `${folder}/${name}`),
  ),
];

/** Under which address which files of a package are: these, by their whole names, and no others. */
const places = [
  {
    at: "/effects/background/",
    folder: join(folderOf("@twilio/video-processors"), "dist/build"),
    names: new Set([
      "twilio-gaussian-blur-background-processor-pipeline-worker.js",
      "tflite-1-0-0.js",
      "tflite-1-0-0.wasm",
      "tflite-simd-1-0-0.js",
      "tflite-simd-1-0-0.wasm",
      "selfie_segmentation_landscape.tflite",
    ]),
  },
  { at: "/effects/pdf/", folder: pdfjs, names: new Set(pdfFiles.filter((name) => typeOf(name))) },
];

/**
 * What a worker needs that is not ours, from the package that has it: no other host is asked. Such a worker may compile
 * WebAssembly; it has no page, and reaches nothing but its own files at the `origins` that are ours. False for every other address.
 */
export function answerEffects(url: string, response: ServerResponse, origins: readonly string[]): boolean {
  const path = url.split("?", 1)[0] ?? "";
  const place = places.find(({ at, names }) => path.startsWith(at) && names.has(path.slice(at.length)));
  if (!place) return false;
  const name = path.slice(place.at.length);
  response.setHeader("content-type", typeOf(name)!);
  response.setHeader("cache-control", "public, max-age=604800");
  const files = origins.map((origin) => origin + place.at).join(" ");
  response.setHeader(
    "content-security-policy",
    `default-src 'none'; script-src ${files} 'wasm-unsafe-eval'; connect-src ${files}`,
  );
  pipeline(createReadStream(join(place.folder, name)), response, () => {});
  return true;
}

function folderOf(name: string): string {
  return dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
}

function typeOf(name: string): string | undefined {
  const ending = name.slice(name.lastIndexOf(".") + 1);
  return Object.hasOwn(types, ending) ? types[ending as keyof typeof types] : undefined;
}
