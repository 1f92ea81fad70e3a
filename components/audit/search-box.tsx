"use client";

import { useMutation } from "@tanstack/react-query";
import { Search } from "lucide-react";
import Link from "next/link";
import { type FormEvent, useState } from "react";
import { Button } from "@/components/ui/button";
import { Field } from "@/components/ui/field";
import { Input } from "@/components/ui/input";
import { counted, figure } from "@/components/ui/text.ts";
import { when } from "@/components/ui/times.ts";
import { EVENTS_PAGE } from "@/lib/audit/events.ts";
import { type Found, searchLog } from "@/lib/audit/search.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import { addressOf, type Tab } from "./use-filters.ts";
import { short } from "./words.ts";

/** One box for whatever the log has under a number, an id, a transaction, a code or a name; it says what it understood. */
export function SearchBox({ tab }: { tab: Tab }) {
  const [text, setText] = useState("");
  const search = useMutation({ mutationFn: (text: string) => ask(searchLog, { text }) });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (text.trim() !== "") search.mutate(text);
  };
  const found = search.data?.found;
  return (
    <form onSubmit={submit} className="w-full" aria-label="Search the log">
      <div className="flex items-end gap-2">
        <Field label="Search" className="grow" error={search.error ? wordsFor(search.error) : null}>
          <Input
            type="search"
            value={text}
            maxLength={200}
            autoComplete="off"
            spellCheck={false}
            placeholder="Line, code, name, id or transaction"
            onChange={(e) => {
              setText(e.target.value);
              search.reset();
            }}
          />
        </Field>
        <Button
          type="submit"
          variant="outline"
          busy={search.isPending}
          aria-label="Search for it"
          title="Search for it"
        >
          {search.isPending ? null : <Search aria-hidden="true" />}
        </Button>
      </div>
      <div role="status">
        {found === undefined ? null : found.length === 0 ? (
          <p className="mt-2 text-table text-muted-foreground">
            Nothing in the log has this number, id, code or name. A patient’s name is never in it, nor is what was said
            or prescribed: search for their code, or find the visit by its day and doctor.
          </p>
        ) : (
          <div className="mt-2 rounded-lg border bg-card px-3 py-2 text-table">
            <p className="text-muted-foreground">Understood as</p>
            <ul>
              {found.map((one) => {
                const { words, href } = meaning(one, tab);
                return (
                  <li key={href}>
                    <Link
                      href={href}
                      onClick={() => search.reset()}
                      className="inline-flex min-h-9 items-center font-semibold underline underline-offset-4"
                    >
                      {words}
                    </Link>
                  </li>
                );
              })}
            </ul>
          </div>
        )}
      </div>
    </form>
  );
}

/** What is found in words, and where it is seen. */
function meaning(found: Found, tab: Tab): { words: string; href: string } {
  const at = tab === "events" ? "events" : "";
  switch (found.is) {
    case "line":
      return {
        words: `Line ${figure(found.number)}`,
        href: addressOf({ tab: "events", numbers: String(found.number) }),
      };
    case "visit":
      return {
        words: `Session of ${found.clinician}, ${when(new Date(found.at))}`,
        href: `/admin/audit/${found.visitId}`,
      };
    case "record":
    case "permission":
      return {
        words: `${found.is === "record" ? "Record" : "Permission"} ${short(found.id)}`,
        href: addressOf({ tab: "events", visit: found.visitId, about: found.id }),
      };
    case "transaction": {
      const lines = counted(found.numbers.length, "line", "lines");
      const many = found.numbers.length === EVENTS_PAGE ? "the newest 100 lines" : lines;
      return {
        words: `Transaction ${short(found.hash)}, ${many}`,
        href: addressOf({ tab: "events", numbers: found.numbers.join() || "0" }),
      };
    }
    case "patient":
      return { words: `Patient code ${found.code}`, href: addressOf({ tab: at, patient: found.code }) };
    case "staff":
      return { words: found.name, href: addressOf({ tab: at, doctor: found.id }) };
  }
}
