import type { Difference } from "@/lib/audit/difference.ts";
import { told, verdictWords } from "./words.ts";

/** What differs, in words: what was sealed beside what the database says now. */
export function ChangedLine({
  differs,
  people,
}: {
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
    </div>
  );
}
