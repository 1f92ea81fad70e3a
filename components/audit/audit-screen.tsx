"use client";

import { ShieldCheck } from "lucide-react";
import { useId, useRef } from "react";
import { AdminsOnly } from "@/components/auth/admins-only.tsx";
import { StaffShell } from "@/components/auth/staff-shell";
import { useLedger } from "@/components/auth/use-ledger.ts";
import { Button } from "@/components/ui/button";
import { useFocusKept } from "@/components/ui/focus-return.ts";
import { Tab, TabList, TabPanel, Tabs } from "@/components/ui/tabs";
import { counted } from "@/components/ui/text.ts";
import { EventsView } from "./events-view.tsx";
import { Export, NoExport } from "./export.tsx";
import { Exports } from "./export-requests.tsx";
import { unexportedWords } from "./export-words.ts";
import { LogTrouble } from "./log-trouble.tsx";
import { standingWords } from "./log-words.ts";
import { AuditLinks } from "./review/audit-links.tsx";
import { SearchBox } from "./search-box.tsx";
import { SessionsView } from "./sessions-view.tsx";
import { exportAsked, useFilters } from "./use-filters.ts";
import { useLogStanding } from "./use-log.ts";
import { startVerification, stopVerification, useVerification, type Verification } from "./verification.ts";
import { VerificationCard } from "./verification-card.tsx";
import { SaveView, Views } from "./views.tsx";
import { Witnesses } from "./witnesses.tsx";

export function AuditScreen() {
  return (
    <StaffShell current="audit" wide>
      <AdminsOnly what="The audit log is">
        <Console />
      </AdminsOnly>
    </StaffShell>
  );
}

function Console() {
  const use = useFilters();
  const { filters, tab, set, any } = use;
  const ledger = useLedger().data;
  const log = useLogStanding();
  const verification = useVerification(null);
  const exported = exportAsked(filters, tab);
  const whyNoExport = useId();
  const heading = useRef<HTMLHeadingElement>(null);
  // Clear filters goes once it was pressed.
  useFocusKept(heading, any);
  const verify = () => {
    if (ledger)
      startVerification({ ledger: { chainId: ledger.chainId, address: ledger.address }, since: ledger.since });
  };

  return (
    <>
      <div className="flex flex-wrap items-center justify-between gap-3">
        <div>
          <h1 ref={heading} tabIndex={-1} className="text-title font-bold outline-none">
            Audit log
          </h1>
          <p className="text-muted-foreground">
            {[log.data && standingWords(log.data, new Date()), ledger?.label].filter(Boolean).join(" · ")}
          </p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button onClick={verify} disabled={!ledger} busy={verification?.is === "running"} className="min-h-11">
            {verification?.is === "running" ? null : <ShieldCheck aria-hidden="true" />}
            Verify all
          </Button>
          {"clear" in exported ? <NoExport why={whyNoExport} /> : <Export filter={exported.filter} />}
          <Witnesses log={log.data} />
        </div>
      </div>
      <div role="status" id={whyNoExport}>
        {"clear" in exported ? (
          <p className="mt-2 text-table text-muted-foreground sm:text-right">{unexportedWords(exported.clear)}</p>
        ) : null}
      </div>
      <AuditLinks />
      <LogTrouble log={log.data} />
      <Exports />
      <div className="mt-3 flex flex-wrap items-end gap-2">
        <div className="min-w-0 grow basis-72">
          <SearchBox key={tab} tab={tab} />
        </div>
        <Views />
        <SaveView filters={filters} any={any} />
      </div>
      {verification ? (
        <>
          <VerificationCard
            verification={verification}
            local={ledger?.local ?? true}
            onStop={() => stopVerification(null)}
            onAgain={verify}
          />
          <OnlyFound verification={verification} holds={filters.holds} onHolds={(holds) => set({ holds })} />
        </>
      ) : null}
      <Tabs value={tab} onValueChange={(to) => set({ tab: to === "events" ? to : "" })} className="mt-4">
        <TabList aria-label="What is listed" className="max-w-80 grid-cols-2">
          <Tab value="sessions">Sessions</Tab>
          <Tab value="events">Events</Tab>
        </TabList>
        <TabPanel value={tab} tabIndex={-1} className="overflow-visible">
          {tab === "events" ? (
            <EventsView {...use} verification={verification} />
          ) : (
            <SessionsView {...use} verification={verification} />
          )}
        </TabPanel>
      </Tabs>
    </>
  );
}

/** What a check found, as a filter of its own: which lines do not hold is known in this browser alone. */
function OnlyFound(props: { verification: Verification; holds: string; onHolds: (holds: string) => void }) {
  const { changed, waiting } = props.verification;
  const choices = [
    ["fails", "Show only lines that do not hold", changed.size],
    ["waiting", "Show only lines that are not on the ledger yet", waiting.size],
  ] as const;
  return (
    <div className="mt-2 flex flex-wrap gap-2">
      {choices.map(([holds, words, size]) =>
        size > 0 || props.holds === holds ? (
          <Button
            key={holds}
            variant="outline"
            size="sm"
            aria-pressed={props.holds === holds}
            className={props.holds === holds ? "border-primary bg-accent text-accent-foreground" : undefined}
            onClick={() => props.onHolds(props.holds === holds ? "" : holds)}
          >
            {words}
            <span className="sr-only">, {counted(size, "line", "lines")}</span>
          </Button>
        ) : null,
      )}
    </div>
  );
}
