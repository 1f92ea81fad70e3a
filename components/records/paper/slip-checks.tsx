import { CircleCheck, CircleHelp, TriangleAlert } from "lucide-react";
import { shortName } from "@/components/consent/names.ts";
import { Card } from "@/components/ui/card.tsx";
import { figure, often } from "@/components/ui/text.ts";
import { longWhen } from "@/components/ui/times.ts";
import { orderOfPrescription, timesOf } from "@/lib/records/prescription.ts";
import type { Held } from "./use-slip.ts";

type Sign = "holds" | "open" | "warns";
const signs = {
  holds: { icon: CircleCheck, className: "text-success" },
  open: { icon: CircleHelp, className: "text-muted-foreground" },
  warns: { icon: TriangleAlert, className: "text-warning" },
} as const;

/** What was checked here, and what only the practice can know. */
export function SlipChecks({ held }: { held: Held }) {
  return (
    <Card aria-labelledby="checks" className="rounded-2xl p-5 shadow-none sm:p-5">
      <h2 id="checks" className="font-semibold">
        What was checked
      </h2>
      <ul className="mt-3 grid gap-2.5 text-table">
        {checksOf(held).map(([sign, words]) => {
          const { icon: Icon, className } = signs[sign];
          return (
            <li key={words} className="flex gap-2.5">
              <Icon aria-hidden="true" className={`size-5 shrink-0 ${className}`} />
              <span className="min-w-0">{words}</span>
            </li>
          );
        })}
      </ul>
    </Card>
  );
}

export function checksOf({ view, found }: Held): [Sign, string][] {
  const doctor = shortName(orderOfPrescription(found.prescription).clinician);
  const { ledger, yes, cancelled, dispensed } = found;
  const there = ledger.is === "there";
  return [
    there
      ? ["holds", `${doctor} signed it, and was enrolled then`]
      : ["open", `${doctor} signed it; the ledger must still say that they were enrolled`],
    ["holds", yes === "approved" ? "The patient approved exactly this" : "The patient allowed prescriptions"],
    ["holds", "The text is what was signed"],
    there
      ? ["holds", `On the ledger in block ${figure(ledger.block)}${ledger.final ? ", final" : ""}`]
      : ["open", ledger.is === "away" ? "The ledger couldn’t be asked just now" : "Not on the ledger yet"],
    cancelled
      ? ["warns", `Taken back ${longWhen(new Date(cancelled.at))}`]
      : ["holds", `Not taken back since, says ${view.clinic}`],
    dispensedCheck(dispensed.length, timesOf(found.prescription), view.clinic),
  ];
}

function dispensedCheck(already: number, times: number, clinic: string): [Sign, string] {
  if (already === 0) return ["holds", `Not dispensed anywhere, says ${clinic}`];
  if (already < times) return ["holds", `Dispensed ${already} of ${often(times)}, says ${clinic}`];
  return ["warns", "Dispensed: nothing is left"];
}
