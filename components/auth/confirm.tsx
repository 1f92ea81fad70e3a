"use client";

import { type ReactNode, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { Field } from "@/components/ui/field.tsx";
import { PasswordInput } from "@/components/ui/input.tsx";
import { confirmSelf } from "@/lib/auth/people-api.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";

const wanted = (fault: unknown) => fault instanceof Refusal && fault.code === "auth.confirm";

/**
 * For what a session alone is not enough for: where the server asks for the password again, so does `dialog`, and what was
 * asked is asked once more. Rejects with the server's word where the person doesn't give it.
 */
export function useConfirmed(): { confirmed: <T>(work: () => Promise<T>) => Promise<T>; dialog: ReactNode } {
  const [open, setOpen] = useState(false);
  const settle = useRef<(given: boolean) => void>(undefined);

  const confirmed = async <T,>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (fault) {
      if (!wanted(fault)) throw fault;
      const given = await new Promise<boolean>((resolve) => {
        settle.current = resolve;
        setOpen(true);
      });
      if (!given) throw fault;
      return work();
    }
  };
  const close = (given: boolean) => {
    setOpen(false);
    settle.current?.(given);
  };

  return {
    confirmed,
    dialog: open ? <ConfirmDialog onGiven={() => close(true)} onClose={() => close(false)} /> : null,
  };
}

function ConfirmDialog({ onGiven, onClose }: { onGiven: () => void; onClose: () => void }) {
  const [password, setPassword] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const wrong = fault instanceof Refusal && fault.code === "auth.wrong";

  const give = async () => {
    setBusy(true);
    setFault(undefined);
    try {
      await ask(confirmSelf, { password });
      onGiven();
    } catch (why) {
      setFault(why);
      setBusy(false);
    }
  };

  return (
    <Dialog open onOpenChange={(open) => !open && onClose()}>
      <DialogContent
        title="Is it still you?"
        description="What you asked for needs your password once more. Nothing was changed yet."
      >
        <form
          noValidate
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (!busy && password !== "") void give();
          }}
        >
          {fault && !wrong ? <Alert tone="warning" role="alert" title={wordsFor(fault)} /> : null}
          <Field label="Password" error={wrong ? "This is not your password. Please try again." : null}>
            <PasswordInput
              autoComplete="current-password"
              maxLength={128}
              value={password}
              onChange={(event) => setPassword(event.target.value)}
            />
          </Field>
          <div className="flex flex-wrap gap-3">
            <Button type="submit" className="min-h-11" busy={busy}>
              Go on
            </Button>
            <Button variant="ghost" className="min-h-11" onClick={onClose}>
              Cancel
            </Button>
          </div>
        </form>
      </DialogContent>
    </Dialog>
  );
}
