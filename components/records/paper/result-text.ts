import { clock, fullDay } from "@/components/ui/times.ts";
import { slipNumber } from "@/lib/records/slip.ts";
import { checksOf } from "./slip-checks.tsx";
import type { Held } from "./use-slip.ts";

/** What a pharmacy keeps of a prescription that it didn't hand out: what was found, and nothing of the patient. */
export function resultText(held: Held, now: Date): string {
  const { record, view, found } = held;
  const moment = (at: Date) => `${fullDay(at)}, ${clock(at)}`;
  const { ledger } = view;
  return [
    `Prescription RX ${slipNumber(record)} of ${view.clinic}`,
    `Checked ${moment(now)}`,
    ...found.dispensed.map(({ at, by }) => `Dispensed ${moment(new Date(at))}, ${by?.pharmacy ?? "no readable name"}`),
    "",
    ...checksOf(held).map(([, words]) => `- ${words}`),
    "",
    `Record ${record}`,
    `Ledger ${ledger.label}, chain ${ledger.chainId}, contract ${ledger.address}`,
    "",
  ].join("\n");
}
