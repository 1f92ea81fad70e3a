"use client";

import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import type { Restored } from "@/lib/keyring/rings.ts";
import { rememberKitSaved } from "./kit-saved.ts";
import { WordsForm } from "./words-form.tsx";

interface OpenRecordsProps {
  /**
   * Takes the kit when it is this visit's; `in-the-way` when this browser keeps another, which gives its place only when
   * `replacing`.
   */
  restore: (words: readonly string[], replacing: boolean) => Promise<Restored>;
  onOpened: () => void;
}

/** Where a patient's browser has lost the key of a visit: the twelve words bring it back. Nothing is sent. */
export function OpenRecords({ restore, onOpened }: OpenRecordsProps) {
  const [asking, setAsking] = useState<readonly string[] | null>(null);

  const open = async (words: readonly string[], replacing: boolean) => {
    const restored = await restore(words, replacing);
    if (restored === "another") {
      return {
        title: "These words open another key",
        says: "They are a good recovery kit, but not the one of this visit. Look for the page you made in this browser.",
      };
    }
    if (restored === "in-the-way") {
      setAsking(words);
      return null;
    }
    rememberKitSaved();
    onOpened();
    return null;
  };

  return (
    <>
      <h1 className="text-calm-title font-bold lg:text-[2.25rem]">Open your records on this device</h1>
      <p className="mt-2 mb-6 text-muted-foreground">
        This browser forgot its key to your visit. Type the twelve words of your recovery kit, in their order. We check
        each one as you type; nothing is sent.
      </p>
      <WordsForm calm action="Open my records" onWords={(words) => open(words, false)} />
      <section aria-labelledby="no-words" className="mt-8">
        <h2 id="no-words" className="font-semibold">
          I don’t have the words
        </h2>
        <p className="mt-1 text-calm-small text-muted-foreground">
          Ask the practice for a new link, and open it here: it is a new visit. What was recorded in this one then stays
          closed to you, and we can’t open it either; your doctor still can.
        </p>
      </section>
      {asking ? (
        <Dialog open onOpenChange={(stays) => stays || setAsking(null)}>
          <DialogContent
            title="This browser keeps another key"
            description="It belongs to other visits that were opened here. There is room for one. If yours takes its place, the records of those visits open here only with their own recovery kit."
            className="text-calm"
          >
            <Button variant="danger" size="calm" onClick={() => void open(asking, true)}>
              Replace the other key
            </Button>
            <Button variant="outline" size="calm" onClick={() => setAsking(null)}>
              Keep the other key
            </Button>
          </DialogContent>
        </Dialog>
      ) : null}
    </>
  );
}
