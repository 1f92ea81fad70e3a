import { followLog } from "@/lib/audit/api.ts";
import { type Followed, type LogAlarm, openFollower, remembering } from "@/lib/audit/follow.ts";
import { askNode } from "@/lib/ledger/node.browser.ts";
import { readLogKey } from "@/lib/ledger/read.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { ask } from "@/lib/wire.ts";
import { setCheckpoint, takeHeard } from "./log-store.ts";

/** How often, in milliseconds, a page looks whether the log still begins with what it saw. */
const EVERY = 60_000;

/** Follows the clinic's log while the page is open, and remembers in this browser how far it saw it. */
export function followClinic(
  ledger: LedgerOfFile,
  node: string | null,
  told: (alarm: LogAlarm | null) => void,
  signal: AbortSignal,
): void {
  const name = `assent-log:${ledger.chainId}:${ledger.address}`;
  const rpc = askNode(node);
  let key: Promise<string> | undefined;
  const before = remembered(name);
  const tell = ({ note, alarm }: Followed) => {
    setCheckpoint(note);
    told(alarm);
  };
  tell(before);
  const follower = openFollower({
    ledger,
    // The contract's log key never changes: one question a page, asked anew only when it failed.
    logKey: () => {
      key ??= readLogKey(rpc, ledger).catch((fault: unknown) => {
        key = undefined;
        throw fault;
      });
      return key;
    },
    newest: (since, also) =>
      ask(followLog, { ...(since !== undefined && { since }), ...(also !== undefined && { also }) }, { signal }),
    before,
    changed: (now) => {
      remember(name, now);
      tell(now);
    },
  });
  // What could not be asked is asked again with the next look.
  const look = () => void follower.look().catch(() => {});
  const timer = setInterval(() => document.visibilityState === "visible" && look(), EVERY);
  const stop = takeHeard((note) => void follower.compare(note).catch(() => {}));
  signal.addEventListener("abort", () => {
    clearInterval(timer);
    stop();
  });
  look();
}

function remembered(name: string): Followed {
  try {
    const kept = JSON.parse(localStorage.getItem(name) ?? "null") as Partial<Followed> | null;
    return { note: typeof kept?.note === "string" ? kept.note : null, alarm: kept?.alarm ?? null };
  } catch {
    return { note: null, alarm: null };
  }
}

function remember(name: string, now: Followed): void {
  try {
    localStorage.setItem(name, JSON.stringify(remembering(remembered(name), now)));
  } catch {
    // it holds until the page is left
  }
}
