"use client";

import { Users } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { shortName } from "@/components/consent/names.ts";
import { useRecords } from "@/components/records/use-records.ts";
import { fetched } from "@/components/ui/fetched.tsx";
import { Loading } from "@/components/ui/skeleton.tsx";
import { revokeForGuest } from "@/components/visits/guests/sign-guest.ts";
import { useGuests } from "@/components/visits/guests/use-guests.tsx";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import { permissionsOf } from "@/lib/call/signers.ts";
import type { NotPrivate } from "@/lib/call/verified.ts";
import { type ConsentView, choiceFor } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { readEnvelope } from "@/lib/records/api.ts";
import type { AskView } from "@/lib/records/record.ts";
import { Refusal } from "@/lib/refusal.ts";
import { endVisit, type JoinView, readJoin, reportNotPrivate } from "@/lib/visits/api.ts";
import { ask } from "@/lib/wire.ts";
import { recordedWords } from "./recorded.ts";
import { Room } from "./room.tsx";
import { AskPill, PermissionBadge } from "./stage-parts.tsx";
import { useCallHere, usePhotoState, useSettled } from "./use-call.ts";
import { useFilesLeft } from "./use-files-left.ts";
import { useRecording, withPatience } from "./use-recording.ts";

const AskCard = fetched(
  () => import("@/components/records/ask-card.tsx").then((m) => m.AskCard),
  () => <Loading label="Opening the question" />,
);
const RevokeQuestion = fetched(
  () => import("@/components/consent/revoke.tsx").then((m) => m.RevokeQuestion),
  () => <Loading label="Opening the question" />,
);

const PhotoCard = fetched(
  () => import("./photo-card.tsx").then((m) => m.PhotoCard),
  () => <Loading label="Opening the question" />,
);

const GuestQuestion = fetched(
  () => import("@/components/visits/guests/guest-question.tsx").then((m) => m.GuestQuestion),
  () => <Loading label="Opening the question" />,
);
const PeoplePanel = fetched(
  () => import("@/components/visits/guests/people-panel.tsx").then((m) => m.PeoplePanel),
  () => <Loading label="Opening who is here" className="p-4" />,
);

interface PatientRoomProps {
  join: JoinView;
  keys: Keys;
  line?: Line | undefined;
  /** Camera and microphone from the check before, still on. */
  media?: Media | undefined;
  /** The call is over: ask for the visit again. */
  onChanged?: () => void;
  onNotPrivate: (found: NotPrivate) => void;
}

/** The patient's room: large words, few controls, and the permission always in sight. */
export function PatientRoom(props: PatientRoomProps) {
  const { consent } = props.join;
  return consent ? <InRoom {...props} consent={consent} /> : <Loading label="Opening the room" />;
}

function InRoom({
  join,
  keys,
  line: given,
  media,
  onChanged,
  onNotPrivate,
  consent,
}: PatientRoomProps & { consent: ConsentView }) {
  const { id: visitId, clinician, ledger } = join;
  const called = shortName(clinician.name);
  const lineNow = useRef<Line>(undefined);
  const recorder = useRecording({
    visitId,
    consent,
    keys,
    recipients: [keys.recipient, clinician.key.recipient],
    ledger: async () => ledger,
    line: () => lineNow.current,
  });
  const here = useCallHere({
    visitId,
    me: "patient",
    line: given,
    media,
    keys,
    ledger: async () => ledger,
    terms: async () => ({ clinic: join.clinic, clinician: clinician.name }),
    permissions: permissionsOf(join),
    findPermissions: async () => permissionsOf(await ask(readJoin, { visitId })),
    onNotPrivate,
    reportGuest: (guestId, { why }) => ask(reportNotPrivate, { visitId, guestId, why }),
    record: recorder.share,
    recordFirst: () => false,
  });
  lineNow.current = here?.line;
  const photo = usePhotoState(here?.call);
  const settled = useSettled(here?.call);
  const records = useRecords(visitId, here?.line, { ledger, consent }, settled);
  useFilesLeft(visitId, settled, recorder.recordFilesLeft);

  // Neither a question nor taking a permission back waits for code over a bad line: it is fetched while the line is good.
  useEffect(() => {
    if (settled) void Promise.all([RevokeQuestion.fetch(), AskCard.fetch(), GuestQuestion.fetch()]).catch(() => {});
  }, [settled]);

  // The question stays until its outcome was read, also after it was answered.
  const [asked, setAsked] = useState<AskView>();
  const open = records.asks.find((one) => one.state === "open");
  useEffect(() => {
    if (open) setAsked(open);
  }, [open]);
  const current = asked && (records.asks.find((one) => one.id === asked.id) ?? asked);

  const guests = useGuests(join.guests, keys, here?.line);
  const deciding = join.guests.find((guest) => guest.state === "asking" && guest.acceptedAt !== null);
  const visit = { ...join, consent };

  if (!here) return <Loading label="Opening the room" />;
  const leave = async () => {
    await withPatience(recorder.recordSessionEnd());
    try {
      await ask(endVisit, { visitId });
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
    }
    here.call.leave();
  };

  return (
    <Room
      {...here}
      doctor={false}
      name={clinician.name}
      called={called}
      startedAt={join.startedAt ?? join.admittedAt}
      files={choiceFor(consent.consent.scopes, "file-share")}
      stateOf={(record) => records.records?.find((one) => one.id === record && one.kind === "file-share")?.ledger}
      onLook={(id) => ask(readEnvelope, { visitId, id }).then(() => undefined)}
      badge={(show, panel) => (
        <>
          <PermissionBadge>
            <button
              type="button"
              className="inline-flex min-h-8 cursor-pointer items-center underline underline-offset-4"
              onClick={() => show("revoke")}
            >
              Revoke
            </button>
          </PermissionBadge>
          {current?.state === "open" && panel !== "ask" ? (
            <AskPill onClick={() => show("ask")}>{called} asks you</AskPill>
          ) : null}
          {deciding && panel !== "guest" && panel !== "ask" ? (
            <AskPill onClick={() => show("guest")}>Someone would like to join</AskPill>
          ) : null}
        </>
      )}
      recorded={recordedWords(records.records)}
      wanted={asked ? "ask" : photo === "asked" ? "photo" : deciding ? "guest" : null}
      guestOf={guests.who}
      extra={{
        guest: {
          title: "Someone would like to join",
          frameless: true,
          body: () =>
            deciding?.signer ? (
              <GuestQuestion
                key={deciding.id}
                visit={visit}
                guest={{ ...deciding, signer: deciding.signer }}
                called={guests.names.get(deciding.id) ?? { name: "", forged: false }}
                keys={keys}
                onAnswered={() => onChanged?.()}
              />
            ) : null,
        },
        people: {
          title: "In this call",
          more: { word: "People", icon: Users },
          body: (_, show) => (
            <PeoplePanel
              visitId={visitId}
              guests={join.guests}
              names={guests.names}
              other={{ name: clinician.name, called, as: "Your doctor" }}
              me="patient"
              recipients={[keys.recipient, clinician.key.recipient]}
              ledgerOf={guests.ledgerOf}
              onDecide={() => show("guest")}
              onRevoke={(guest) => {
                if (guest.consent) here.refuse(guest.id, guest.consent.consent);
                return revokeForGuest(visit, guest, keys);
              }}
              onKeep={(guest) => {
                if (guest.consent) here.keep(guest.consent.consent);
              }}
              onChanged={() => onChanged?.()}
            />
          ),
        },
        ask: {
          title: `${called} asks you`,
          frameless: true,
          body: (close) =>
            current ? (
              <AskCard
                key={current.id}
                visitId={visitId}
                ask={current}
                consent={consent}
                keys={keys}
                ledger={ledger}
                clinician={clinician}
                records={records}
                onDone={() => {
                  setAsked(undefined);
                  close();
                }}
              />
            ) : null,
        },
        photo: {
          title: `${called} asks you`,
          body: (close) => <PhotoCard call={here.call} media={here.media} name={called} onDone={close} />,
        },
        revoke: {
          title: "Your permission",
          body: (close) => (
            <div className="min-h-0 grow overflow-auto p-[min(1.25rem,5vw)] text-calm">
              <RevokeQuestion
                visit={join}
                consent={consent}
                keys={keys}
                during="call"
                onRevoking={() => here.refuse("clinician", consent.consent)}
                onRevoked={() => onChanged?.()}
                onKeep={() => {
                  here.keep(consent.consent);
                  close();
                }}
              />
            </div>
          ),
        },
      }}
      onEnd={leave}
      onOver={() => onChanged?.()}
    />
  );
}
