"use client";

import { useCallback, useEffect, useRef, useState } from "react";
import type * as z from "zod/mini";
import { type Line, openLine } from "@/lib/call/line.browser.ts";
import { digestOf } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { cardHolds } from "@/lib/keyring/signature.ts";
import { Refusal } from "@/lib/refusal.ts";
import type { GuestRole } from "@/lib/visits/guest.ts";
import { claimGuestLink, type GuestJoin, openGuestLink, readGuest } from "@/lib/visits/guest-api.ts";
import { sealGuestName } from "@/lib/visits/guest-name.ts";
import { tokenOf } from "@/lib/visits/link.ts";
import { forgetGuestSecret, guestSecretOf, stripAddress } from "@/lib/visits/link-secret.browser.ts";
import { ask } from "@/lib/wire.ts";
import { DoctorUnknown } from "./claim.ts";
import { makeKeys } from "./patient-keys.ts";
import { type Trouble, troubleOf } from "./use-join.ts";

export type GuestAbout = z.infer<typeof openGuestLink.answer>;
type GuestAt =
  | { is: "reading" }
  | { is: "trouble"; why: Trouble }
  | { is: "welcome"; about: GuestAbout }
  | { is: "joined"; join: GuestJoin; keys: Keys };

/** Where a guest stands: read from the server at every load and kept up to date over the line. */
export function useGuest(guestId: string): {
  at: GuestAt;
  line: Line | undefined;
  /** Takes the link and asks to join. */
  enter: (name: string, role: GuestRole) => Promise<void>;
  reload: () => void;
  again: () => void;
} {
  const [at, setAt] = useState<GuestAt>({ is: "reading" });
  const [round, setRound] = useState(0);
  const [line, setLine] = useState<Line>();

  useEffect(() => {
    void round;
    const life = new AbortController();
    stripAddress();
    setAt({ is: "reading" });
    where(guestId, life.signal)
      .then((found) => life.signal.aborted || setAt(found))
      .catch((fault) => life.signal.aborted || setAt({ is: "trouble", why: troubleOf(fault) }));
    return () => life.abort();
  }, [guestId, round]);

  const visitId = at.is === "joined" ? at.join.visitId : undefined;
  const reads = useRef(() => {});
  useEffect(() => {
    if (!visitId) return;
    const life = new AbortController();
    const { signal } = life;
    // One after the other, so that an older answer never covers a newer one.
    let last = Promise.resolve();
    const read = () => {
      last = last.then(async () => {
        const join = await ask(readGuest, { guestId }, { signal }).catch(() => null);
        if (join && !signal.aborted) setAt((before) => (before.is === "joined" ? { ...before, join } : before));
      });
    };
    reads.current = read;
    const opened = openLine({ visitId, guest: guestId, signal });
    opened.on("visit:changed", read);
    opened.on("consent:revoked", read);
    opened.connected.subscribe(() => opened.connected.getSnapshot() && read());
    opened.ask("visit:watch", { visitId }).then(read, () => {});
    setLine(opened);
    return () => {
      life.abort();
      reads.current = () => {};
      setLine(undefined);
    };
  }, [guestId, visitId]);

  const enter = useCallback(
    async (name: string, role: GuestRole) => {
      const secret = guestSecretOf(guestId);
      if (!secret) return setAt({ is: "trouble", why: "incomplete" });
      try {
        setAt({ is: "joined", ...(await claim(guestId, secret, name, role)) });
      } catch (fault) {
        const why = troubleOf(fault);
        if (why === "unreachable" || why === "broke" || why === "too-many") throw fault;
        setAt({ is: "trouble", why });
      }
    },
    [guestId],
  );
  const reload = useCallback(() => reads.current(), []);
  const again = useCallback(() => setRound((before) => before + 1), []);
  return { at, line, enter, reload, again };
}

async function where(guestId: string, signal: AbortSignal): Promise<GuestAt> {
  const secret = guestSecretOf(guestId);
  const join = await session(guestId, signal);
  if (join) {
    const keys = await makeKeys(guestId);
    return keys.signer === join.signer ? { is: "joined", join, keys } : { is: "trouble", why: "keys-lost" };
  }
  if (!secret) return { is: "trouble", why: "incomplete" };
  return { is: "welcome", about: await ask(openGuestLink, { guestId, token: await tokenOf(secret) }, { signal }) };
}

async function session(guestId: string, signal: AbortSignal): Promise<GuestJoin | null> {
  try {
    return await ask(readGuest, { guestId }, { signal });
  } catch (fault) {
    if (fault instanceof Refusal && fault.code === "visit.not-found") return null;
    throw fault;
  }
}

/** The name is sealed to doctor and patient, and only after their keys were checked. */
async function claim(guestId: string, secret: string, name: string, role: GuestRole) {
  const token = await tokenOf(secret);
  const keys = await makeKeys(guestId);
  const about = await ask(openGuestLink, { guestId, token });
  const cards = [about.clinician.key, about.patient];
  if (!cards.every(cardHolds)) throw new DoctorUnknown("their keys don’t vouch for each other");
  const recipients = cards.map(({ recipient }) => recipient);
  const { signer, recipient } = keys;
  const at = Math.floor(Date.now() / 1000);
  const join = await ask(claimGuestLink, {
    ...{ guestId, token, signer, recipient, at, role },
    proof: await keys.sign(digestOf("Claim", { visit: guestId, signer, recipient, at })),
    details: await sealGuestName({ id: guestId, role, name }, keys, recipients),
  });
  forgetGuestSecret(guestId);
  return { join, keys };
}
