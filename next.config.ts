import type { NextConfig } from "next";

/** Next renders, nothing more: the custom server answers /api and owns headers and upgrades. */
const config: NextConfig = {
  poweredByHeader: false,
  compress: true,
  reactStrictMode: true,
  images: { unoptimized: true },
  devIndicators: false,
  // simple-peer is written for Node's streams and bytes, of which it uses next to nothing, and tells a console what it does.
  turbopack: {
    resolveAlias: {
      "readable-stream": "./lib/call/duplex.browser.ts",
      buffer: "./lib/call/buffer.browser.ts",
      randombytes: "./lib/call/random.browser.cjs",
      debug: "./lib/call/silent.browser.cjs",
      // Made by the build, see server/setup/schemas.mjs.
      ...(process.env.NODE_ENV === "production" ? { "zod/mini": "./dist/zod-mini.js" } : {}),
    },
  },
  typescript: { ignoreBuildErrors: true },
};

export default config;
