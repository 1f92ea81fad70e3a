"use client";

import { useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { loadSeed } from "@/lib/keyring/vault.browser.ts";
import { KitDialog } from "./kit-dialog.tsx";
import { rememberKitSaved } from "./kit-saved.ts";

/** The kit of the seed this browser keeps for its patient. */
export function PatientKit({ onClose }: { onClose: () => void }) {
  const [seed, setSeed] = useState<Uint8Array | null>();
  useEffect(() => {
    let here = true;
    loadSeed("patient")
      .then((found) => here && setSeed(found))
      .catch(() => here && setSeed(null));
    return () => {
      here = false;
    };
  }, []);
  return (
    <KitDialog
      calm
      opens="records"
      seed={seed}
      missing={
        <Alert calm tone="warning" title="There is nothing to save in this browser">
          It keeps no data, so these records can be read only until you close this page. Save what you need now.
        </Alert>
      }
      onSaved={() => {
        rememberKitSaved();
        onClose();
      }}
      onClose={onClose}
    />
  );
}
