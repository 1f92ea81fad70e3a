import { hearCheckpoint } from "@/components/ledger/log-store.ts";
import { readVisitEvidence, textOf } from "@/lib/audit/evidence.ts";
import { type Check, verifyAtNode, verifyEvidence } from "@/lib/audit/verify-evidence.ts";
import { askNode, chosenNode } from "@/lib/ledger/node.browser.ts";
import { type HeldLooks, holdLooks } from "@/lib/records/hold-looks.ts";
import type { Look } from "@/lib/records/looks.ts";
import { isNoAnswer, tell } from "@/lib/strings/evidence.ts";
import { ask } from "@/lib/wire.ts";
import { readAllLooks } from "./all-looks.ts";
import type { MyVisit } from "./use-mine.ts";

/** What came of checking who looked at one visit. `looks` are the ones that were checked, read anew. */
export interface CheckedLooks extends HeldLooks {
  readonly looks: readonly Look[];
  /** What else of its evidence does not hold, in words. */
  readonly faults: readonly string[];
  /** No node of the ledger was there to confirm it. */
  readonly alone: boolean;
}

/**
 * Holds who looked at a visit to its evidence, and that to the log and the ledger, on this device. Rejects where the practice
 * gives no evidence of it now.
 */
export async function checkLooks(
  { join, keys }: Pick<MyVisit, "join" | "keys">,
  signal: AbortSignal,
): Promise<CheckedLooks> {
  const visitId = join.id;
  const { looks, nonce } = await readAllLooks(visitId, signal);
  const evidence = await ask(readVisitEvidence, { visitId }, { signal });
  const verified = await verifyEvidence(textOf(evidence));
  const node = await verifyAtNode({ ...verified, evidence }, askNode(chosenNode(evidence.ledger)));
  // What this page follows must be the same log.
  hearCheckpoint(evidence.log.checkpoint);
  const checks = [...verified.checks, node].filter(({ holds }) => !holds);
  const failed = checks.filter((check) => !check.faults.some(isNoAnswer));
  const words = (check: Check) => `${tell(check, verified).title}.`;
  const own = evidence.visit.id === visitId && evidence.consents[0]?.consent.patient === keys.signer;
  return {
    ...holdLooks(looks, evidence, keys.signer, nonce),
    looks,
    faults: [...(own ? [] : ["It is the evidence of another visit."]), ...failed.map(words)],
    alone: failed.length < checks.length,
  };
}
