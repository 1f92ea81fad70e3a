"use client";

import { useEffect, useState } from "react";
import { askRings } from "@/lib/keyring/ring.browser.ts";

/** The twelve words of a ring in this browser: undefined while they are made, null where there is none. */
export function useWords(owner: string): readonly string[] | null | undefined {
  const [words, setWords] = useState<readonly string[] | null>();
  useEffect(() => {
    let here = true;
    askRings((rings) => rings.words(owner)).then(
      (found) => here && setWords(found),
      () => here && setWords(null),
    );
    return () => {
      here = false;
    };
  }, [owner]);
  return words;
}
