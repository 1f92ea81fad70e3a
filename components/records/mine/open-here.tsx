"use client";

import { BringOver } from "@/components/keyring/bring-over.tsx";
import { rememberKitSaved } from "@/components/keyring/kit-saved.ts";
import { bringByPasskey } from "@/components/keyring/passkey-ways.ts";
import type { KitFault } from "@/components/keyring/words-fault.ts";
import { PATIENT } from "@/lib/keyring/owners.ts";
import { askRings } from "@/lib/keyring/ring.browser.ts";
import { FOLDER, readFolder } from "@/lib/records/folder.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";

/** A device that has no key of a patient, or one that can't be opened. */
export function OpenHere({ onOpened, onBack }: { onOpened: () => void; onBack?: () => void }) {
  const byWords = async (words: readonly string[]): Promise<KitFault | null> => {
    try {
      // Before anything here gives way to them.
      const opening = await askRings((rings) => rings.openingBy(words, "folder", FOLDER));
      const { folder } = await ask(readFolder, opening);
      if (!folder) {
        return {
          title: "These words open no records here",
          says: "They are a good recovery kit, but not of records at this practice. Nothing on this device was changed.",
        };
      }
    } catch (fault) {
      return { title: "We couldn’t look for your records", says: wordsFor(fault) };
    }
    try {
      await askRings((rings) => rings.restore(PATIENT, words, null, true));
    } catch {
      return {
        title: "This browser didn’t keep the key",
        says: "A private window or a full disk can be the reason. Nothing was sent and nothing is lost.",
      };
    }
    rememberKitSaved();
    onOpened();
    return null;
  };
  const byPasskey = async () => {
    await bringByPasskey(PATIENT, null);
    onOpened();
    return null;
  };
  return (
    <BringOver
      title="Open your records on this device"
      text={
        onBack
          ? "What you have elsewhere opens them here too."
          : "This device doesn’t have your key yet. Bring it over with your recovery kit."
      }
      action="Open my records"
      other={{
        title: "You still have the old phone",
        text: "Open My records there, choose Save recovery kit, and show its QR code.",
      }}
      none={
        <p>
          Then nobody can open what was sealed for you, not even the practice’s server: that is how it stays yours. Your
          doctor can still open what you both share; ask the practice for a copy. Your next visit begins with a new key.
        </p>
      }
      onWords={byWords}
      onPasskey={byPasskey}
      onBack={onBack}
    />
  );
}
