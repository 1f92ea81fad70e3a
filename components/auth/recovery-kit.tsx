"use client";

import { rememberKitSaved } from "@/components/keyring/kit-saved.ts";
import { useWords } from "@/components/keyring/use-words.ts";
import { Alert } from "@/components/ui/alert";
import { fetched } from "@/components/ui/fetched.tsx";
import { toast } from "@/components/ui/toaster";
import { useMe } from "./staff.tsx";
import { ownerOf } from "./staff-keys.ts";

const KitDialog = fetched(() => import("@/components/keyring/kit-dialog.tsx").then((file) => file.KitDialog));

interface RecoveryKitDialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  onSaved?: () => void;
}

/** The kit of the signed-in person's key. */
export function RecoveryKitDialog(props: RecoveryKitDialogProps) {
  return props.open ? <StaffKit {...props} /> : null;
}

function StaffKit({ onOpenChange, onSaved }: RecoveryKitDialogProps) {
  const me = useMe();
  const words = useWords(ownerOf(me));
  return (
    <KitDialog
      opens="visits"
      words={words}
      missing={
        <Alert tone="warning" title="Your recovery kit is not open in this browser">
          Open it under Visits first, or make the kit on the device that has it.
        </Alert>
      }
      onSaved={() => {
        rememberKitSaved(me.id);
        onSaved?.();
        onOpenChange(false);
        toast("Recovery kit saved");
      }}
      onClose={() => onOpenChange(false)}
    />
  );
}
