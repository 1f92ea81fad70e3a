"use client";

import { useState } from "react";
import { forgetKitSaved, rememberKitSaved } from "@/components/keyring/kit-saved.ts";
import { WordsForm } from "@/components/keyring/words-form.tsx";
import { Button } from "@/components/ui/button.tsx";
import type { Staff } from "@/lib/auth/person.ts";
import { restoreKit, startAnew } from "./staff-keys.ts";

/** Where a browser has nothing of the person: the twelve words bring what they read with, checked against what vouched for their keys. Nothing is sent. */
export function OpenKey({ staff, person, onOpened }: { staff: Staff; person: string; onOpened: () => void }) {
  const [busy, setBusy] = useState(false);
  const anew = async () => {
    setBusy(true);
    await startAnew(staff).catch(() => {});
    forgetKitSaved(staff.id);
    setBusy(false);
    onOpened();
  };
  const open = async (words: readonly string[]) => {
    try {
      if (!(await restoreKit(staff, person, words))) {
        return {
          title: "These words are another kit",
          says: `They are a good recovery kit, but not the one of ${staff.name}. Look for the page you made for this account.`,
        };
      }
      rememberKitSaved(staff.id);
      onOpened();
      return null;
    } catch {
      return {
        title: "This browser didn’t keep it",
        says: "A private window or a full disk can be the reason. Nothing was sent and nothing is lost.",
      };
    }
  };

  return (
    <div className="max-w-[48rem] text-calm">
      <h1 className="text-calm-title font-bold">Open your recovery kit on this device</h1>
      <p className="mt-2 mb-6 text-muted-foreground">
        This browser doesn’t know you yet. Type the twelve words of your recovery kit, in their order. We check each one
        as you type; nothing is sent. Then this device gets a signing key of its own.
      </p>
      <WordsForm calm action="Open my kit" onWords={open} />
      <details className="mt-5 rounded-xl border bg-card px-4 py-2">
        <summary className="min-h-11 cursor-pointer content-center font-semibold">I don’t have the words</summary>
        <div className="pb-3 text-calm-small text-muted-foreground">
          <p>
            If you still have a device of yours that was enrolled, sign in there and choose “Save recovery kit” under
            your name. Without the words and without such a device nobody can open what was sealed to you, not even us;
            what was recorded stays provable.
          </p>
          <p className="mt-2">
            You can go on with a new kit. The practice then sees that it is another one, and earlier visits stay closed.
          </p>
          <Button variant="outline" className="mt-3 min-h-11" busy={busy} onClick={anew}>
            Go on with a new kit
          </Button>
        </div>
      </details>
    </div>
  );
}
