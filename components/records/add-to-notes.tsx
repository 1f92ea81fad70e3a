"use client";

import { Check, NotebookPen } from "lucide-react";
import { useState } from "react";
import { usePersonKeys } from "@/components/auth/staff.tsx";
import { Button } from "@/components/ui/button.tsx";
import { noteBookOf } from "./note-book.ts";

/** The doctor notes that they looked at this, without leaving it. */
export function AddToNotes({ visitId, line }: { visitId: string; line: string }) {
  const book = noteBookOf(visitId, usePersonKeys());
  const [state, setState] = useState<"open" | "busy" | "added" | "failed">("open");
  const add = async () => {
    setState("busy");
    setState((await book.add(line)) ? "added" : "failed");
  };
  return (
    <>
      <Button
        variant="outline"
        className="min-h-11"
        busy={state === "busy"}
        disabled={state === "added"}
        onClick={() => void add()}
      >
        {state === "added" ? <Check aria-hidden="true" /> : <NotebookPen aria-hidden="true" />}
        {state === "added" ? "In your notes" : "Add to notes"}
      </Button>
      <p role="status" className="basis-full text-table text-muted-foreground empty:hidden">
        {state === "failed"
          ? "Nothing was added: your notes could not be opened, are full, or were changed on another page."
          : null}
      </p>
    </>
  );
}
