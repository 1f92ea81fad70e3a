"use client";

import { UserRoundPlus } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { ChoiceGroup } from "@/components/ui/choice-group.tsx";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Field } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { wordsFor } from "@/lib/strings/en.ts";
import type { GuestRole } from "@/lib/visits/guest.ts";
import { inviteGuest } from "@/lib/visits/guest-api.ts";
import { sealInvitation } from "@/lib/visits/guest-name.ts";
import { guestLinkOf, newLink } from "@/lib/visits/link.ts";
import { ask } from "@/lib/wire.ts";
import { roles } from "./words.ts";

interface InviteGuestProps {
  visitId: string;
  /** Doctor's and patient's, who may read whom the link is for. */
  recipients: readonly string[];
  calm: boolean;
  /** Links that nobody has opened yet: only of those the link is of use. */
  unopened: readonly string[];
  /** Two are asked for or here: there is no place for another. */
  full: boolean;
  /** What must happen before the guest is in. */
  next: string;
  onInvited: () => void;
}

/** A link for a third person, made in this browser: its secret is shown here once and kept nowhere. */
export function InviteGuest({ visitId, recipients, calm, unopened, full, next, onInvited }: InviteGuestProps) {
  const [open, setOpen] = useState(false);
  const [role, setRole] = useState<GuestRole>("interpreter");
  const [name, setName] = useState("");
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<unknown>();
  const [link, setLink] = useState<{ id: string; text: string }>();
  const size = calm ? ({ size: "calm" } as const) : { className: "min-h-11" };

  const make = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    setFault(undefined);
    try {
      const { visitId: id, secret, claimHash } = await newLink();
      const details = name.trim() === "" ? null : await sealInvitation(recipients, name.trim());
      await ask(inviteGuest, { visitId, id, claimHash, role, details });
      setLink({ id, text: guestLinkOf(location.origin, id, secret) });
      setName("");
      setOpen(false);
      onInvited();
    } catch (why) {
      setFault(why);
    }
    setBusy(false);
  };

  return (
    <div className="grid gap-3">
      {link && unopened.includes(link.id) ? (
        <section aria-label="Guest link" className="grid gap-3 rounded-xl border p-4">
          <Field calm={calm} label="Guest link" hint={next}>
            <Input readOnly value={link.text} className="font-mono" onFocus={(event) => event.target.select()} />
          </Field>
          <CopyButton text={link.text} label="Copy guest link" done="Link copied" {...size} />
        </section>
      ) : null}
      {open ? (
        <form className="grid gap-4 rounded-xl border p-4" onSubmit={make}>
          <ChoiceGroup name="guest-role" title="Who is it for?" options={roles} value={role} onChange={setRole} />
          <Field calm={calm} optional label="Name" hint="They tell theirs themselves as well.">
            <Input value={name} maxLength={120} autoComplete="off" onChange={(event) => setName(event.target.value)} />
          </Field>
          {fault ? (
            <Alert calm={calm} tone="danger" role="alert" title="No link was made">
              {wordsFor(fault)}
            </Alert>
          ) : null}
          <Button type="submit" busy={busy} {...size}>
            Make the link
          </Button>
          <Button variant="ghost" disabled={busy} {...size} onClick={() => setOpen(false)}>
            Not now
          </Button>
        </form>
      ) : full ? (
        <p className={calm ? "text-calm-small text-muted-foreground" : "text-table text-muted-foreground"}>
          Two guests at most can be asked for or here at a time.
        </p>
      ) : (
        <Button variant="outline" {...size} onClick={() => setOpen(true)}>
          <UserRoundPlus aria-hidden="true" />
          Ask for a guest
        </Button>
      )}
    </div>
  );
}
