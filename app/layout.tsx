import type { Metadata, Viewport } from "next";
import { headers } from "next/headers";
import type { ReactNode } from "react";
import { icon } from "@/components/ui/icon.ts";
import { ThemeProvider } from "@/components/ui/theme";
import "./globals.css";

export const metadata: Metadata = {
  title: { default: "Assent", template: "%s · Assent" },
  description: "A video visit that waits for the patient’s yes.",
  applicationName: "Assent",
  icons: { icon },
  robots: { index: false, follow: false },
  formatDetection: { telephone: false, email: false, address: false },
};

export const viewport: Viewport = {
  width: "device-width",
  initialScale: 1,
  // Up to the edges of a phone, and a keyboard makes the page smaller instead of hiding what one writes in.
  viewportFit: "cover",
  interactiveWidget: "resizes-content",
  themeColor: [
    { media: "(prefers-color-scheme: light)", color: "#f5fbfb" },
    { media: "(prefers-color-scheme: dark)", color: "#09171d" },
  ],
};

/** Reading the nonce makes every page be rendered when it is asked for, as a policy with a nonce needs. */
export default async function RootLayout({ children }: { children: ReactNode }) {
  const nonce = (await headers()).get("x-nonce") ?? undefined;
  return (
    <html lang="en" suppressHydrationWarning>
      <body className="min-h-dvh bg-background text-foreground">
        <ThemeProvider nonce={nonce}>{children}</ThemeProvider>
      </body>
    </html>
  );
}
