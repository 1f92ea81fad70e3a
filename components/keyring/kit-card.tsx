"use client";

import { CircleCheck, KeyRound } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { fetched } from "@/components/ui/fetched.tsx";
import { useKitSaved } from "./kit-saved.ts";

const PatientKit = fetched(() => import("./patient-kit.tsx").then((file) => file.PatientKit));

/** Marigold until the kit is saved: it is the patient's turn. */
export function KitCard() {
  const saved = useKitSaved();
  const [open, setOpen] = useState(false);
  return (
    <>
      {saved ? (
        <Card calm aria-labelledby="kit">
          <h2 id="kit" className="flex items-center gap-2 text-calm font-semibold">
            <CircleCheck aria-hidden="true" className="size-6 shrink-0 text-success" />
            Recovery kit saved
          </h2>
          <p className="text-calm-small text-muted-foreground">
            Keep the words where you keep your passport. They are for all visits on this device.
          </p>
          <Button variant="outline" size="calm" className="mt-4 w-full" onClick={() => setOpen(true)}>
            Show the words again
          </Button>
        </Card>
      ) : (
        <section aria-labelledby="kit" className="rounded-2xl bg-attention p-5 text-attention-foreground sm:p-6">
          <h2 id="kit" className="text-lead font-semibold">
            Keep the key to your records
          </h2>
          <p className="mt-1">
            Only this browser can open them now. If it loses its key, the recovery kit is the only way back to them.
          </p>
          <Button
            size="calm"
            className="mt-4 w-full bg-foreground text-background hover:bg-foreground/90 dark:bg-background dark:text-foreground dark:hover:bg-background/90"
            onClick={() => setOpen(true)}
          >
            <KeyRound aria-hidden="true" />
            Save recovery kit
          </Button>
        </section>
      )}
      {open && <PatientKit onClose={() => setOpen(false)} />}
    </>
  );
}
