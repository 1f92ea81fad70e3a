import { followLog } from "@/lib/audit/api.ts";
import { openChain } from "@/lib/audit/chain.ts";
import { openCheckpoint, type TreeHead } from "@/lib/audit/checkpoint.ts";
import { NotANote } from "@/lib/audit/note.ts";
import { type Checked, type Fault, type Mark, type Outcome, walk } from "@/lib/audit/walk.ts";
import type { LedgerDomain } from "@/lib/consent/typed-data.ts";
import { NodeLies } from "@/lib/ledger/logs.ts";
import { type AskChain, readLogKey } from "@/lib/ledger/read.ts";
import { isRefusalCode, Refusal, type RefusalCode } from "@/lib/refusal.ts";
import { ask } from "@/lib/wire.ts";
import { wireChain, wireSource } from "./source.ts";

/** What is to be checked; travels to the worker as it is. */
export interface Task {
  ledger: LedgerDomain;
  /** The ledger holds nothing in an older block. */
  since: number;
  /** One session with the goes in which lines of it were emptied and its consents, if it has any; else the whole log. */
  session?: { visitId: string; first: number; last: number; goes: number[]; consents: string[] } | undefined;
  mark: Mark | null;
}

export type Failure = RefusalCode | "ledger.lies";
export type News =
  | { is: "ready" }
  | { is: "ledger"; part: number }
  | { is: "checked"; batch: Checked[]; read: number; last: number }
  | { is: "done"; faults: Fault[]; mark: Mark | null }
  | { is: "failed"; code: Failure };

/** The same work in a worker and, where there is none, on the page itself: it rests every few milliseconds. */
export async function run(task: Task, tell: (news: News) => void, signal: AbortSignal): Promise<void> {
  try {
    const rpc = wireChain(signal);
    const chain = openChain(rpc, { address: task.ledger.address, since: task.since }, task.session?.consents);
    const outcome: Outcome = await walk({
      source: wireSource(signal),
      chain,
      ledger: task.ledger,
      session: task.session,
      mark: task.mark,
      checkpoint: task.session ? null : await signedHead(rpc, task.ledger, signal),
      signal,
      breathe: () => new Promise((resolve) => setTimeout(resolve)),
      onLedger: (part) => tell({ is: "ledger", part }),
      onChecked: (batch, seen) => tell({ is: "checked", batch, ...seen }),
    });
    tell({ is: "done", ...outcome });
  } catch (fault) {
    if (!signal.aborted) tell({ is: "failed", code: codeOf(fault) });
  }
}

/** The log's last checkpoint, by the key that the contract knows; null before there is one. */
async function signedHead(
  rpc: AskChain,
  ledger: LedgerDomain,
  signal: AbortSignal,
): Promise<TreeHead | "unsigned" | null> {
  const { checkpoint } = await ask(followLog, {}, { signal });
  if (checkpoint === null) return null;
  try {
    const { size, root } = openCheckpoint(checkpoint, ledger, await readLogKey(rpc, ledger));
    return { size, root };
  } catch (fault) {
    if (fault instanceof NotANote) return "unsigned";
    throw fault;
  }
}

function codeOf(fault: unknown): Failure {
  if (fault instanceof NodeLies) return "ledger.lies";
  return fault instanceof Refusal && isRefusalCode(fault.code) ? fault.code : "server.broke";
}
