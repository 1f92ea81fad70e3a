"use client";

import { CircleCheck, Fingerprint, type LucideIcon, RectangleEllipsis } from "lucide-react";
import { type ComponentProps, type ReactNode, useCallback, useEffect, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Dialog, DialogContent } from "@/components/ui/dialog.tsx";
import { Field } from "@/components/ui/field.tsx";
import { PasswordInput } from "@/components/ui/input.tsx";
import { canPasskey } from "@/lib/keyring/passkey.browser.ts";
import { askRings } from "@/lib/keyring/ring.browser.ts";
import type { RingState } from "@/lib/keyring/rings.ts";
import { addPasskey, passkeyTrouble, removePasskeys } from "./passkey-ways.ts";

/** How a person's key opens on this device and on the next, beside the kit on paper. Losing one way leaves the others. */
export function KeyWays({ owner, name }: { owner: string; name: string }) {
  const [state, setState] = useState<RingState>();
  const [busy, setBusy] = useState<string | null>(null);
  const [trouble, setTrouble] = useState<string | null>(null);
  const [asking, setAsking] = useState(false);
  const look = useCallback(
    () =>
      askRings((rings) => rings.state(owner)).then(setState, () =>
        setTrouble("This browser didn’t open its key store. A private window or a full disk can be the reason."),
      ),
    [owner],
  );
  useEffect(() => void look(), [look]);

  const change = async (what: string, work: () => Promise<unknown>) => {
    setBusy(what);
    setTrouble(null);
    try {
      await work();
    } catch (fault) {
      setTrouble(passkeyTrouble(fault));
    }
    // What is under way is shown as done until it is known what became of it.
    await look();
    setBusy(null);
  };

  if (!state?.kept) return null;
  const has = (way: RingState["ways"][number]) => state.ways.includes(way);
  const locks = busy === "device" ? has("device") : !has("device");
  return (
    <Card calm aria-labelledby="key-ways">
      <h2 id="key-ways" className="text-lead font-semibold">
        How your records open
      </h2>
      <p className="text-calm-small text-muted-foreground">
        Two ways are safer than one. If all are lost, nobody can open your records again.
      </p>
      {trouble ? (
        <Alert calm tone="warning" role="alert" className="mt-4" title="That didn’t work">
          {trouble}
        </Alert>
      ) : null}
      <div className="mt-3">
        {canPasskey() ? (
          <WayLine
            icon={Fingerprint}
            title="Your screen lock"
            text="Kept as a passkey. It opens your records on your next phone, too."
            has={has("passkey")}
          >
            {has("passkey") ? (
              <WayButton
                variant="outline"
                busy={busy === "passkey"}
                disabled={locks && !has("passphrase")}
                onClick={() => void change("passkey", () => removePasskeys(owner))}
              >
                Remove passkey
              </WayButton>
            ) : (
              <WayButton
                busy={busy === "passkey"}
                onClick={() => void change("passkey", () => addPasskey(owner, name))}
              >
                <Fingerprint aria-hidden="true" />
                Save as passkey
              </WayButton>
            )}
          </WayLine>
        ) : null}
        <WayLine
          icon={RectangleEllipsis}
          title="A passphrase"
          text="Some words only you know, typed on this device."
          has={has("passphrase")}
        >
          {has("passphrase") ? (
            <WayButton
              variant="outline"
              busy={busy === "passphrase"}
              disabled={locks && !has("passkey")}
              onClick={() => void change("passphrase", () => askRings((rings) => rings.removeWay(owner, "passphrase")))}
            >
              Remove passphrase
            </WayButton>
          ) : (
            <WayButton variant="outline" onClick={() => setAsking(true)}>
              Add passphrase
            </WayButton>
          )}
        </WayLine>
      </div>
      {has("passkey") || has("passphrase") ? (
        <label className="mt-2 flex cursor-pointer items-start gap-3 border-t pt-4">
          <input
            type="checkbox"
            className="mt-0.5 size-6 shrink-0 accent-primary"
            checked={locks}
            onChange={(event) => {
              const open = !event.target.checked;
              void change("device", () => askRings((rings) => rings.openByItself(owner, open)));
            }}
          />
          <span>
            <span className="font-semibold">Ask every time on this device</span>
            <span className="block text-calm-small text-muted-foreground">
              For a device that others use as well. It locks after 15 minutes without you.
            </span>
          </span>
        </label>
      ) : null}
      {asking ? (
        <NewPassphrase
          onClose={() => setAsking(false)}
          onChosen={async (text) => {
            setAsking(false);
            await change("passphrase", () => askRings((rings) => rings.addPassphrase(owner, text)));
          }}
        />
      ) : null}
    </Card>
  );
}

function WayLine(props: { icon: LucideIcon; title: string; text: string; has: boolean; children: ReactNode }) {
  const Icon = props.icon;
  return (
    <div className="grid gap-3 border-t py-4 first:border-0">
      <div className="grid grid-cols-[auto_minmax(0,1fr)] gap-x-3">
        <Icon aria-hidden="true" className="mt-0.5 size-6 text-muted-foreground" />
        <div>
          <h3 className="flex flex-wrap items-center gap-x-2 font-semibold">
            {props.title}
            {props.has ? (
              <span className="inline-flex items-center gap-1 text-calm-small text-success">
                <CircleCheck aria-hidden="true" className="size-5" />
                in use
              </span>
            ) : null}
          </h3>
          <p className="text-calm-small text-muted-foreground">{props.text}</p>
        </div>
      </div>
      {props.children}
    </div>
  );
}

const WayButton = (props: ComponentProps<typeof Button>) => (
  <Button size="calm" className="w-full text-calm-small" {...props} />
);

const SHORTEST = 12;

function NewPassphrase({ onChosen, onClose }: { onChosen: (text: string) => Promise<void>; onClose: () => void }) {
  const [text, setText] = useState("");
  const [again, setAgain] = useState("");
  const [faults, setFaults] = useState<{ text?: string; again?: string }>({});
  const choose = () => {
    if (text.length < SHORTEST) return setFaults({ text: `At least ${SHORTEST} characters: four or five words do.` });
    if (text !== again) return setFaults({ again: "The two are not the same." });
    void onChosen(text);
  };
  return (
    <Dialog open onOpenChange={(open) => open || onClose()}>
      <DialogContent
        title="Add a passphrase"
        description="It opens your records on this device. We have no copy and can’t make one."
        className="text-calm"
      >
        <form
          noValidate
          className="grid gap-4"
          onSubmit={(event) => {
            event.preventDefault();
            choose();
          }}
        >
          <Field calm label="Passphrase" error={faults.text}>
            <PasswordInput autoComplete="new-password" value={text} onChange={(event) => setText(event.target.value)} />
          </Field>
          <Field calm label="The same again" error={faults.again}>
            <PasswordInput
              autoComplete="new-password"
              value={again}
              onChange={(event) => setAgain(event.target.value)}
            />
          </Field>
          <Button type="submit" size="calm" className="w-full">
            Add passphrase
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  );
}
