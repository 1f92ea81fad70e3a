"use client";

import { ScanCode } from "@/components/ui/scan-code.tsx";
import { kitFrom } from "./kit-code.ts";
import type { KitFault } from "./words-fault.ts";

interface ScanKitProps {
  /** Takes a good kit; resolves to what speaks against it, or null. */
  onWords: (words: readonly string[]) => Promise<KitFault | null>;
  onClose: () => void;
}

/** The camera looks for the QR code of a printed kit. */
export function ScanKit({ onWords, onClose }: ScanKitProps) {
  return (
    <ScanCode
      title="Scan your recovery kit"
      read={kitFrom}
      onFound={onWords}
      instead="type the twelve words instead"
      onClose={onClose}
    />
  );
}
