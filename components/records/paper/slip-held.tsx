"use client";

import { Ban, CalendarX, Download, PackageCheck, Scale, ShieldCheck, ShieldQuestionMark } from "lucide-react";
import { useId } from "react";
import { CallPractice } from "@/components/auth/call-practice.tsx";
import { shortName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/cn.ts";
import { Fact } from "@/components/ui/fact.tsx";
import { saveFile } from "@/components/ui/save-file.ts";
import { capital, counted, often } from "@/components/ui/text.ts";
import { clock, fromSeconds, fullDay } from "@/components/ui/times.ts";
import { amountWords } from "@/lib/records/amount.ts";
import type { Item } from "@/lib/records/fhir.ts";
import { inWords } from "@/lib/records/in-words.ts";
import { itemsOf, orderOfPrescription, timesOf } from "@/lib/records/prescription.ts";
import { slipNumber } from "@/lib/records/slip.ts";
import { type SlipFound, type SlipIs, slipIs } from "@/lib/records/verify-slip.ts";
import { MarkCard } from "./mark-card.tsx";
import { resultText } from "./result-text.ts";
import { SlipChecks } from "./slip-checks.tsx";
import type { Held } from "./use-slip.ts";

/** A genuine prescription, with what may be done with it now. */
export function SlipHeld({ held, onMarked }: { held: Held; onMarked: () => void }) {
  const { view, found } = held;
  const is = slipIs(found, new Date());
  const order = orderOfPrescription(found.prescription);
  return (
    <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[1.35fr_1fr] lg:items-start">
      <section className="min-w-0 overflow-hidden rounded-2xl border bg-card shadow-card" aria-labelledby="result">
        <Result is={is} found={found} />
        <div className="grid grid-cols-[minmax(0,1fr)] gap-6 p-[min(1.25rem,5vw)]">
          {itemsOf(found.prescription).map((item, at) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: signed, so nothing comes or goes
            <Medicine key={at} item={item} already={found.dispensed.length} />
          ))}
          <dl>
            {order.patient ? <Fact name="For">{order.patient}</Fact> : null}
            <Fact name="Prescribed by">{`${order.clinician}, ${view.clinic}`}</Fact>
            <Fact name="Signed">{moment(fromSeconds(view.envelope.record.signedAt))}</Fact>
          </dl>
        </div>
      </section>
      <div className="grid grid-cols-[minmax(0,1fr)] gap-5">
        {is === "valid" ? <MarkCard held={held} onMarked={onMarked} /> : null}
        {found.dispensed.length > 0 ? <DispensedCard held={held} /> : null}
        <SlipChecks held={held} />
        <Alert tone="quiet" role="none" icon={<Scale aria-hidden="true" />} title="What this doesn’t prove">
          A ledger signature is not a certified e-prescription, and never covers controlled substances. Whether you may
          dispense on it is for your law to say. The ledger is {view.ledger.local ? "a " : ""}
          <strong className="font-semibold">{view.ledger.label}</strong>
          {view.ledger.local ? ": one clinic runs it." : "."}
        </Alert>
      </div>
    </div>
  );
}

const moment = (at: string | Date) => `${fullDay(new Date(at))}, ${clock(new Date(at))}`;

const looks = {
  valid: { icon: ShieldCheck, className: "bg-success-soft", tint: "text-success", title: "Valid" },
  unsure: {
    icon: ShieldQuestionMark,
    className: "bg-warning-soft",
    tint: "text-warning",
    title: "Signed, not on the ledger yet",
  },
  dispensed: { icon: PackageCheck, className: "bg-warning-soft", tint: "text-warning", title: "Already dispensed" },
  cancelled: {
    icon: Ban,
    className: "bg-destructive-soft",
    tint: "text-destructive",
    title: "Cancelled by the doctor",
  },
  replaced: { icon: Ban, className: "bg-destructive-soft", tint: "text-destructive", title: "Replaced by another" },
  expired: { icon: CalendarX, className: "bg-warning-soft", tint: "text-warning", title: "Run out" },
} as const satisfies Record<SlipIs, object>;

function Result({ is, found }: { is: SlipIs; found: SlipFound }) {
  const { icon: Icon, className, tint, title } = looks[is];
  return (
    <div
      role={is === "valid" ? "status" : "alert"}
      className={cn("flex items-center gap-4 border-b p-[min(1.25rem,5vw)]", className)}
    >
      <Icon aria-hidden="true" className={cn("size-10 shrink-0", tint)} />
      <div className="min-w-0">
        <h2 id="result" className="text-lead font-bold">
          {is === "valid" ? `${title}, ${soFar(found)}` : title}
        </h2>
        <p className="break-words">{meaning(is, found)}</p>
      </div>
    </div>
  );
}

/** `not dispensed yet`, `dispensed 1 of 3 times`. */
function soFar({ dispensed, prescription }: SlipFound): string {
  const times = timesOf(prescription);
  if (dispensed.length === 0) return "not dispensed yet";
  return times === 1 ? "dispensed once, of once" : `dispensed ${dispensed.length} of ${times} times`;
}

function meaning(is: SlipIs, { prescription, cancelled, ledger, dispensed }: SlipFound): string {
  const left = timesOf(prescription) - dispensed.length;
  const last = dispensed.at(-1);
  const until = fullDay(new Date(orderOfPrescription(prescription).until));
  switch (is) {
    case "valid":
      if (!last) return `${capital(often(left))}, until ${until}`;
      return `Last on ${moment(last.at)}${last.by ? ` at ${last.by.pharmacy}` : ""}. ${capital(often(left))} more, until ${until}.`;
    case "dispensed":
      return "Genuine, but used up. Don’t hand it out again.";
    case "expired":
      return `It was good until ${until}. Don’t hand it out.`;
    case "unsure":
      return ledger.is === "away"
        ? "The ledger couldn’t be asked just now, so nobody vouches for the doctor. Please try again in a minute."
        : "A new prescription takes a moment to get there. Please try again in a minute.";
    default: {
      const reason = cancelled?.says.reason ? ` Reason: ${cancelled.says.reason}` : "";
      return `On ${fullDay(new Date(cancelled!.at))}. Don’t hand it out.${reason}`;
    }
  }
}

/** `already`: how often the prescription was dispensed. */
function Medicine({ item, already }: { item: Item; already: number }) {
  const { howMuch, howOften } = inWords(item);
  return (
    <section>
      <h3 className="text-lead font-bold break-words">{item.medication}</h3>
      <dl className="mt-2">
        <Fact name="Dose">{howMuch}</Fact>
        <Fact name="Frequency">{howOften}</Fact>
        {item.quantity ? <Fact name="Quantity">{amountWords(item.quantity)}</Fact> : null}
        <Fact name="Refills">{refillsLeft(item.refills, already)}</Fact>
        {item.instructions ? <Fact name="Instructions">{item.instructions}</Fact> : null}
      </dl>
    </section>
  );
}

/** Its medicines need not have as many: one may be used up while another is not. */
function refillsLeft(refills: number, already: number): string {
  if (already === 0) return String(refills);
  return already > refills
    ? `${refills}, used up: don’t hand it out again`
    : `${refills}, ${refills - already + 1} left`;
}

const saveResult = (held: Held) =>
  saveFile(new Blob([resultText(held, new Date())], { type: "text/plain" }), `RX ${slipNumber(held.record)}.txt`);

/** When and where, for whoever comes next. */
function DispensedCard({ held }: { held: Held }) {
  const { view, found } = held;
  const id = useId();
  const { refused } = view.state;
  return (
    <Card aria-labelledby={id} className="rounded-2xl p-5 sm:p-5">
      <h2 id={id} className="font-semibold">
        {capital(soFar(found))}
      </h2>
      <ol className="mt-3 grid gap-3">
        {found.dispensed.map(({ at, by }) => (
          <li key={at} className="flex gap-3">
            <PackageCheck aria-hidden="true" className="mt-0.5 size-5 shrink-0 text-muted-foreground" />
            <div className="min-w-0">
              <p className="font-semibold break-words">
                {by ? by.pharmacy : "By a pharmacy that left no readable name"}
              </p>
              {by?.person ? <p className="text-table break-words">{by.person}</p> : null}
              <p className="text-table text-muted-foreground">{moment(at)}</p>
            </div>
          </li>
        ))}
      </ol>
      {refused ? (
        <p className="mt-3 text-table text-muted-foreground">
          {counted(refused.times, "later try was", "later tries were")} refused, the last on {moment(refused.last)}.
        </p>
      ) : null}
      <p className="mt-3 border-t pt-3 text-table text-muted-foreground">
        The patient says it wasn’t them? They can see this too, and ask{" "}
        {shortName(orderOfPrescription(found.prescription).clinician)} for a new one.
      </p>
      <CallPractice phone={view.phone} says={`${view.clinic}:`} className="mt-3 text-table" />
      <Button variant="outline" className="mt-3 min-h-11 w-full" onClick={() => saveResult(held)}>
        <Download aria-hidden="true" />
        Save this result
      </Button>
    </Card>
  );
}
