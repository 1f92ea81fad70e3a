"use client";

import { useMutation, useQueryClient } from "@tanstack/react-query";
import { CircleAlert, CircleCheck, Eye, Trash2 } from "lucide-react";
import { type FormEvent, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { cn } from "@/components/ui/cn";
import { CopyButton } from "@/components/ui/copy-button.tsx";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { addWitness, type LogStanding, removeWitness, WITNESS_URL, type Witness } from "@/lib/audit/api.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { nameOf, witnessWords } from "./log-words.ts";
import { LOG_KEY } from "./use-log.ts";

/** Who else watches the log, and how somebody begins to. */
export function Witnesses({ log }: { log: LogStanding | undefined }) {
  return (
    <Dialog>
      <DialogTrigger asChild>
        <Button variant="outline" className="min-h-11" disabled={!log}>
          <Eye aria-hidden="true" />
          Witnesses
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Witnesses of the log"
        description="Somebody outside this clinic who keeps a count of the log and signs that nothing in it was changed. If this clinic ever shows people different logs, their signature tells."
      >
        {log ? <Inside log={log} /> : null}
      </DialogContent>
    </Dialog>
  );
}

function Inside({ log }: { log: LogStanding }) {
  const { witnesses } = log;
  return (
    <>
      {witnesses.length === 0 ? (
        <p className="text-muted-foreground">Nobody watches yet. One that this clinic runs itself proves nothing.</p>
      ) : (
        <ul className="rounded-lg border" aria-label="Witnesses">
          {witnesses.map((witness) => (
            <One key={witness.id} witness={witness} />
          ))}
        </ul>
      )}
      <div className="grid gap-1.5">
        <h3 className="font-semibold">For whoever wants to watch</h3>
        <p className="text-table text-muted-foreground">
          Give them this key of the log. They run a small program with it, ours (<code>npm run audit -- witness</code>)
          or any other that speaks c2sp.org/tlog-witness, and tell you its address and its own key.
        </p>
        <p className="rounded-md bg-muted px-3 py-2 font-mono text-small break-all">{log.key}</p>
        <div>
          <CopyButton
            variant="outline"
            size="sm"
            className="min-h-10"
            text={log.key}
            label="Copy key of the log"
            done="Key copied"
          />
        </div>
      </div>
      <Add />
    </>
  );
}

function useChange<T>(change: (asked: T) => Promise<{ witnesses: Witness[] }>) {
  const queries = useQueryClient();
  return useMutation({
    mutationFn: change,
    onSuccess: ({ witnesses }) =>
      queries.setQueryData<LogStanding>(LOG_KEY, (before) => before && { ...before, witnesses }),
  });
}

function One({ witness }: { witness: Witness }) {
  const remove = useChange((id: string) => ask(removeWitness, { id }));
  const { text, worry } = witnessWords(witness, new Date());
  const name = nameOf(witness);
  const Icon = worry ? CircleAlert : CircleCheck;
  return (
    <li className="flex items-start gap-3 border-t px-3 py-2.5 first:border-0">
      <Icon
        aria-hidden="true"
        className={cn(
          "mt-0.5 size-5 shrink-0",
          worry ? "text-destructive" : witness.trouble ? "text-muted-foreground" : "text-success",
        )}
      />
      <div className="min-w-0 grow">
        <p className="font-semibold break-words">{name}</p>
        <p className="text-table break-words text-muted-foreground">{text}</p>
        <p className="text-small break-all text-muted-foreground">{witness.url}</p>
        {remove.isError ? <p className="text-table text-destructive">{wordsFor(remove.error)}</p> : null}
      </div>
      <Button
        variant="ghost"
        size="sm"
        className="min-h-10"
        aria-label={`Remove ${name}`}
        busy={remove.isPending}
        onClick={() => remove.mutate(witness.id)}
      >
        <Trash2 aria-hidden="true" />
      </Button>
    </li>
  );
}

function Add() {
  const [url, setUrl] = useState("");
  const [key, setKey] = useState("");
  const [error, setError] = useState<string>();
  const add = useChange((asked: { url: string; key: string }) => ask(addWitness, asked));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (!/^https?:\/\//i.test(url.trim())) return setError("This begins with https://");
    if (!WITNESS_URL.test(url.trim()))
      return setError("This is a plain address, such as https://witness.example: without “?”, “#” or a password");
    setError(undefined);
    const done = () => {
      setUrl("");
      setKey("");
    };
    add.mutate({ url: url.trim(), key: key.trim() }, { onSuccess: done });
  };
  return (
    <form noValidate onSubmit={submit} className="grid gap-3 border-t pt-4">
      <Field label="Address of the witness" error={error}>
        <Input
          name="witness-address"
          inputMode="url"
          autoComplete="off"
          value={url}
          onChange={(e) => setUrl(e.target.value)}
        />
      </Field>
      <Field label="Key of the witness">
        <Input
          name="witness-key"
          autoComplete="off"
          className="font-mono"
          value={key}
          onChange={(e) => setKey(e.target.value)}
        />
      </Field>
      {add.isError ? <Alert tone="warning" title={wordsFor(add.error)} /> : null}
      <div>
        <Button
          type="submit"
          busy={add.isPending}
          disabled={url.trim() === "" || key.trim() === ""}
          className="min-h-11"
        >
          Add witness
        </Button>
      </div>
    </form>
  );
}
