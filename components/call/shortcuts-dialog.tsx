"use client";

import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogClose, DialogContent } from "@/components/ui/dialog.tsx";
import { allowShortcuts, type Shortcut, useShortcutsAllowed } from "./shortcuts.ts";

/** The single keys of the room, and a way to turn them off. */
export function ShortcutsDialog({
  shortcuts,
  open,
  onOpen,
}: {
  shortcuts: readonly Shortcut[];
  open: boolean;
  onOpen: (open: boolean) => void;
}) {
  const on = useShortcutsAllowed();
  return (
    <Dialog open={open} onOpenChange={onOpen}>
      <DialogContent title="Keyboard shortcuts" description="One key each, while you are not writing.">
        <dl className="grid grid-cols-[auto_1fr] items-center gap-x-4 gap-y-2">
          {shortcuts.map(({ key, word }) => (
            <div key={key} className="contents">
              <dt>
                <kbd className="inline-grid min-w-9 place-items-center rounded-md border border-input bg-muted px-2 py-1 font-mono text-table">
                  {key === "?" ? key : key.toUpperCase()}
                </kbd>
              </dt>
              <dd>{word}</dd>
            </div>
          ))}
        </dl>
        <label className="flex min-h-11 cursor-pointer items-center gap-3">
          <input
            type="checkbox"
            className="size-5 accent-primary"
            checked={on}
            onChange={(event) => allowShortcuts(event.target.checked)}
          />
          Use these keys on this device
        </label>
        <DialogClose asChild>
          <Button className="min-h-11 justify-self-end">Done</Button>
        </DialogClose>
      </DialogContent>
    </Dialog>
  );
}
