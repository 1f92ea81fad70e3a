"use client";

import { ThemeProvider as NextThemes, useTheme } from "next-themes";
import type { ReactNode } from "react";

export { useTheme };

/** Light, dark or as the system says; `nonce` is what the page's security policy asks of the one small script it sets. */
export function ThemeProvider({ nonce, children }: { nonce?: string | undefined; children: ReactNode }) {
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
