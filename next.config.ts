import type { NextConfig } from "next";

/** Next renders, nothing more: the custom server answers /api and owns headers and upgrades. */
const config: NextConfig = {
  poweredByHeader: false,
  compress: true,
  reactStrictMode: true,
  images: { unoptimized: true },
  devIndicators: false,
  typescript: { ignoreBuildErrors: true },
};

export default config;
