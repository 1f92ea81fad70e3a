"use client";

import { useCallback, useEffect, useState } from "react";
import { askNode, chosenNode } from "@/lib/ledger/node.browser.ts";
import { readSlip, type Slip, type SlipView, slipIn, slipOf } from "@/lib/records/slip.ts";
import { NotGenuine, type SlipFound, verifySlip } from "@/lib/records/verify-slip.ts";
import { ask } from "@/lib/wire.ts";

/** A prescription as who holds its paper found it. */
export interface Held {
  readonly record: string;
  readonly slip: Slip;
  readonly view: SlipView;
  readonly found: SlipFound;
}

export type Holding =
  /** Nothing was scanned yet. */
  | { is: "nothing" }
  | { is: "incomplete" }
  | { is: "reading" }
  | { is: "not-genuine"; clinic: string; phone: string | null }
  | { is: "failed"; fault: unknown }
  | { is: "held"; held: Held };

/** What the address says behind its `#`: the code that was scanned. It is sent nowhere. */
export function useSlip(): { holding: Holding; again: () => void } {
  const [holding, setHolding] = useState<Holding>({ is: "reading" });
  const [round, setRound] = useState(0);
  useEffect(() => {
    const again = () => setRound((before) => before + 1);
    window.addEventListener("hashchange", again);
    return () => window.removeEventListener("hashchange", again);
  }, []);
  useEffect(() => {
    void round;
    const life = new AbortController();
    read(location.hash, life.signal)
      .then((now) => life.signal.aborted || setHolding(now))
      .catch((fault) => life.signal.aborted || setHolding({ is: "failed", fault }));
    return () => life.abort();
  }, [round]);
  return { holding, again: useCallback(() => setRound((before) => before + 1), []) };
}

async function read(hash: string, signal: AbortSignal): Promise<Holding> {
  if (hash.length < 2) return { is: "nothing" };
  const code = slipIn(hash);
  if (!code) return { is: "incomplete" };
  const { record } = code;
  const slip = await slipOf(code.secret);
  const view = await ask(readSlip, { record, token: slip.token }, { signal });
  const chain = askNode(chosenNode(view.ledger));
  try {
    return { is: "held", held: { record, slip, view, found: await verifySlip({ id: record, view, slip, chain }) } };
  } catch (fault) {
    if (fault instanceof NotGenuine) return { is: "not-genuine", clinic: view.clinic, phone: view.phone };
    throw fault;
  }
}
