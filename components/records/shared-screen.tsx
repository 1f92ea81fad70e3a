"use client";

import { useQuery } from "@tanstack/react-query";
import { ArrowLeft, Eye, Hand } from "lucide-react";
import Link from "next/link";
import { useMemo } from "react";
import { useOwnClinic } from "@/components/auth/own-clinic.ts";
import { KeyGate, useKeys } from "@/components/auth/staff";
import { StaffShell } from "@/components/auth/staff-shell";
import { shortName } from "@/components/consent/names.ts";
import { Alert } from "@/components/ui/alert.tsx";
import { Button } from "@/components/ui/button.tsx";
import { Card, CardTitle } from "@/components/ui/card.tsx";
import { Empty } from "@/components/ui/empty.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { day, fromSeconds, until } from "@/components/ui/times.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { NotWhatWasShared } from "@/lib/records/sharing.ts";
import { wordsFor } from "@/lib/strings/apart.ts";
import { isOver, openingOf, readShare, type SharedThere } from "./open-shared.ts";
import { ContentRow } from "./record-rows.tsx";

interface Which {
  visitId: string;
  shareId: string;
}

/** What a patient of another doctor lets this one read. */
export function SharedScreen(which: Which) {
  return (
    <StaffShell current="visits">
      <KeyGate>
        <nav aria-label="Breadcrumb" className="text-table">
          <Link
            href="/visits"
            className="inline-flex min-h-9 items-center gap-1.5 text-muted-foreground hover:text-foreground"
          >
            <ArrowLeft aria-hidden="true" className="size-4 shrink-0" />
            Visits
          </Link>
        </nav>
        <Shared {...which} />
      </KeyGate>
    </StaffShell>
  );
}

function Shared(which: Which) {
  const keys = useKeys();
  const ledger = useOwnClinic().data?.ledger;
  const found = useQuery({
    queryKey: ["shared", which.shareId, keys.signer],
    queryFn: () => readShare(which, keys, ledger!),
    enabled: ledger !== undefined,
    staleTime: Number.POSITIVE_INFINITY,
  });
  if (found.data && ledger) return <There which={which} there={found.data} keys={keys} ledger={ledger} />;
  if (!found.isError) return <Loading label="Opening what was shared" className="mt-5" />;
  if (isOver(found.error)) {
    return (
      <Empty icon={<Hand aria-hidden="true" />} title="This is no longer shared with you" level={1} className="mt-5">
        Its time is over, or the patient took it back. The patient sees that you tried.
      </Empty>
    );
  }
  const forged = found.error instanceof NotWhatWasShared;
  return (
    <Alert
      tone={forged ? "danger" : "warning"}
      className="mt-5"
      title={forged ? "This is not what the patient shared" : "We couldn’t read it just now"}
    >
      {forged ? "It was changed where it is kept, so we don’t show it." : wordsFor(found.error)}
      {forged ? null : (
        <Button variant="outline" className="mt-3" onClick={() => found.refetch()} busy={found.isFetching}>
          Try again
        </Button>
      )}
    </Alert>
  );
}

function There({ which, there, keys, ledger }: { which: Which; there: SharedThere; keys: Keys; ledger: LedgerOfFile }) {
  const { share, grant } = there;
  const opening = useMemo(() => openingOf(there, which, keys, ledger), [there, which, keys, ledger]);
  const doctor = shortName(share.clinician.name);
  const who = grant.from || "The patient";
  return (
    <>
      <h1 className="mt-1 text-title font-bold break-words">Shared by {grant.from || "a patient"}</h1>
      <p className="text-table text-muted-foreground">
        From a visit with {share.clinician.name}, {until(fromSeconds(grant.until))}.
      </p>
      <Card aria-labelledby="shared" className="mt-5">
        <CardTitle id="shared">What you may read</CardTitle>
        <ul className="mt-4">
          {share.records.map((record) => (
            <ContentRow
              key={record.id}
              record={record}
              opening={opening}
              reader={{ calm: false, patient: who, clinician: `${doctor}, ${day(fromSeconds(record.signedAt))}` }}
            />
          ))}
        </ul>
      </Card>
      <p className="mt-4 flex gap-2 text-table text-muted-foreground">
        <Eye aria-hidden="true" className="mt-0.5 size-5 shrink-0" />
        {who} sees each time you open something, and can take it back at any time.
      </p>
    </>
  );
}
