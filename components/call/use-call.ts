"use client";

import { useEffect, useRef, useState, useSyncExternalStore } from "react";
import { whileUnreachable } from "@/components/records/patience.ts";
import { toast } from "@/components/ui/toaster.tsx";
import { whenIdle } from "@/components/ui/when-idle.ts";
import { openCall } from "@/lib/call/call.browser.ts";
import type { Call, CallView, PhotoState } from "@/lib/call/call-view.browser.ts";
import { type Line, openLine } from "@/lib/call/line.browser.ts";
import { type Media, openMedia } from "@/lib/call/media.browser.ts";
import type { MemberId } from "@/lib/call/member.ts";
import type { Permission } from "@/lib/call/permission.ts";
import { signersOf, type TermsOf } from "@/lib/call/signers.ts";
import { openStanding, type Standing } from "@/lib/call/standing.ts";
import { openVerified } from "@/lib/call/verified.browser.ts";
import type { NotPrivate } from "@/lib/call/verified.ts";
import type { LedgerDomain } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { visitTopic } from "@/lib/visits/link.ts";
import { prepareFile } from "./prepare-file.ts";
import { logStore } from "./room-later.tsx";

/** A room's call with what holds its permissions. */
interface CallHere extends Here {
  /** This page takes this permission back: whom it let in is out at once, before anybody is asked. */
  refuse: Standing["refuse"];
  /** Not after all, since nobody could be told: the call goes on. */
  keep: Standing["keep"];
}

export interface Here {
  call: Call;
  line: Line;
  media: Media;
}

interface UseCallOptions {
  visitId: string;
  me: MemberId;
  /** The page's own line and devices, where it has them; otherwise the room opens both and closes them again. */
  line?: Line | undefined;
  media?: Media | undefined;
  /** What this page signs with, where permissions count, and those of this visit, which name whose keys speak. */
  keys: Keys;
  ledger: () => Promise<LedgerDomain>;
  permissions: readonly Permission[];
  /** Whom their texts name. */
  terms: () => Promise<TermsOf>;
  /** The same, asked of the server: someone is here whom the page does not know yet. */
  findPermissions: () => Promise<readonly Permission[]>;
  onNotPrivate: (found: NotPrivate) => void;
  /** Who is told of a guest with whom the line was not private; the page says so by itself. */
  reportGuest?: (guest: MemberId, found: NotPrivate) => Promise<unknown>;
  record: (file: File, id: string) => Promise<string>;
  recordFirst: () => boolean;
}

/** The call of this room, for as long as the room is shown. Undefined for the first moment. */
export function useCallHere(options: UseCallOptions): CallHere | undefined {
  const { visitId, me, line: given, media: devices } = options;
  const [here, setHere] = useState<CallHere>();
  const newest = useRef(options);
  newest.current = options;
  const taken = useRef<Standing>(undefined);
  useEffect(() => {
    const life = new AbortController();
    const { signal } = life;
    const line = given ?? openLine({ signal, ...(me === "clinician" ? {} : { visitId }) });
    const media = devices ?? openMedia({ signal });
    if (!devices) void media.start();
    const ledger = () => newest.current.ledger();
    const signerOf = async (member: MemberId) => {
      const [on, visit, terms] = await Promise.all([ledger(), visitTopic(visitId), newest.current.terms()]);
      const named = async (given: readonly Permission[]) => {
        const about = { ledger: on, visit, terms, permissions: standing.still(given) };
        return (await signersOf({ ...about, at: Math.floor(Date.now() / 1_000) })).get(member);
      };
      const find = () => newest.current.findPermissions();
      return (await named(newest.current.permissions)) ?? named(await whileUnreachable(find, signal));
    };
    const call = openCall({
      visitId,
      me,
      line,
      media,
      signal,
      vouching: openVerified({ visitId, ledger, keys: newest.current.keys, signerOf }),
      onNotPrivate: (found) => newest.current.onNotPrivate(found),
      onGuestNotPrivate: (guest, found) => {
        toast("What came from a guest was not what they signed. You are not connected with them any more.");
        // Refused when another page was first.
        void newest.current.reportGuest?.(guest, found).catch(() => {});
      },
      onCheckpoint: (note) =>
        void logStore()
          .then((log) => log.hearCheckpoint(note))
          .catch(() => {}),
      prepare: (file) => prepareFile(visitId, file, signal),
      record: (file, id) => newest.current.record(file, id),
      recordFirst: () => newest.current.recordFirst(),
    });
    // Whose keys speak is found out while the server is asked to let us in: the first description does not wait for it.
    void signerOf(me).catch(() => {});
    const standing = openStanding({
      others: () => call.getSnapshot().others.map((other) => other.member),
      drop: call.drop,
      restore: call.restore,
      leave: call.leave,
      signal,
    });
    standing.now(newest.current.permissions);
    taken.current = standing;
    setHere({ call, line, media, refuse: standing.refuse, keep: standing.keep });
    return () => life.abort();
  }, [visitId, me, given, devices]);
  const { permissions } = options;
  // The list is made anew with every drawing: what is in it says whether it is another.
  const list = permissions.map(({ member, signature }) => `${member} ${signature}`).join();
  // biome-ignore lint/correctness/useExhaustiveDependencies: `list` stands for the permissions
  useEffect(() => taken.current?.now(permissions), [list]);
  return here;
}

export const useCallView = (call: Call): CallView =>
  useSyncExternalStore(call.subscribe, call.getSnapshot, call.getSnapshot);

const nothing = () => () => {};
/** How the doctor's question for a photograph stands; also before there is a call. */
export const usePhotoState = (call: Call | undefined): PhotoState => {
  const look = () => call?.getSnapshot().photo ?? "none";
  return useSyncExternalStore(call?.subscribe ?? nothing, look, look);
};

/** Longer than this nothing waits for a picture. */
const SETTLE_MS = 2_500;

/** True once they see each other, or have waited for it long enough: until then nobody needs what the same server would be asked for. */
export function useSettled(call: Call | undefined): boolean {
  const [settled, settle] = useState(false);
  useEffect(() => {
    if (!call || settled) return;
    const life = new AbortController();
    let rest: (() => void) | undefined;
    const look = () => {
      const { state, remote } = call.getSnapshot();
      if (state.is !== "live") return;
      const picture = remote?.getVideoTracks()[0];
      // A track is muted until the first of its pictures has come.
      if (picture?.muted) picture.addEventListener("unmute", look, { signal: life.signal });
      else rest ??= whenIdle(() => settle(true));
    };

    const stop = call.subscribe(look);
    const timer = setTimeout(() => settle(true), SETTLE_MS);
    look();
    return () => {
      stop();
      rest?.();
      life.abort();
      clearTimeout(timer);
    };
  }, [call, settled]);
  return settled;
}
