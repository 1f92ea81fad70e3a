"use client";

import { useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { focusFirstWrong } from "@/components/ui/field";
import type { Staff } from "@/lib/auth/person.ts";
import { rememberKitSaved } from "./kit-saved.ts";
import { type Keyring, restoreKeyring } from "./staff-keys.ts";
import { WordsFields } from "./words-fields.tsx";

/** Where a browser lacks the person's key: the twelve words bring it, checked against the enrolled one. Nothing is sent. */
export function OpenKey({ staff, onOpened }: { staff: Staff; onOpened: (keyring: Keyring) => void }) {
  const form = useRef<HTMLFormElement>(null);
  const [words, setWords] = useState<string[]>(() => Array.from({ length: 12 }, () => ""));
  const [fault, setFault] = useState<{ at: number; says: string } | null>(null);
  const [trouble, setTrouble] = useState<{ title: string; says: string } | null>(null);
  const [busy, setBusy] = useState(false);

  const check = async (at: number) => {
    const word = words[at];
    if (!word) return setFault((now) => (now?.at === at ? null : now));
    const { faultOf } = await import("@/lib/keyring/words.ts");
    const found = faultOf([word]);
    if (found?.is === "unknown-word") return setFault({ at, says: saysUnknown(word, found.near) });
    setFault((now) => (now?.at === at ? null : now));
  };

  const open = async () => {
    setTrouble(null);
    const { faultOf, seedOf } = await import("@/lib/keyring/words.ts");
    const empty = words.indexOf("");
    const found = empty >= 0 ? null : faultOf(words);
    if (empty >= 0 || found?.is === "unknown-word") {
      const at = empty >= 0 ? empty : (found as { at: number }).at;
      const says =
        empty >= 0 ? "This word is missing" : saysUnknown(words[at] ?? "", (found as { near: string[] }).near);
      setFault({ at, says });
      return focusFirstWrong(form.current);
    }
    setFault(null);
    if (found) {
      return setTrouble({
        title: "These words don’t belong together",
        says: "Each is in the list, but not in this order. Look for two that changed places, or a word that was misread.",
      });
    }
    setBusy(true);
    try {
      const keyring = await restoreKeyring(staff, seedOf(words));
      if (keyring) {
        rememberKitSaved(staff.id);
        return onOpened(keyring);
      }
      setTrouble({
        title: "These words open another key",
        says: `They are a good recovery kit, but not the one of ${staff.name}. Look for the page you made for this account.`,
      });
    } catch {
      setTrouble({
        title: "This browser didn’t keep the key",
        says: "A private window or a full disk can be the reason. Nothing was sent and nothing is lost.",
      });
    } finally {
      setBusy(false);
    }
  };

  return (
    <div className="max-w-[48rem] text-calm">
      <h1 className="text-calm-title font-bold">Open your signing key on this device</h1>
      <p className="mt-2 text-muted-foreground">
        This browser doesn’t have it yet. Type the twelve words of your recovery kit, in their order. We check each one
        as you type; nothing is sent.
      </p>
      <form
        ref={form}
        noValidate
        className="mt-6"
        onSubmit={(event) => {
          event.preventDefault();
          if (!busy) void open();
        }}
      >
        {trouble ? (
          <Alert tone="danger" role="alert" title={trouble.title} calm className="mb-5">
            {trouble.says}
          </Alert>
        ) : null}
        <div className="rounded-2xl border bg-card p-[min(1.25rem,4vw)] shadow-card sm:p-6">
          <WordsFields
            words={words}
            fault={fault}
            onChange={(next) => {
              setWords(next);
              setTrouble(null);
            }}
            onLeave={check}
          />
        </div>
        <Button type="submit" size="calm" className="mt-5 w-full" busy={busy}>
          Open my key
        </Button>
      </form>
      <details className="mt-5 rounded-xl border bg-card px-4 py-2">
        <summary className="min-h-11 cursor-pointer content-center font-semibold">I don’t have the words</summary>
        <p className="pb-3 text-calm-small text-muted-foreground">
          If you still have the device you signed up on, sign in there and choose “Save recovery kit” under your name.
          Without the words and without that device nobody can open what was sealed to this key, not even us; what was
          recorded stays provable.
        </p>
      </details>
    </div>
  );
}

function saysUnknown(word: string, near: readonly string[]): string {
  const said = near.length > 0 ? ` Did you mean ${listed(near)}?` : "";
  return `“${word}” is not in the list.${said}`;
}

function listed(words: readonly string[]): string {
  return new Intl.ListFormat("en-GB", { type: "disjunction" }).format(words);
}
