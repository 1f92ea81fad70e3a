"use client";

import { useEffect, useId, useSyncExternalStore } from "react";
import { usePersonKeys } from "@/components/auth/staff.tsx";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Loading } from "@/components/ui/skeleton.tsx";
import { clock } from "@/components/ui/times.ts";
import { LONGEST_NOTES } from "@/lib/records/notes.ts";
import { RolledBack } from "@/lib/records/seal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { type NotesView, noteBookOf } from "./note-book.ts";
import { OlderVersion } from "./older-version.tsx";

/** The doctor's own notes, beside the picture and after it. They save themselves. */
export function NotesPanel({ visitId, className }: { visitId: string; className?: string }) {
  const book = noteBookOf(visitId, usePersonKeys());
  const view = useSyncExternalStore(book.subscribe, book.getSnapshot, book.getSnapshot);
  const id = useId();
  useEffect(() => {
    void book.open();
    const leaving = () => void book.flush();
    document.addEventListener("visibilitychange", leaving);
    return () => {
      document.removeEventListener("visibilitychange", leaving);
      leaving();
    };
  }, [book]);

  if (view.state === "reading") return <Loading label="Opening your notes" className="p-4" />;
  if (view.state === "unread") {
    if (view.fault instanceof RolledBack)
      return <OlderVersion what="your notes" className="m-4" onUse={() => void book.takeOlder()} />;
    return view.fault ? (
      <Alert tone="warning" className="m-4" title="Your notes could not be opened">
        <p>{wordsFor(view.fault)}</p>
        <Button variant="outline" className="mt-3" onClick={() => void book.open()}>
          Try again
        </Button>
      </Alert>
    ) : null;
  }
  return (
    <div className={cn("flex min-h-0 grow flex-col gap-2 p-4", className)}>
      {view.state === "elsewhere" ? (
        <Alert tone="warning" title="These notes were changed on another page">
          <p>What you wrote here is not saved yet. Which of the two shall stay?</p>
          <div className="mt-3 flex flex-wrap gap-2">
            <Button variant="outline" onClick={() => book.settle("other")}>
              The other page’s
            </Button>
            <Button variant="outline" onClick={() => book.settle("mine")}>
              What I wrote here
            </Button>
          </div>
        </Alert>
      ) : null}
      <label htmlFor={id} className="sr-only">
        Notes
      </label>
      <textarea
        id={id}
        value={view.text}
        maxLength={LONGEST_NOTES}
        aria-describedby={`${id}-who`}
        placeholder="Write what you want to remember of this visit"
        className="min-h-40 w-full grow resize-none rounded-md border border-input bg-card px-3.5 py-2.5 text-body text-foreground placeholder:text-muted-foreground"
        onChange={(event) => book.write(event.target.value)}
        onBlur={() => void book.flush()}
      />
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1 text-small text-muted-foreground">
        <p id={`${id}-who`}>Only you can read these. They stay with the visit.</p>
        <p role="status">{stateWords(view)}</p>
      </div>
    </div>
  );
}

function stateWords({ state, savedAt, fault }: NotesView): string {
  if (state === "failed") return `Not saved yet. ${wordsFor(fault)}`;
  if (state === "unsaved" || state === "saving" || state === "elsewhere") return "Not saved yet";
  return savedAt ? `Saved, ${clock(new Date(savedAt))}` : "Nothing written yet";
}
