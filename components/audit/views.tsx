"use client";

import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { Bookmark, BookmarkPlus } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useRef, useState } from "react";
import { Alert } from "@/components/ui/alert";
import { Button } from "@/components/ui/button";
import { Dialog, DialogContent, DialogTrigger } from "@/components/ui/dialog";
import { Field } from "@/components/ui/field";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { Input } from "@/components/ui/input";
import { listViews, removeView, renameView, saveView, type View } from "@/lib/audit/views.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { addressOf, type Filters } from "./use-filters.ts";

const KEY = ["audit", "views"];
const LONGEST = 60;

function useKept() {
  const queries = useQueryClient();
  return (kept: { views: View[] }) => queries.setQueryData(KEY, kept);
}

/** The filters as they are now, under a name. */
export function SaveView({ filters, any }: { filters: Filters; any: boolean }) {
  const [open, setOpen] = useState(false);
  const [name, setName] = useState("");
  const kept = useKept();
  const save = useMutation({
    mutationFn: () =>
      ask(saveView, { name, filters: Object.fromEntries(Object.entries(filters).filter(([, v]) => v)) }),
    onSuccess: (views) => {
      kept(views);
      setName("");
      setOpen(false);
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (name.trim() !== "") save.mutate();
  };
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="outline" disabled={!any}>
          <BookmarkPlus aria-hidden="true" />
          Save view
        </Button>
      </DialogTrigger>
      <DialogContent
        title="Save view"
        description="These filters under a name, for you alone. It holds no line of the log."
      >
        <form onSubmit={submit} className="grid gap-4">
          <Field label="Name" error={save.error ? wordsFor(save.error) : null}>
            <Input value={name} maxLength={LONGEST} autoComplete="off" onChange={(e) => setName(e.target.value)} />
          </Field>
          <Button type="submit" className="justify-self-start" busy={save.isPending} disabled={name.trim() === ""}>
            Save view
          </Button>
        </form>
      </DialogContent>
    </Dialog>
  );
}

/** The admin's own views. */
export function Views() {
  const [open, setOpen] = useState(false);
  return (
    <Dialog open={open} onOpenChange={setOpen}>
      <DialogTrigger asChild>
        <Button variant="outline">
          <Bookmark aria-hidden="true" />
          Views
        </Button>
      </DialogTrigger>
      <DialogContent title="Views" description="Filters that you saved, for you alone.">
        <Inside onOpened={() => setOpen(false)} />
      </DialogContent>
    </Dialog>
  );
}

function Inside({ onOpened }: { onOpened: () => void }) {
  const found = useQuery({ queryKey: KEY, queryFn: () => ask(listViews, {}) });
  const list = useRef<HTMLDivElement>(null);
  const views = found.data?.views;
  // A deleted view takes its buttons along.
  useFocusKept(list, views?.length);
  if (found.isError) return <Alert tone="warning" title={wordsFor(found.error)} />;
  if (!views) return <p className="text-muted-foreground">Loading</p>;
  return (
    <div ref={list} tabIndex={-1} className="outline-none">
      {views.length === 0 ? (
        <p className="text-muted-foreground">None yet. Set filters, then press Save view.</p>
      ) : (
        <ul className="rounded-lg border" aria-label="Saved views">
          {views.map((view) => (
            <One key={view.id} view={view} onOpened={onOpened} />
          ))}
        </ul>
      )}
    </div>
  );
}

function One({ view, onOpened }: { view: View; onOpened: () => void }) {
  const { id, name } = view;
  const [edited, setEdited] = useState<string | null>(null);
  const kept = useKept();
  const row = useRef<HTMLLIElement>(null);
  useFocusKept(row, edited === null);
  const rename = useMutation({
    mutationFn: (name: string) => ask(renameView, { id, name }),
    onSuccess: (views) => {
      kept(views);
      setEdited(null);
    },
  });
  const remove = useMutation({ mutationFn: () => ask(removeView, { id }), onSuccess: kept });
  const fault = rename.error ?? remove.error;
  return (
    <li ref={row} tabIndex={-1} className="border-t px-3 py-2 outline-none first:border-0">
      {edited === null ? (
        <div className="flex flex-wrap items-center gap-x-2">
          <Link
            href={addressOf(view.filters)}
            onClick={onOpened}
            className="inline-flex min-h-10 min-w-0 grow items-center font-semibold underline underline-offset-4"
          >
            {name}
          </Link>
          <Button variant="ghost" size="sm" aria-label={`Rename ${name}`} onClick={() => setEdited(name)}>
            Rename
          </Button>
          <Button
            variant="ghost"
            size="sm"
            aria-label={`Delete ${name}`}
            busy={remove.isPending}
            onClick={() => remove.mutate()}
          >
            Delete
          </Button>
        </div>
      ) : (
        <form
          className="flex flex-wrap items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            if (edited.trim() !== "") rename.mutate(edited);
          }}
        >
          <Field label="New name" className="grow">
            <Input autoFocus value={edited} maxLength={LONGEST} onChange={(e) => setEdited(e.target.value)} />
          </Field>
          <Button type="submit" variant="outline" busy={rename.isPending}>
            Rename
          </Button>
          <Button variant="ghost" onClick={() => setEdited(null)}>
            Cancel
          </Button>
        </form>
      )}
      {fault ? (
        <p role="alert" className="text-table text-destructive">
          {wordsFor(fault)}
        </p>
      ) : null}
    </li>
  );
}
