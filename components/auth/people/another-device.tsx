"use client";

import { Plus } from "lucide-react";
import { useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { Qr } from "@/components/ui/qr.tsx";

/** A device makes its key itself, so what there is to do here is to say how, and to wait for its four words. `name` is whose device it is, unless it is one's own. */
export function AnotherDevice({ name }: { name?: string }) {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button variant="outline" className="min-h-11" onClick={() => setOpen(true)}>
        <Plus aria-hidden="true" />
        Enrol another device
      </Button>
      <Dialog open={open} onOpenChange={setOpen}>
        {open ? <HowTo name={name} /> : null}
      </Dialog>
    </>
  );
}

function HowTo({ name }: { name?: string | undefined }) {
  const address = `${location.origin}/sign-in`;
  const steps = [
    `${name ? `${name} signs` : "Sign"} in on the new device, at the address below.`,
    `${name ? "They bring their" : "Bring your"} recovery kit over there, by passkey, printed page or words, and choose “Make a signing key”.`,
    "The new device shows four words. The key appears here; if its words are the same, enrol it.",
  ];
  return (
    <DialogContent title="Enrol another device" description="Each device signs with a key of its own, made there.">
      <ol className="grid list-decimal gap-2 pl-5">
        {steps.map((step) => (
          <li key={step}>{step}</li>
        ))}
      </ol>
      <div className="flex flex-wrap items-center gap-4">
        <Qr text={address} label="QR code of the page to sign in" className="size-36" />
        <p className="min-w-0 font-mono text-table break-all">{address}</p>
      </div>
    </DialogContent>
  );
}
