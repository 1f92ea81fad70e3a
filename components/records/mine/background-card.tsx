"use client";

import { type FormEvent, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import type { Background } from "@/lib/records/background.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { BackgroundFields } from "../background-fields.tsx";
import { saveBackground } from "./own-folder.ts";

type Saving = "idle" | "saving" | "saved" | { fault: unknown };

/** What the patient notes for their doctors. It is in their own folder, and is shown before a visit where they choose to. */
export function BackgroundCard({ kept }: { kept: Background }) {
  const [noted, setNoted] = useState(kept);
  const [saving, setSaving] = useState<Saving>("idle");
  const save = async (event: FormEvent) => {
    event.preventDefault();
    if (saving === "saving") return;
    setSaving("saving");
    try {
      await saveBackground(noted);
      setSaving("saved");
    } catch (fault) {
      setSaving({ fault });
    }
  };
  return (
    <Card calm aria-labelledby="background">
      <h2 id="background" className="text-lead font-semibold">
        Before something is prescribed
      </h2>
      <p className="text-calm-small text-muted-foreground">
        Note it once. Only you can read it here; in the waiting room you can show it to your doctor.
      </p>
      <form className="mt-4 grid gap-4" onSubmit={save}>
        <BackgroundFields
          value={noted}
          onChange={(value) => {
            setNoted(value);
            setSaving("idle");
          }}
        />
        {typeof saving === "object" ? (
          <Alert calm tone="danger" role="alert" title="Not saved">
            {wordsFor(saving.fault)} What you wrote is still here.
          </Alert>
        ) : null}
        <div className="flex flex-wrap items-center gap-4">
          <Button type="submit" size="calm" variant="outline" busy={saving === "saving"}>
            Save
          </Button>
          <p role="status" className="text-calm-small">
            {saving === "saved" ? "Saved." : ""}
          </p>
        </div>
      </form>
    </Card>
  );
}
