"use client";

import { useEffect, useState } from "react";
import { isPlainFile } from "@/lib/records/plain-file.browser.ts";

/** Whether what is here tells nothing of place and device. Found out here, whoever sent it; undefined while that is so, and for what is no picture. */
export function usePlain(file: Blob | undefined, type: string): boolean | undefined {
  const [plain, setPlain] = useState<boolean>();
  useEffect(() => {
    let gone = false;
    setPlain(undefined);
    if (file)
      isPlainFile(file, type).then(
        (found) => gone || setPlain(found),
        () => {}, // it can't be read: nothing is said of it
      );
    return () => {
      gone = true;
    };
  }, [file, type]);
  return plain;
}

export const plainWords = {
  plain: "Place and device removed before sending",
  told: "Place and device not removed",
} as const;
