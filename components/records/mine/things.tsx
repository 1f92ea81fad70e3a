"use client";

import type { ReactNode } from "react";
import { shortName } from "@/components/consent/names.ts";
import { Card } from "@/components/ui/card.tsx";
import { Empty } from "@/components/ui/empty.tsx";
import { day } from "@/components/ui/times.ts";
import type { Kind } from "@/lib/consent/grant.ts";
import type { Certificate } from "@/lib/records/erasure.ts";
import { ContentRow, RecordRows } from "../record-rows.tsx";
import type { Opening } from "../use-opened.ts";
import { Erase, EraseAll } from "./erase.tsx";
import { type MyVisit, timeOf } from "./use-mine.ts";

/** With what a visit's records are opened. Only for visits that a permission was given in: without one there are none. */
export const openingOf = ({ join, keys }: MyVisit): Opening => ({
  visitId: join.id,
  keys,
  consent: join.consent!,
  recipients: [keys.recipient, join.clinician.key.recipient],
});
const readerOf = ({ join }: MyVisit) => ({ calm: true, patient: "you", clinician: shortName(join.clinician.name) });

function VisitCard({ visit, children }: { visit: MyVisit; children: ReactNode }) {
  const heading = `of-${visit.join.id}`;
  return (
    <Card calm aria-labelledby={heading}>
      <h2 id={heading} className="text-lead font-semibold">
        {visit.join.clinician.name}
      </h2>
      <p className="text-calm-small text-muted-foreground">
        {visit.join.clinic}, {day(timeOf(visit))}
      </p>
      {children}
    </Card>
  );
}

/** What was recorded of one kind, visit by visit; each is opened as it is shown. */
export function Things({
  visits,
  kind,
  icon,
  none,
}: {
  visits: readonly MyVisit[];
  kind: Kind;
  icon: ReactNode;
  /** What to say where there is nothing yet. */
  none: string;
}) {
  const found = visits
    .filter(({ join }) => join.consent)
    .map((visit) => ({ visit, records: visit.records.filter((record) => record.kind === kind) }))
    .filter(({ records }) => records.length > 0);
  if (found.length === 0) return <Empty icon={icon} title={none} className="rounded-2xl" />;
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {found.map(({ visit, records }) => (
        <VisitCard key={visit.join.id} visit={visit}>
          <ul className="@container mt-4">
            {records.map((record) => (
              <ContentRow key={record.id} record={record} opening={openingOf(visit)} reader={readerOf(visit)} />
            ))}
          </ul>
        </VisitCard>
      ))}
    </div>
  );
}

/** Every visit with all that was recorded in it. */
export function Visits({
  visits,
  onChanged,
  onCertificate,
}: {
  visits: readonly MyVisit[];
  onChanged: () => void;
  onCertificate: (certificate: Certificate) => void;
}) {
  return (
    <div className="grid grid-cols-[minmax(0,1fr)] gap-4">
      {visits.map((visit) => (
        <VisitCard key={visit.join.id} visit={visit}>
          {visit.join.consent ? (
            <RecordRows records={visit.records} asks={visit.asks} opening={openingOf(visit)} reader={readerOf(visit)} />
          ) : (
            <p className="mt-3 text-calm-small">You gave no permission in this visit, so nothing was recorded.</p>
          )}
          <Erase visit={visit} onCertificate={onCertificate} />
        </VisitCard>
      ))}
      <EraseAll visits={visits} onAsked={onChanged} />
    </div>
  );
}
