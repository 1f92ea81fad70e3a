"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { fetched } from "@/components/ui/fetched.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { JoinView } from "@/lib/visits/api.ts";

const ShowBackground = fetched(
  () => import("@/components/records/show-background.tsx").then((file) => file.ShowBackground),
  () => <Loading label="Opening what you noted" className="mt-3" />,
);

/** An offer to who waits: nothing of it is fetched before it is taken up. */
export function ForTheDoctor({ join, keys, doctor }: { join: JoinView; keys: Keys; doctor: string }) {
  const [open, setOpen] = useState(false);
  return (
    <section className="mt-4 rounded-xl border bg-card p-4 text-calm-small" aria-labelledby="for-the-doctor">
      <h2 id="for-the-doctor" className="text-calm font-semibold">
        Allergies, or medicines you take?
      </h2>
      <p className="text-muted-foreground">
        You can show them to {doctor} before anything is prescribed. Nobody else reads it.
      </p>
      {open ? (
        <ShowBackground visitId={join.id} keys={keys} doctor={doctor} recipient={join.clinician.key.recipient} />
      ) : (
        <Button variant="outline" size="calm" className="mt-3 w-full text-calm-small" onClick={() => setOpen(true)}>
          Note them
        </Button>
      )}
    </section>
  );
}
