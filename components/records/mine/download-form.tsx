"use client";

import { ArrowLeft, Download, Lock } from "lucide-react";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { Field, focusFirstWrong } from "@/components/ui/field.tsx";
import { PasswordInput } from "@/components/ui/input.tsx";
import { PatientFrame } from "@/components/ui/patient-frame.tsx";
import { Progress } from "@/components/ui/progress.tsx";
import { saveFile } from "@/components/ui/save-file.ts";
import { counted } from "@/components/ui/text.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { takeAlong } from "./take-along.ts";
import type { Mine } from "./use-mine.ts";

const LEAST = 12;

/** Everything of the patient's as one file to keep, locked or not. */
export function DownloadForm({ mine, onBack }: { mine: Extract<Mine, { is: "read" }>; onBack: () => void }) {
  const { visits, missing, folder } = mine;
  const [locked, setLocked] = useState(true);
  const [passphrase, setPassphrase] = useState("");
  const [error, setError] = useState<string | null>(null);
  const [doing, setDoing] = useState<{ part: number; what: "records" | "files" } | null>(null);
  const [done, setDone] = useState<string | null>(null);
  const [fault, setFault] = useState<unknown>();
  const form = useRef<HTMLFormElement>(null);
  const life = useRef<AbortController | undefined>(undefined);
  useEffect(() => {
    const controller = new AbortController();
    life.current = controller;
    return () => controller.abort();
  }, []);

  const download = async (event: FormEvent) => {
    event.preventDefault();
    if (locked && passphrase.length < LEAST) {
      setError(`Choose at least ${LEAST} characters: a few words in a row are easy to keep in mind`);
      return focusFirstWrong(form.current);
    }
    const { signal } = life.current!;
    setError(null);
    setFault(undefined);
    setDone(null);
    setDoing({ part: 0, what: "records" });
    try {
      const told = (part: number, what: "records" | "files") => setDoing({ part, what });
      const archive = await takeAlong(
        { visits, background: folder.background },
        { passphrase: locked ? passphrase : null, signal, told },
      );
      const name = `my-records-${new Date().toISOString().slice(0, 10)}.zip${locked ? ".age" : ""}`;
      saveFile(archive, name);
      setDone(name);
    } catch (why) {
      if (!signal.aborted) setFault(why);
    }
    if (!signal.aborted) setDoing(null);
  };

  return (
    <PatientFrame title={visits[0]?.join.clinic ?? "Assent"}>
      <Button variant="ghost" size="sm" className="-ml-3 text-muted-foreground" onClick={onBack}>
        <ArrowLeft aria-hidden="true" />
        My records
      </Button>
      <h1 className="mt-2 text-calm-title font-bold lg:text-[2.25rem]">Download everything</h1>
      <p className="text-muted-foreground">One file with all your visits. It opens without us, for good.</p>
      {missing > 0 ? (
        <Alert calm tone="warning" className="mt-6" title={`${counted(missing, "visit", "visits")} won’t be in it`}>
          The practice’s server didn’t give {missing === 1 ? "it" : "them"} just now. Go back and try again first, if
          you want all of it.
        </Alert>
      ) : null}
      <form ref={form} noValidate onSubmit={(event) => void download(event)}>
        <Card calm className="mt-6">
          <h2 className="font-semibold">What is in it</h2>
          <ul className="mt-2 grid list-disc gap-1 pl-6 text-calm-small">
            <li>prescriptions, visits and permissions in the form other practices read (FHIR)</li>
            <li>your files and photos, opened</li>
            <li>who signed what, and who looked, as evidence</li>
            <li>a page that explains it all</li>
          </ul>
        </Card>
        <Card calm className="mt-5">
          <label className="grid cursor-pointer grid-cols-[auto_minmax(0,1fr)] gap-x-3.5">
            <input
              type="checkbox"
              className="mt-0.5 size-7 accent-primary"
              checked={locked}
              onChange={(event) => setLocked(event.target.checked)}
            />
            <span>
              <span className="block font-semibold">Lock it with a passphrase</span>
              <span className="block text-calm-small text-muted-foreground">
                {locked
                  ? "It opens with the free program age and your passphrase. Nobody can replace a passphrase you forget."
                  : "Whoever gets this file can read it. Keep it where only you can."}
              </span>
            </span>
          </label>
          {locked ? (
            <Field calm className="mt-5" label="Passphrase" error={error} hint={`At least ${LEAST} characters.`}>
              <PasswordInput
                value={passphrase}
                autoComplete="new-password"
                onChange={(event) => setPassphrase(event.target.value)}
              />
            </Field>
          ) : null}
        </Card>
        {doing ? (
          <div className="mt-5">
            <Progress
              label={doing.what === "records" ? "Opening your records" : "Fetching your files"}
              value={doing.part}
              text={`${Math.round(doing.part * 100)} percent`}
            />
          </div>
        ) : null}
        {fault ? (
          <Alert calm tone="danger" role="alert" className="mt-5" title="Nothing was downloaded">
            {fault instanceof Refusal
              ? wordsFor(fault)
              : "Something of it is not what was signed, or this browser had no room for it. An archive that lacks something would look whole, so we made none."}
          </Alert>
        ) : null}
        {done ? (
          <Alert calm tone="success" className="mt-5" title="Your records are on this device">
            {locked ? (
              <>
                To open {done}: <code className="font-mono break-all">age -d -o my-records.zip {done}</code>
              </>
            ) : (
              <>{done} opens like any folder. Read README.txt first.</>
            )}
          </Alert>
        ) : null}
        <Button type="submit" size="calm" className="mt-6 w-full" busy={doing !== null}>
          {doing ? null : locked ? <Lock aria-hidden="true" /> : <Download aria-hidden="true" />}
          Download
        </Button>
      </form>
    </PatientFrame>
  );
}
