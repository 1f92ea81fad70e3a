import { Ban, Check, CircleDot, Hand, type LucideIcon, Minus } from "lucide-react";
import Link from "next/link";
import { Badge } from "@/components/ui/badge";
import { cn } from "@/components/ui/cn";
import { RecordState } from "@/components/ui/record-state";
import { changedClass, rowLink, Td, Th, Tr } from "@/components/ui/table";
import { counted, figure } from "@/components/ui/text.ts";
import { when } from "@/components/ui/times.ts";
import type { SessionRow } from "@/lib/audit/api.ts";
import { SessionIntegrity } from "./integrity.tsx";
import type { Verification } from "./verification.ts";
import { lasted, timeIn } from "./words.ts";

const consents: Record<
  SessionRow["consent"],
  { word: string; tone: "success" | "quiet" | "warning" | "danger"; icon: LucideIcon }
> = {
  live: { word: "Active", tone: "success", icon: CircleDot },
  ended: { word: "Ended", tone: "quiet", icon: Check },
  revoked: { word: "Revoked", tone: "warning", icon: Hand },
  refused: { word: "Refused", tone: "danger", icon: Ban },
  none: { word: "Not given", tone: "quiet", icon: Minus },
};

function ConsentBadge({ consent }: { consent: SessionRow["consent"] }) {
  const { word, tone, icon: Icon } = consents[consent];
  return (
    <Badge tone={tone}>
      <Icon aria-hidden="true" />
      {word}
    </Badge>
  );
}

interface SessionTableProps {
  sessions: readonly SessionRow[];
  verification: Verification | null;
}

/** One table on a wide screen, a list on a phone. */
export function SessionTable({ sessions, verification }: SessionTableProps) {
  const isChanged = ({ visitId }: SessionRow) => (verification?.visits.get(visitId)?.changed ?? 0) > 0;
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls sideways is reached by keyboard */}
      <section className="hidden overflow-x-auto md:block" tabIndex={0} aria-label="Table of sessions">
        <table className="w-full border-collapse text-table">
          <thead>
            <tr>
              <Th aria-sort="descending">When</Th>
              <Th>Doctor</Th>
              <Th>Patient code</Th>
              <Th className="text-right">Duration</Th>
              <Th>Consent</Th>
              <Th className="text-right">Events</Th>
              <Th>Record</Th>
              <Th>Integrity</Th>
            </tr>
          </thead>
          <tbody>
            {sessions.map((session) => (
              <Tr key={session.visitId} changed={isChanged(session)}>
                <Td className="whitespace-nowrap">
                  <Link href={`/admin/audit/${session.visitId}`} className={rowLink}>
                    <time dateTime={session.at}>{timeIn(session.at, when)}</time>
                  </Link>
                </Td>
                <Td className="whitespace-nowrap">{session.clinician.name}</Td>
                <Td className="font-mono whitespace-nowrap">{session.pseudonym ?? "—"}</Td>
                <Td className="text-right whitespace-nowrap">{lasted(session.startedAt, session.endedAt)}</Td>
                <Td>
                  <ConsentBadge consent={session.consent} />
                </Td>
                <Td className="text-right">{figure(session.lines)}</Td>
                <Td>{session.ledger ? <RecordState state={session.ledger} /> : "—"}</Td>
                <Td className="whitespace-nowrap">
                  <SessionIntegrity verification={verification} visitId={session.visitId} />
                </Td>
              </Tr>
            ))}
          </tbody>
        </table>
      </section>
      <ul className="md:hidden" aria-label="Sessions">
        {sessions.map((session) => (
          <li
            key={session.visitId}
            className={cn("border-t px-4 py-3 first:border-0", isChanged(session) && changedClass)}
          >
            <Link href={`/admin/audit/${session.visitId}`} className="grid grid-cols-[1fr_auto] gap-x-3 gap-y-1">
              <time className="font-semibold" dateTime={session.at}>
                {timeIn(session.at, when)}
              </time>
              <span className="justify-self-end text-table">
                <SessionIntegrity verification={verification} visitId={session.visitId} />
              </span>
              <span className="text-table text-muted-foreground">
                {session.clinician.name}
                {session.pseudonym ? (
                  <>
                    {" · "}
                    <span className="font-mono">{session.pseudonym}</span>
                  </>
                ) : null}
              </span>
              <span className="justify-self-end">{session.ledger ? <RecordState state={session.ledger} /> : null}</span>
              <span className="col-span-2 flex flex-wrap items-center gap-2 text-table text-muted-foreground">
                <ConsentBadge consent={session.consent} />
                <span className="figures">
                  {lasted(session.startedAt, session.endedAt)} · {counted(session.lines, "event", "events")}
                </span>
              </span>
            </Link>
          </li>
        ))}
      </ul>
    </>
  );
}
