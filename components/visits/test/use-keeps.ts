"use client";

import { useEffect, useState } from "react";

const TRIAL = "assent-trial";

/** Whether this browser keeps what a page gives it: undefined until it answered. What was written is gone at once. */
export function useKeeps(): boolean | undefined {
  const [keeps, setKeeps] = useState<boolean>();
  useEffect(() => {
    try {
      const asked = indexedDB.open(TRIAL);
      asked.onerror = () => setKeeps(false);
      asked.onsuccess = () => {
        asked.result.close();
        indexedDB.deleteDatabase(TRIAL);
        setKeeps(true);
      };
    } catch {
      setKeeps(false);
    }
  }, []);
  return keeps;
}
