import { CircleCheck, CircleHelp, OctagonAlert, Scale, ShieldAlert, ShieldCheck } from "lucide-react";
import Link from "next/link";
import type { ReactNode } from "react";
import { useClinic } from "@/components/auth/use-clinic.ts";
import { NodeChoice } from "@/components/ledger/node-choice.tsx";
import { Alert } from "@/components/ui/alert.tsx";
import { Card } from "@/components/ui/card.tsx";
import { cn } from "@/components/ui/cn.ts";
import { counted, figure } from "@/components/ui/text.ts";
import { longWhen } from "@/components/ui/times.ts";
import type { Checked, Line } from "@/lib/audit/verify-file.ts";
import { outcomeOf } from "@/lib/strings/evidence.ts";
import type { Chosen, Questions } from "./use-evidence.ts";
import { WitnessChoice } from "./witness-choice.tsx";

/** Every check of a file with its result: green, or first the exact line that fails. */
export function EvidenceResult({ chosen, ...questions }: { chosen: Chosen } & Questions) {
  const { checked, took } = chosen;
  return (
    <div className="mt-6 grid grid-cols-[minmax(0,1fr)] gap-5 lg:grid-cols-[1.6fr_1fr] lg:items-start">
      <Lines checked={checked} took={took} />
      <div className="grid gap-5">
        <About chosen={chosen} {...questions} />
        {checked.about?.ledger.local ? (
          <Alert
            role="none"
            tone="warning"
            icon={<Scale aria-hidden="true" className="text-warning" />}
            title="What this doesn’t prove"
          >
            One clinic runs this ledger. It cannot prove on its own that the clinic did not start it over. A receipt
            kept by the patient can.{" "}
            <Link href="/help#limits" className="text-primary underline underline-offset-4">
              Why
            </Link>
          </Alert>
        ) : null}
      </div>
    </div>
  );
}

/** What fails before what could not be told, and that before what holds. */
const rank = ({ holds }: Line) => (holds === false ? 0 : holds === null ? 1 : 2);

function Lines({ checked: { lines, about }, took }: { checked: Checked; took: number }) {
  const failed = lines.filter(({ holds }) => holds === false).length;
  const held = lines.filter(({ holds }) => holds).length;
  const ok = failed === 0;
  const Shield = ok ? ShieldCheck : ShieldAlert;
  const many = about ? `, ${counted(about.lines, "line", "lines")}` : "";
  return (
    <section className="min-w-0 overflow-hidden rounded-2xl border bg-card shadow-card" aria-labelledby="result">
      <div
        className={cn(
          "flex items-center gap-4 border-b p-[min(1.25rem,5vw)]",
          ok ? "bg-success-soft" : "bg-destructive-soft",
        )}
        role="status"
      >
        <Shield aria-hidden="true" className={cn("size-10 shrink-0", ok ? "text-success" : "text-destructive")} />
        <div className="min-w-0">
          <h2 id="result" className="text-lead font-bold">
            {outcomeOf(lines)}
          </h2>
          <p>
            {ok
              ? `${held} of ${lines.length} checks${many}, in ${took.toFixed(1)} seconds`
              : `Don’t rely on this file. ${held} of ${lines.length} checks hold.`}
          </p>
        </div>
      </div>
      <ol className="text-body">
        {[...lines]
          .sort((a, b) => rank(a) - rank(b))
          .map((line) => (
            <OneCheck key={line.name} line={line} />
          ))}
      </ol>
    </section>
  );
}

const signs = {
  holds: { icon: CircleCheck, className: "text-success", said: "holds" },
  open: { icon: CircleHelp, className: "text-muted-foreground", said: "could not be told" },
  fails: { icon: OctagonAlert, className: "text-destructive", said: "fails" },
} as const;

/** More would hide the next check: a file that is all wrong is wrong in every line. */
const SHOWN = 6;

function OneCheck({ line: { holds, title, details } }: { line: Line }) {
  const { icon: Icon, className, said } = signs[holds === null ? "open" : holds ? "holds" : "fails"];
  return (
    <li
      className={cn(
        "flex gap-3.5 border-t px-5 py-3.5 first:border-0",
        holds === false && "bg-destructive-soft shadow-[inset_4px_0_0_var(--destructive)]",
      )}
    >
      <Icon aria-hidden="true" className={cn("mt-px size-6 shrink-0", className)} />
      <div className="min-w-0">
        <p className="font-semibold">
          {title}
          <span className="sr-only">: {said}</span>
        </p>
        {details.slice(0, SHOWN).map((detail) => (
          <p key={detail} className="break-words text-muted-foreground">
            {detail}
          </p>
        ))}
        {details.length > SHOWN ? <p className="text-muted-foreground">And {details.length - SHOWN} more.</p> : null}
      </div>
    </li>
  );
}

function About({ chosen: { name, checked, node }, lookThrough, askAbout }: { chosen: Chosen } & Questions) {
  const { is, about, unasked } = checked;
  const [now] = useClinic();
  const here = now.is === "known" ? now.clinic.ledger : null;
  const isHere = here?.chainId === about?.ledger.chainId && here?.address === about?.ledger.address;
  return (
    <Card aria-labelledby="what" className="rounded-2xl p-5 shadow-none sm:p-5">
      <h2 id="what" className="font-semibold">
        What was checked
      </h2>
      <dl className="mt-2 grid gap-2 text-table">
        <Row name="File">
          <span className="break-all">{name}</span>
        </Row>
        {about ? (
          <>
            <Row name={is === "visit" ? "Visit" : "Erasure"}>
              {[about.clinician ?? about.clinic, longWhen(new Date(about.at))].join(", ")}
            </Row>
            <Row name="Ledger">{about.ledger.local ? `Local ledger of ${about.clinic}` : about.ledger.label}</Row>
            {about.asOf ? (
              <Row name="As of">
                {longWhen(about.asOf.at)}, block {figure(about.asOf.block)}
              </Row>
            ) : null}
            <Row name="Contract">
              <span className="font-mono font-normal break-all">{about.ledger.address}</span>
            </Row>
            <Row name="Node">{node ?? "this clinic’s"}</Row>
          </>
        ) : null}
      </dl>
      {about ? (
        <div className="mt-3 text-table">
          <p className="text-muted-foreground">
            {isHere
              ? "It is the contract that the practice of this page uses."
              : `${here ? "It is another contract than the practice of this page uses. " : ""}Compare it with what the practice in question tells you.`}
          </p>
          <NodeChoice calm={false} promises={{ node, chooseNode: lookThrough }} />
          {is === "visit" ? <WitnessChoice unasked={unasked} askAbout={askAbout} /> : null}
        </div>
      ) : null}
    </Card>
  );
}

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="grid grid-cols-[4.5rem_minmax(0,1fr)] gap-3">
    <dt className="text-muted-foreground">{name}</dt>
    <dd className="font-semibold">{children}</dd>
  </div>
);
