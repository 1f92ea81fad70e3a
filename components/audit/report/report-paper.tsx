import type { ReactNode } from "react";
import { Mark } from "@/components/ui/mark.tsx";
import { counted, figure } from "@/components/ui/text.ts";
import { fullDay, longWhen } from "@/components/ui/times.ts";
import type { Report } from "@/lib/audit/report.ts";
import { isRefusalCode } from "@/lib/refusal.ts";
import { recordKinds } from "@/lib/strings/en.ts";
import { actions, refusalKinds } from "@/lib/strings/trail.ts";
import { took } from "../figures.ts";
import { outcomes } from "../filter-words.ts";
import { coin } from "../overview-trends.tsx";
import { outcomeWord, reasonWord, ruleWords } from "../review/review-words.ts";
import { monthWords, readWords } from "./report-words.ts";

interface ReportPaperProps {
  report: Report;
  clinic: string;
  ledger: string;
  now: Date;
}

/** The month as it stands on the screen and on paper. */
export function ReportPaper({ report, clinic, ledger, now }: ReportPaperProps) {
  const { visits, permissions, waits, reviews } = report;
  return (
    <>
      <header className="flex items-start justify-between gap-4 border-b-2 border-current pb-4">
        <p className="flex items-center gap-3 text-[1.25rem] font-bold">
          <Mark />
          {clinic}
        </p>
        <div className="text-right text-table">
          <p className="font-semibold">Monthly report</p>
          <p>{monthWords(report.month)}</p>
          <p>{`made on ${fullDay(now)}`}</p>
        </div>
      </header>
      <p className="mt-4 text-table">
        {`Figures of the audit log by the clock of ${report.timeZone}. Nobody’s health is in them, and nobody by name.`}
        {report.runs ? " The month is not over: these are the figures so far." : ""}
      </p>
      {report.lines === 0 && visits.made === 0 ? (
        <p className="mt-4 font-semibold">Nothing happened in this month.</p>
      ) : (
        <div className="mt-4 grid gap-x-10 gap-y-5 sm:grid-cols-2 print:grid-cols-2">
          <Section title="Visits">
            <Row name="Made">{figure(visits.made)}</Row>
            {visits.ends.map(({ end, times }) => (
              <Row key={end} name={outcomes[end]}>
                {figure(times)}
              </Row>
            ))}
            <Row name="Not over">{figure(visits.open)}</Row>
          </Section>
          <Section title="Permissions">
            <Row name="Given">{figure(permissions.given)}</Row>
            <Row name="Taken back">{figure(permissions.takenBack)}</Row>
            <Row name="Not accepted">{figure(permissions.refused)}</Row>
          </Section>
          <Section title="Waiting">
            <Row name="Patients admitted">{figure(waits.people)}</Row>
            <Row name="Half waited less than">{waits.median === null ? "—" : took(waits.median)}</Row>
            <Row name="Nine of ten waited less than">{waits.ninth === null ? "—" : took(waits.ninth)}</Row>
          </Section>
          <Section title="Records">
            <Tally rows={report.records} tell={kindWord} none="Nothing was recorded." />
          </Section>
          <Section title="Records, notes and files opened">
            {report.reads.length === 0 ? <None>Nothing was opened.</None> : null}
            {report.reads.map(({ reason, times }) => (
              <Row key={reason} name={readWords[reason]}>
                {figure(times)}
              </Row>
            ))}
          </Section>
          <Section title="Taken along">
            <Tally rows={report.taken} tell={actionWord} none="Nothing was taken along." />
          </Section>
          <Section title="Refused">
            <Tally rows={report.refusals} tell={refusalWord} none="Nothing was refused." />
          </Section>
          <Section title="Unusual">
            {report.findings.length === 0 ? <None>Nothing unusual was found.</None> : null}
            {report.findings.map(({ rule, times }) => (
              <Row key={rule} name={ruleWords[rule].title}>
                {figure(times)}
              </Row>
            ))}
            {report.dismissals.map(({ code, times }) => (
              <Row key={code} name={`Dismissed: ${reasonWord(code)}`}>
                {figure(times)}
              </Row>
            ))}
          </Section>
          <Section title="Reviews">
            <Row name="Given to somebody">{figure(reviews.begun)}</Row>
            {reviews.closed.map(({ code, times }) => (
              <Row key={code} name={`Closed: ${outcomeWord(code)}`}>
                {figure(times)}
              </Row>
            ))}
          </Section>
          <LedgerSection report={report} ledger={ledger} />
          <LogSection report={report} />
        </div>
      )}
    </>
  );
}

function LedgerSection({ report, ledger: label }: { report: Report; ledger: string }) {
  const { acts, transactions, gas, wei, median, ninth, slowest } = report.ledger;
  return (
    <Section title="Ledger">
      <Row name="Which">{label}</Row>
      <Row name="Acts on the ledger">{figure(acts)}</Row>
      <Row name="Transactions">{figure(transactions)}</Row>
      <Row name="Gas">{acts > 0 ? `${figure(gas)}; ${figure(Math.round(gas / acts))} an act` : figure(gas)}</Row>
      <Row name="Cost">
        {wei === null ? "none: our own ledger" : `at most ${coin(BigInt(wei))} of the network’s coin`}
      </Row>
      {median === null || ninth === null || slowest === null ? null : (
        <Row name="From saved to on the ledger">
          {`half within ${took(median)}, nine of ten within ${took(ninth)}, the slowest ${took(slowest)}`}
        </Row>
      )}
    </Section>
  );
}

/** What binds the month's lines, and how anybody finds out whether it does. */
function LogSection({ report }: { report: Report }) {
  const { checkpoint, anchor, key, origin } = report.log;
  return (
    <section aria-label="The log at the month’s end" className="break-inside-avoid sm:col-span-2 print:col-span-2">
      <h2 className="border-b font-semibold">The log at the month’s end</h2>
      <dl className="text-table">
        <Row name="Lines of this month">{figure(report.lines)}</Row>
        {checkpoint ? (
          <>
            <Row name="Lines signed for">{`${figure(checkpoint.lines)}, ${longWhen(new Date(checkpoint.at))}`}</Row>
            <Row name="Root">
              <Code>{checkpoint.root}</Code>
            </Row>
          </>
        ) : (
          <Row name="Root">nothing was signed in this month</Row>
        )}
        {anchor ? (
          <>
            <Row name="On the ledger">{`the root of ${counted(anchor.lines, "line", "lines")}, in block ${anchor.block === null ? "—" : figure(anchor.block)}`}</Row>
            <Row name="Its root">
              <Code>{anchor.root}</Code>
            </Row>
            <Row name="Transaction">
              <Code>{anchor.transaction ?? "—"}</Code>
            </Row>
          </>
        ) : (
          <Row name="On the ledger">nothing in this month</Row>
        )}
        <Row name="Name of the log">
          <Code>{origin}</Code>
        </Row>
        <Row name="Key of the log">
          <Code>{key}</Code>
        </Row>
      </dl>
      <p className="mt-2 text-table">
        To check it: make the tree of RFC 9162 of the log’s first leaves, one more than the lines (the ledger’s birth is
        leaf 0). Any program for c2sp.org/tlog-tiles reads them at /log of this practice’s address, “npm run audit --
        fsck” makes them of the lines themselves, and the ledger’s contract has the root of the transaction above.
      </p>
    </section>
  );
}

const Section = ({ title, children }: { title: string; children: ReactNode }) => (
  <section aria-label={title} className="break-inside-avoid">
    <h2 className="border-b font-semibold">{title}</h2>
    <dl className="text-table">{children}</dl>
  </section>
);

const Row = ({ name, children }: { name: string; children: ReactNode }) => (
  <div className="flex flex-wrap justify-between gap-x-4 py-0.5">
    <dt className="min-w-0 break-words">{name}</dt>
    <dd className="figures min-w-0 font-semibold break-words">{children}</dd>
  </div>
);

const Code = ({ children }: { children: string }) => (
  <span className="font-mono text-small font-normal break-all">{children}</span>
);

const None = ({ children }: { children: string }) => (
  <div>
    <dt className="sr-only">In this month</dt>
    <dd>{children}</dd>
  </div>
);

interface TallyProps {
  rows: readonly { code: string; times: number }[];
  tell: (code: string) => string;
  none: string;
}

function Tally({ rows, tell, none }: TallyProps) {
  if (rows.length === 0) return <None>{none}</None>;
  return rows.map(({ code, times }) => (
    <Row key={code} name={tell(code)}>
      {figure(times)}
    </Row>
  ));
}

/* A code that nobody knows, in a line that somebody changed, is told as it stands. */
const refusalWord = (code: string) => (isRefusalCode(code) ? refusalKinds[code] : code);
const kindWord = (code: string) =>
  Object.hasOwn(recordKinds, code) ? recordKinds[code as keyof typeof recordKinds] : code;
const actionWord = (code: string) => (Object.hasOwn(actions, code) ? actions[code as keyof typeof actions] : code);
