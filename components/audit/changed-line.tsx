"use client";

import { FileDown } from "lucide-react";
import { Button } from "@/components/ui/button";
import { saveFile } from "@/components/ui/save-file.ts";
import type { Difference } from "@/lib/audit/difference.ts";
import { told, verdictWords } from "./words.ts";

/** What differs, in words: what was sealed beside what the database says now. */
export function ChangedLine({
  number,
  differs,
  people,
}: {
  /** The line's, in the log. */
  number: number;
  differs: readonly Difference[];
  people: ReadonlyMap<string, string>;
}) {
  const { title, text } = verdictWords(differs);
  return (
    <div role="alert" className="rounded-lg border-2 border-destructive bg-card p-4 whitespace-normal">
      <p className="font-semibold text-destructive">{title}</p>
      <p className="text-table">{text}</p>
      <section className="mt-3 overflow-x-auto" aria-label="What differs">
        <table className="w-full text-table">
          <thead>
            <tr className="text-left text-small text-muted-foreground">
              <th scope="col" className="py-1 pr-4 font-semibold">
                Field
              </th>
              <th scope="col" className="py-1 pr-4 font-semibold">
                Sealed
              </th>
              <th scope="col" className="py-1 font-semibold">
                In the database now
              </th>
            </tr>
          </thead>
          <tbody>
            {differs.map((difference) => {
              const { field, sealed, now, code } = told(difference, people);
              const font = code ? "font-mono" : "";
              return (
                <tr key={`${difference.what} ${sealed} ${now}`} className="border-t">
                  <th scope="row" className="py-2 pr-4 text-left font-semibold">
                    {field}
                  </th>
                  <td className={`py-2 pr-4 ${font}`}>{sealed}</td>
                  <td className="py-2">
                    <mark
                      className={`rounded bg-destructive-soft px-1.5 py-0.5 text-destructive ${font || "font-semibold"}`}
                    >
                      {now}
                    </mark>
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
      <div className="mt-3 flex flex-wrap items-start gap-x-4 gap-y-2">
        <Button variant="stop" size="sm" className="min-h-10" onClick={() => saveProof(number, differs)}>
          <FileDown aria-hidden="true" />
          Save the proof
        </Button>
        <details className="min-w-0 grow basis-72 text-table">
          <summary className="inline-flex min-h-10 cursor-pointer items-center font-semibold underline underline-offset-4">
            What to do now
          </summary>
          <ol className="list-decimal pl-5">
            <li>Save the proof: it says what differs here, for whoever looks into it.</li>
            <li>Ask whoever runs the server to stop it and to keep a copy of its folder as it is.</li>
            <li>
              On the copy, <code>npm run audit -- fsck</code> names every line that was changed. A backup from before
              has them as they were.
            </li>
          </ol>
        </details>
      </div>
    </div>
  );
}

/** What this browser found of one line: ids, hashes and times, as the ledger and the log have them and as the database does. */
function saveProof(line: number, differs: readonly Difference[]): void {
  const proof = { what: "assent/changed-line/1", line, checkedAt: new Date().toISOString(), differs };
  saveFile(
    new Blob([`${JSON.stringify(proof, null, 2)}\n`], { type: "application/json" }),
    `changed-line-${line}.json`,
  );
}
