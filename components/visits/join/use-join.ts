"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type * as z from "zod/mini";
import { consentMoved } from "@/components/consent/moved.ts";
import { type Line, openLine } from "@/lib/call/line.browser.ts";
import type { ConsentView } from "@/lib/consent/grant.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { Refusal } from "@/lib/refusal.ts";
import { type JoinView, openLink, readJoin } from "@/lib/visits/api.ts";
import { tokenOf } from "@/lib/visits/link.ts";
import { secretOf, stripAddress } from "@/lib/visits/link-secret.browser.ts";
import { ask, type LedgerState, speakAs } from "@/lib/wire.ts";
import { AFTER_ADMIT_MS } from "../after-admit.ts";
import { type Unable, unableHere } from "./browsers.ts";
import { keepName } from "./kept-here.ts";
import type { Claimed } from "./patient-keys.ts";
import { hasRing } from "./patient-ring.ts";

export type LinkAbout = z.infer<typeof openLink.answer>;

/** Why someone at a link gets no further. */
export type Trouble =
  | "incomplete"
  | "wrong"
  | "claimed"
  | "expired"
  | "over"
  | "keys-lost"
  | "doctor-unknown"
  | "key-changed"
  | "locked"
  | Unable
  | "too-many"
  | "unreachable"
  | "broke";

/** The session is here but not the keys; the words that made this signer bring them back. */
export interface KeysLost extends Claimed {
  clinic: string;
}

type JoinState =
  | { is: "reading" }
  | { is: "trouble"; why: Trouble | KeysLost }
  | { is: "welcome"; about: LinkAbout; secret: string }
  | { is: "joined"; join: JoinView; keys: Keys };

const troubles: Partial<Record<string, Trouble>> = {
  "visit.not-found": "wrong",
  "visit.claimed": "claimed",
  "visit.expired": "expired",
  "visit.over": "over",
  "request.too-many": "too-many",
  "server.unreachable": "unreachable",
};

/** The keys and what is signed with them: nothing of it is needed to greet somebody. */
export async function loadJoined() {
  const joined = await import("./joined.tsx");
  joined.readyKeys();
  return joined;
}

export function troubleOf(fault: unknown): Trouble {
  if (fault instanceof Error && fault.name === "DoctorUnknown") return "doctor-unknown";
  if (fault instanceof Error && fault.name === "KeyChanged") return "key-changed";
  // As `isLocked` has it, which comes with the keys.
  if (fault instanceof Error && fault.name === "Locked") return "locked";
  return (fault instanceof Refusal && troubles[fault.code]) || "broke";
}

/** While others are before this patient their going is no news of this visit: look by ourselves. */
const QUEUE_MS = 15_000;

/** Where someone at a link stands, read from the server at every load and kept up to date over the line. */
export function useJoin(visitId: string): {
  state: JoinState;
  line: Line | undefined;
  /** Takes the link; rejects with what went wrong unless that ends the way. */
  enter: (name: string) => Promise<void>;
  /** The consent was given here: no need to wait for what the server says of it. */
  given: (consent: ConsentView) => void;
  reload: () => void;
  again: () => void;
} {
  const [state, setState] = useState<JoinState>({ is: "reading" });
  const [round, setRound] = useState(0);
  const [line, setLine] = useState<Line>();
  const joined = state.is === "joined" ? state : undefined;

  useEffect(() => {
    void round;
    const life = new AbortController();
    stripAddress();
    speakAs("patient");
    setState({ is: "reading" });
    where(visitId, life.signal)
      .then((found) => life.signal.aborted || setState(found))
      .catch((fault) => life.signal.aborted || setState({ is: "trouble", why: troubleOf(fault) }));
    return () => {
      life.abort();
      speakAs("staff");
    };
  }, [visitId, round]);

  const keys = joined?.keys;
  const reads = useRef(() => {});
  /** The state of a visit whose link was taken just now. */
  const fresh = useRef<JoinView["state"]>(undefined);
  useEffect(() => {
    if (!keys) return;
    const life = new AbortController();
    let reading = false;
    let stale = false;
    const read = async () => {
      stale = true;
      if (reading) return;
      reading = true;
      while (stale && !life.signal.aborted) {
        stale = false;
        try {
          const join = await ask(readJoin, { visitId }, { signal: life.signal });
          (await loadJoined()).assertKnown(join);
          setState((before) => (before.is === "joined" ? { ...before, join } : before));
        } catch (fault) {
          const why = troubleOf(fault);
          if (why === "doctor-unknown" || why === "key-changed") setState({ is: "trouble", why });
          // Of others the line, once back, or the next news reads again.
        }
      }
      reading = false;
    };
    reads.current = () => void read();
    const opened = openLine({ visitId, signal: life.signal });
    const mine = (news: { visitId: string }) => {
      if (news.visitId === visitId) void read();
    };
    opened.on("visit:changed", (news) => {
      // The door opens before the visit is read anew: that takes a moment, and somebody waits.
      if (news.visitId !== visitId || news.state !== "in-call") return mine(news);
      setState(letIn);
      setTimeout(() => mine(news), AFTER_ADMIT_MS);
    });
    opened.on("consent:revoked", mine);
    // Only the permission's own state is shown here, and the news carries it: no need to look at the visit again.
    opened.on("record:moved", ({ id, state: ledger }) =>
      setState((before) => (before.is === "joined" ? { ...before, join: moveIn(before.join, id, ledger) } : before)),
    );
    // Of a link that was taken a moment ago nothing but its state can have changed, and what is watched says that.
    let known = fresh.current;
    fresh.current = undefined;
    opened.connected.subscribe(() => {
      if (opened.connected.getSnapshot() && !known) void read();
    });
    opened
      .ask("visit:watch", { visitId })
      .then(({ state }) => {
        const moved = known !== undefined && known !== state;
        known = undefined;
        if (moved) void read();
      })
      .catch(() => {
        known = undefined;
      });
    setLine(opened);
    return () => {
      life.abort();
      reads.current = () => {};
      setLine(undefined);
    };
  }, [visitId, keys]);

  const ahead = joined?.join.ahead ?? 0;
  useEffect(() => {
    if (ahead === 0) return;
    const timer = setInterval(() => reads.current(), QUEUE_MS);
    return () => clearInterval(timer);
  }, [ahead]);

  const enter = useCallback(
    async (name: string) => {
      const secret = secretOf(visitId);
      if (secret?.is !== "whole") return setState({ is: "trouble", why: "incomplete" });
      try {
        const { claim } = await loadJoined();
        const found = await claim(visitId, secret.secret, name);
        keepName(visitId, name);
        fresh.current = found.join.consent ? undefined : found.join.state;
        setState({ is: "joined", ...found });
      } catch (fault) {
        const why = troubleOf(fault);
        if (why === "unreachable" || why === "broke" || why === "too-many") throw fault;
        setState({ is: "trouble", why });
      }
    },
    [visitId],
  );

  // The news that somebody waits has the visit read again.
  const given = useCallback((consent: ConsentView) => {
    setState((before) =>
      before.is === "joined" ? { ...before, join: { ...before.join, state: "waiting", consent } } : before,
    );
  }, []);
  const reload = useCallback(() => reads.current(), []);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { state, line, enter, given, reload, again };
}

async function where(visitId: string, signal: AbortSignal): Promise<JoinState> {
  const unable = unableHere(globalThis);
  if (unable) return { is: "trouble", why: unable };
  const secret = secretOf(visitId);
  const ring = await hasRing();
  // Without keys this browser never claimed anything, unless they were lost: then the address has no secret either.
  const returned = ring || secret?.is !== "whole" ? await session(visitId, signal) : null;
  if (returned) return back(returned);
  if (secret?.is !== "whole") return { is: "trouble", why: "incomplete" };
  const about = await ask(openLink, { visitId, token: await tokenOf(secret.secret) }, { signal });
  if (!about.claimed) return { is: "welcome", about, secret: secret.secret };
  // Perhaps by these very keys, whose session is gone or was another device's: they take it once more, or are told.
  if (ring) return { is: "joined", ...(await (await loadJoined()).claim(visitId, secret.secret, "")) };
  // Or by it before its keys were lost, and the link was opened once more.
  const before = await session(visitId, signal);
  return before ? back(before) : { is: "trouble", why: "claimed" };
}

async function back(join: JoinView): Promise<JoinState> {
  const { assertKnown, keysFor } = await loadJoined();
  assertKnown(join);
  const keys = await keysFor(join.id, join.pseudonym);
  if (keys) return { is: "joined", join, keys };
  // Before the consent nothing names the signer, and nothing was recorded either.
  const signer = join.consent?.consent.patient;
  return { is: "trouble", why: signer ? { visitId: join.id, clinic: join.clinic, signer } : "keys-lost" };
}

/** The visit, when this browser has already claimed it. */
async function session(visitId: string, signal: AbortSignal): Promise<JoinView | null> {
  try {
    return await ask(readJoin, { visitId }, { signal });
  } catch (fault) {
    const unknown = new Set(["auth.needed", "auth.not-allowed", "visit.not-found"]);
    if (fault instanceof Refusal && unknown.has(fault.code)) return null;
    throw fault;
  }
}

function letIn(before: JoinState): JoinState {
  if (before.is !== "joined" || before.join.state !== "waiting" || !before.join.consent) return before;
  return { ...before, join: { ...before.join, state: "in-call", admittedAt: new Date().toISOString() } };
}

function moveIn(join: JoinView, id: string, state: LedgerState): JoinView {
  return join.consent ? { ...join, consent: consentMoved(join.consent, id, state) } : join;
}
