"use client";

import { NotebookPen, Users } from "lucide-react";
import { useEffect, useRef } from "react";
import { useFetchClinic, useOwnClinic } from "@/components/auth/own-clinic.ts";
import { useRecords } from "@/components/records/use-records.ts";
import { fetched } from "@/components/ui/fetched.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { uncapital } from "@/components/ui/text.ts";
import { clock } from "@/components/ui/times.ts";
import { useGuests } from "@/components/visits/guests/use-guests.tsx";
import { calledOf, nameOf, type Opened, useOpened } from "@/components/visits/opened.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import { permissionsOf } from "@/lib/call/signers.ts";
import type { NotPrivate } from "@/lib/call/verified.ts";
import { type ConsentView, choiceFor } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { readEnvelope } from "@/lib/records/api.ts";
import { Refusal } from "@/lib/refusal.ts";
import { endVisit, readVisit, reportNotPrivate, type VisitView } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { recordedWords } from "./recorded.ts";
import { Room } from "./room.tsx";
import { AskPill, PermissionBadge } from "./stage-parts.tsx";
import { useCallHere, useCallView, useSettled } from "./use-call.ts";
import { useFilesLeft } from "./use-files-left.ts";
import { useRecording, withPatience } from "./use-recording.ts";

const PrescribePanel = fetched(
  () => import("@/components/records/prescribe-panel.tsx").then((m) => m.PrescribePanel),
  () => <Loading label="Opening the prescription" />,
);

const AddToNotes = fetched(() => import("@/components/records/add-to-notes.tsx").then((m) => m.AddToNotes));
const NotesPanel = fetched(
  () => import("@/components/records/notes-panel.tsx").then((m) => m.NotesPanel),
  () => <Loading label="Opening your notes" className="p-4" />,
);

const PeoplePanel = fetched(
  () => import("@/components/visits/guests/people-panel.tsx").then((m) => m.PeoplePanel),
  () => <Loading label="Opening who is here" className="p-4" />,
);

interface ClinicianRoomProps {
  visit: VisitView;
  keys: Keys;
  line?: Line;
  /** Camera and microphone that are on already. */
  media?: Media | undefined;
  /** The call is over: ask for the visit again. */
  onChanged?: () => void;
  onNotPrivate: (found: NotPrivate) => void;
}

/** The doctor's room. Without a permission and a patient there is none. */
export function ClinicianRoom(props: ClinicianRoomProps) {
  const { visit, keys } = props;
  const opened = useOpened(visit, keys);
  if (!visit.consent || !visit.patient || !opened) return <Loading label="Opening the room" />;
  return <InRoom {...props} consent={visit.consent} recipient={visit.patient.recipient} opened={opened} />;
}

function InRoom({
  visit,
  keys,
  line: given,
  media,
  onChanged,
  onNotPrivate,
  consent,
  recipient,
  opened,
}: ClinicianRoomProps & { consent: ConsentView; recipient: string; opened: Opened }) {
  const { id: visitId } = visit;
  const name = opened.name ? nameOf(opened) : "Patient";
  const called = calledOf(opened);
  const files = choiceFor(consent.consent.scopes, "file-share");

  const lineNow = useRef<Line>(undefined);
  const fetchClinic = useFetchClinic();
  const ledger = useOwnClinic().data?.ledger;
  const findLedger = async () => (await fetchClinic()).ledger;
  const recorder = useRecording({
    visitId,
    consent,
    keys,
    recipients: [keys.recipient, recipient],
    ledger: findLedger,
    line: () => lineNow.current,
  });
  const here = useCallHere({
    visitId,
    me: "clinician",
    line: given,
    media,
    keys,
    ledger: findLedger,
    terms: async () => ({ clinic: (await fetchClinic()).name ?? "", clinician: visit.clinician.name }),
    permissions: permissionsOf(visit),
    findPermissions: async () => permissionsOf(await ask(readVisit, { visitId })),
    onNotPrivate,
    reportGuest: (guestId, { why }) => ask(reportNotPrivate, { visitId, guestId, why }),
    record: recorder.share,
    recordFirst: () => files === "ask",
  });
  lineNow.current = here?.line;
  const settled = useSettled(here?.call);
  const records = useRecords(visitId, here?.line, ledger && { ledger, consent }, settled);
  useFilesLeft(visitId, settled, recorder.recordFilesLeft);
  const guests = useGuests(visit.guests, keys, here?.line);
  const toAgree = visit.guests.find((guest) => guest.state === "asking" && guest.acceptedAt === null);
  if (!here) return <Loading label="Opening the room" />;

  const started = records.records?.some((one) => one.kind === "session-start");
  const end = async () => {
    await withPatience(recorder.recordSessionEnd());
    try {
      await ask(endVisit, { visitId });
    } catch (fault) {
      if (!(fault instanceof Refusal && fault.code === "visit.over")) throw fault;
    }
    here.call.leave();
  };

  return (
    <>
      <SessionStart call={here.call} started={started} record={recorder.recordSessionStart} />
      <Room
        {...here}
        doctor
        name={name}
        called={called}
        startedAt={visit.startedAt ?? visit.admittedAt}
        files={files}
        stateOf={(record) => records.records?.find((one) => one.id === record && one.kind === "file-share")?.ledger}
        onLook={async (id) => {
          await ask(readEnvelope, { visitId, id });
          const at = clock(new Date(consent.grantedAt));
          return `Opened now under ${called}’s permission of ${at}. ${called} sees that you looked.`;
        }}
        recorded={recordedWords(records.records)}
        guestOf={guests.who}
        badge={(show, panel) => (
          <>
            <PermissionBadge />
            {toAgree && panel !== "people" ? (
              <AskPill onClick={() => show("people")}>{called} asks for a guest</AskPill>
            ) : null}
          </>
        )}
        aside={
          <>
            <p className="truncate font-semibold">{name}</p>
            {opened.language ? <p className="truncate text-stage-muted">Speaks {opened.language}</p> : null}
          </>
        }
        besideFile={({ name }, from) => <AddToNotes visitId={visitId} line={`File: ${name} (${uncapital(from)})`} />}
        extra={{
          prescribe: {
            title: "Prescribe",
            body: (close) => (
              <PrescribePanel
                visitId={visitId}
                patientName={opened.name || null}
                clinicianName={visit.clinician.name}
                consent={consent}
                opening={{ visitId, keys, consent, recipients: [keys.recipient, recipient] }}
                recorder={recorder}
                records={records}
                onClose={close}
              />
            ),
          },
          people: {
            title: "In this call",
            more: { word: "People", icon: Users },
            body: () => (
              <PeoplePanel
                visitId={visitId}
                guests={visit.guests}
                names={guests.names}
                other={{ name, called, as: "Patient" }}
                me="clinician"
                recipients={[keys.recipient, recipient]}
                ledgerOf={guests.ledgerOf}
                onChanged={() => onChanged?.()}
              />
            ),
          },
          notes: {
            title: "Notes",
            body: () => <NotesPanel visitId={visitId} />,
            more: { word: "Notes", icon: NotebookPen },
          },
        }}
        onEnd={end}
        onOver={() => onChanged?.()}
      />
    </>
  );
}

/** The first time the call is live, its start is recorded; once, however often the page is loaded. */
function SessionStart({
  call,
  started,
  record,
}: {
  call: Parameters<typeof useCallView>[0];
  started: boolean | undefined;
  record: (between: { clinician: string; patient: string }) => Promise<unknown>;
}) {
  const live = useCallView(call).state.is === "live";
  const done = useRef(false);
  useEffect(() => {
    const ends = live ? call.ends() : undefined;
    if (!ends || started !== false || done.current) return;
    done.current = true;
    record({ clinician: ends.clinician.fingerprint, patient: ends.patient.fingerprint }).catch(() => {
      done.current = false;
    });
  }, [call, live, started, record]);
  return null;
}
