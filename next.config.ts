import type { NextConfig } from "next";

/** Next renders, nothing more: the custom server answers /api and owns headers, upgrades and compression. */
const config: NextConfig = {
  distDir: process.env.NEXT_DIST_DIR ?? ".next",
  poweredByHeader: false,
  compress: false,
  reactStrictMode: true,
  images: { unoptimized: true },
  devIndicators: false,
  typescript: { ignoreBuildErrors: true },
};

export default config;
