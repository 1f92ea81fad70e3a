"use client";

import { ThemeProvider as NextThemes, useTheme } from "next-themes";
import type { ReactNode } from "react";

export { useTheme };

declare global {
  /** Where libraries that set a style of their own look for the page's nonce. */
  var __webpack_nonce__: string | undefined;
}

/** Light, dark or as the system says; `nonce` is what the page's security policy asks of the one small script it sets. */
export function ThemeProvider({ nonce, children }: { nonce?: string | undefined; children: ReactNode }) {
  // The page's first nonce is the one its policy names, however often the layout is rendered again.
  if (typeof window !== "undefined") globalThis.__webpack_nonce__ ??= nonce;
  return (
    <NextThemes
      attribute="class"
      defaultTheme="system"
      enableSystem
      enableColorScheme={false}
      disableTransitionOnChange
      storageKey="assent-theme"
      {...(nonce ? { nonce } : {})}
    >
      {children}
    </NextThemes>
  );
}
