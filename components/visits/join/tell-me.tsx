"use client";

import { BellRing, CircleCheck } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Button } from "@/components/ui/button.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { Input } from "@/components/ui/input.tsx";
import { wordsFor } from "@/lib/strings/en.ts";
import { type JoinView, tellEmail } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { askToNotify, type NotifyState, notifyState } from "./notify.ts";

/** For those who look elsewhere meanwhile: a notification while the page is open, and a mail when it is not, where the practice sends any. */
export function TellMe({ join, onChanged }: { join: JoinView; onChanged: () => void }) {
  return (
    <section aria-labelledby="elsewhere" className="mt-4 rounded-xl border bg-card p-4 text-calm-small">
      <h2 id="elsewhere" className="text-calm font-semibold">
        If you look elsewhere
      </h2>
      <Notify />
      {join.mail.sends || join.mail.asked ? <Letter join={join} onChanged={onChanged} /> : null}
    </section>
  );
}

function Notify() {
  const [state, setState] = useState<NotifyState>("missing");
  useEffect(() => setState(notifyState()), []);
  if (state === "granted") {
    return (
      <p role="status" className="mt-2 flex gap-3">
        <CircleCheck aria-hidden="true" className="size-6 shrink-0 text-success" />A notification tells you when the
        doctor is ready. Keep this page open.
      </p>
    );
  }
  if (state === "default") {
    return (
      <div className="mt-2 grid gap-2">
        <p>You can use another app. Keep this page open.</p>
        <Button
          variant="outline"
          size="calm"
          className="w-full text-calm-small"
          onClick={async () => setState(await askToNotify())}
        >
          <BellRing aria-hidden="true" />
          Show me a notification
        </Button>
      </div>
    );
  }
  return <p className="mt-2">You can use another app. Keep this page open: you’ll hear a sound.</p>;
}

function Letter({ join, onChanged }: { join: JoinView; onChanged: () => void }) {
  const { asked, sends } = join.mail;
  const form = useRef<HTMLFormElement>(null);
  const [email, setEmail] = useState("");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const tell = async (value: string | null) => {
    if (busy) return;
    setBusy(true);
    setError(null);
    try {
      await ask(tellEmail, { visitId: join.id, email: value });
      setEmail("");
      onChanged();
    } catch (why) {
      setError(wordsFor(why));
    }
    setBusy(false);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const value = email.trim();
    if (/^\S+@\S+\.\S+$/.test(value)) return void tell(value);
    setError(
      value === "" ? "Write your address here first" : "This address is missing something, such as .org at its end",
    );
    focusFirstWrong(form.current);
  };
  if (asked) {
    return (
      <div className="mt-4 grid gap-2 border-t pt-4">
        <p role="status">
          {sends
            ? "If this page is closed when the doctor is ready, we write to you. Then your address is deleted."
            : "Your address is noted until the doctor is ready, and then deleted."}
        </p>
        {error ? <p role="alert">{error}</p> : null}
        <Button
          variant="outline"
          size="calm"
          className="w-full text-calm-small"
          busy={busy}
          onClick={() => void tell(null)}
        >
          Delete my address now
        </Button>
      </div>
    );
  }
  return (
    <form ref={form} noValidate onSubmit={submit} className="mt-4 grid gap-3 border-t pt-4">
      <Field
        calm
        optional
        label="Email"
        error={error}
        hint="For one mail, if this page is closed when the doctor is ready. The practice’s server can read the address, and deletes it once you are in, or when the visit is over."
      >
        <Input
          name="email"
          type="email"
          inputMode="email"
          autoComplete="email"
          maxLength={254}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
      </Field>
      <Button type="submit" variant="outline" size="calm" className="w-full text-calm-small" busy={busy}>
        Write to me
      </Button>
    </form>
  );
}
