import type { LedgerDomain } from "../consent/typed-data.ts";
import { type Shelf, seconds } from "./keep.ts";
import { type Kept, nextLook, type Seen, type Standing, standing } from "./promise.ts";
import { type AskChain, isFinal, readAct, readLogKey } from "./read.ts";

/** A kept act that is not where it was promised to be. */
export interface Alarm {
  kept: Kept;
  is: Extract<Standing, "unpromised" | "broken" | "unseen">;
}

/** One question without an answer is no reason to worry anyone: this many, one after the other, are. */
const TRIES = 3;
const TRY_AGAIN = 10;
/** What is kept one after the other is looked at together, this many milliseconds later. */
const SETTLE_MS = 300;

/** Looks an act up. A node that cannot be asked, is on another chain or contradicts itself has said nothing. */
export async function look(rpc: AskChain, kept: Kept, keyOf = readLogKey): Promise<Seen> {
  try {
    const place = await readAct(rpc, kept.ledger, kept.act);
    const logKey = await keyOf(rpc, kept.ledger);
    if (!place) return { on: "nothing", logKey };
    return { on: (await isFinal(rpc, place, kept.ledger.local)) ? "final" : "block", logKey };
  } catch {
    return { on: "unknown", logKey: null };
  }
}

/**
 * Watches the kept acts of a visit until `signal` is aborted: looks at once, at each deadline, and when `lookNow` says that
 * there is news; forgets what is final. `onAlarms` hears of every change of what is wrong.
 */
export function watchKept(
  about: { visitId: string; shelf: Shelf; rpc: AskChain; onAlarms(alarms: Alarm[]): void },
  signal: AbortSignal,
): { lookNow(): void } {
  const { visitId, shelf, rpc } = about;
  const due = new Map<string, { at: number; receipt: string | undefined; failures: number }>();
  const alarms = new Map<string, Alarm>();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let looking = false;
  let again = false;
  let logKey: Promise<string> | undefined;

  // The contract's log key never changes: one question a watch, asked anew only when it failed.
  const keyOf = (ask: AskChain, ledger: LedgerDomain) => {
    logKey ??= readLogKey(ask, ledger).catch((fault: unknown) => {
      logKey = undefined;
      throw fault;
    });
    return logKey;
  };

  const wakeIn = (ms: number) => {
    clearTimeout(timer);
    if (!signal.aborted) timer = setTimeout(() => void round(), Math.max(0, Math.min(ms, 2 ** 31 - 1)));
  };

  async function round(): Promise<void> {
    if (looking) {
      again = true;
      return;
    }
    looking = true;
    const kept = await shelf.of(visitId);
    const ids = new Set(kept.map(({ id }) => id));
    for (const id of due.keys()) if (!ids.has(id)) due.delete(id);
    for (const id of alarms.keys()) if (!ids.has(id)) alarms.delete(id);
    for (const one of kept) {
      const before = due.get(one.id);
      const isNew = !before || before.receipt !== one.receipt?.signature;
      if (isNew || before.at <= seconds()) await lookAt(one, before?.failures ?? 0);
      if (signal.aborted) return;
    }
    looking = false;
    about.onAlarms([...alarms.values()]);
    const next = Math.min(...[...due.values()].map(({ at }) => at));
    if (again) wakeIn(SETTLE_MS);
    else if (Number.isFinite(next)) wakeIn((next - seconds()) * 1000);
    again = false;
  }

  async function lookAt(kept: Kept, failures: number): Promise<void> {
    const seen = await look(rpc, kept, keyOf);
    const now = seconds();
    const is = standing(kept, seen, now);
    if (is === "done") {
      due.delete(kept.id);
      alarms.delete(kept.id);
      return shelf.settle(kept.id);
    }
    const failed = seen.on === "unknown" ? failures + 1 : 0;
    const unsure = is === "unseen" && failed < TRIES;
    const at = unsure ? now + TRY_AGAIN : nextLook(kept, is, now);
    due.set(kept.id, { at, receipt: kept.receipt?.signature, failures: failed });
    if (is === "waiting" || is === "on-ledger") alarms.delete(kept.id);
    else if (!unsure) alarms.set(kept.id, { kept, is });
  }

  const soon = () => {
    if (looking) again = true;
    else wakeIn(SETTLE_MS);
  };
  const stop = shelf.onChange(soon);
  signal.addEventListener("abort", () => {
    clearTimeout(timer);
    stop();
  });
  void round();
  return {
    lookNow() {
      for (const [id, one] of due) due.set(id, { ...one, at: 0 });
      soon();
    },
  };
}
