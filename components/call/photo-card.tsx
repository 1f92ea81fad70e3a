"use client";

import { Camera } from "lucide-react";
import { useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Twins } from "@/components/ui/twins.tsx";
import type { Call } from "@/lib/call/call-view.browser.ts";
import type { Media } from "@/lib/call/media.browser.ts";

/** The doctor asks for a photograph; it is taken here, by the patient's own camera, after the patient's own tap. */
export function PhotoCard({
  call,
  media,
  name,
  onDone,
}: {
  call: Call;
  media: Media;
  name: string;
  onDone: () => void;
}) {
  const [busy, setBusy] = useState(false);
  const [failed, setFailed] = useState(false);
  const answer = (photo: File | null) => {
    call.answerPhoto(photo);
    onDone();
  };
  const take = async () => {
    setBusy(true);
    setFailed(false);
    try {
      answer(await media.photo());
    } catch {
      setFailed(true);
      setBusy(false);
    }
  };
  return (
    <section
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="A photo"
      className="min-h-0 grow overflow-auto p-[min(1.25rem,5vw)] text-calm"
    >
      <Camera aria-hidden="true" className="size-9 text-primary" />
      <h3 className="mt-2 text-lead font-semibold">{name} asks for a photo</h3>
      <p className="mt-2">
        Your own camera takes it when you tap, sharper than the video. Point it at what {name} wants to see first.
      </p>
      <p className="mt-2 text-calm-small text-muted-foreground">
        It is shared as a file: only you and {name} can open it, and it is recorded that it was shared.
      </p>
      {failed ? (
        <Alert calm tone="warning" className="mt-4" title="The camera took no photo">
          It may be off or used by another program. Please try again.
        </Alert>
      ) : null}
      <Twins
        className="mt-5"
        no="Don’t take it"
        yes={busy ? "Taking it" : "Take the photo"}
        disabled={busy}
        onNo={() => answer(null)}
        onYes={() => void take()}
      />
    </section>
  );
}
