"use client";

import { Alert } from "@/components/ui/alert.tsx";
import { PATIENT } from "@/lib/keyring/owners.ts";
import { KitDialog } from "./kit-dialog.tsx";
import { rememberKitSaved } from "./kit-saved.ts";
import { useWords } from "./use-words.ts";

/** The kit of the ring that this browser keeps for its patient. */
export function PatientKit({ onClose }: { onClose: () => void }) {
  const words = useWords(PATIENT);
  return (
    <KitDialog
      calm
      opens="records"
      words={words}
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
