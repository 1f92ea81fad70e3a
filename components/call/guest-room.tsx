"use client";

import { useRef } from "react";
import { shortName } from "@/components/consent/names.ts";
import { Loading } from "@/components/ui/skeleton.tsx";
import type { OtherView } from "@/lib/call/call-view.browser.ts";
import type { Line } from "@/lib/call/line.browser.ts";
import type { Media } from "@/lib/call/media.browser.ts";
import type { NotPrivate } from "@/lib/call/verified.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { Refusal } from "@/lib/refusal.ts";
import { type GuestJoin, leaveAsGuest, readGuest } from "@/lib/visits/guest-api.ts";
import { ask } from "@/lib/wire.ts";
import { Room } from "./room.tsx";
import { PermissionBadge } from "./stage-parts.tsx";
import { useCallHere } from "./use-call.ts";

interface GuestRoomProps {
  join: GuestJoin;
  keys: Keys;
  line: Line;
  media: Media;
  /** The guest's part is over: ask again how it stands. */
  onChanged: () => void;
  onNotPrivate: (found: NotPrivate) => void;
}

/** The patient's name is the doctor's to know; other guests are told by what they are in the room. */
const whoIs = ({ member }: Pick<OtherView, "member">) => (member === "patient" ? { name: "The patient" } : undefined);

/** The guest's room: sees, hears and writes, and nothing else. */
export function GuestRoom({ join, keys, line, media, onChanged, onNotPrivate }: GuestRoomProps) {
  const { id, visitId, clinician, ledger } = join;
  const called = shortName(clinician.name);
  const here = useCallHere({
    visitId,
    me: id,
    line,
    media,
    keys,
    ledger: async () => ledger,
    terms: async () => ({ clinic: join.clinic, clinician: clinician.name }),
    permissions: join.permissions,
    findPermissions: async () => (await ask(readGuest, { guestId: id })).permissions,
    onNotPrivate,
    record: async () => Promise.reject(new Refusal("consent.kind-not-allowed")),
    recordFirst: () => false,
  });
  const changed = useRef(onChanged);
  changed.current = onChanged;
  if (!here) return <Loading label="Opening the room" />;
  const leave = async () => {
    try {
      await ask(leaveAsGuest, { guestId: id });
    } catch (fault) {
      if (!(fault instanceof Refusal)) throw fault;
    }
    here.call.leave();
  };
  return (
    <Room
      {...here}
      doctor={false}
      guest
      name={clinician.name}
      called={called}
      guestOf={whoIs}
      startedAt={join.decidedAt}
      files="deny"
      stateOf={() => undefined}
      onLook={async () => undefined}
      badge={() => <PermissionBadge />}
      extra={{}}
      onEnd={leave}
      onOver={() => changed.current()}
    />
  );
}
