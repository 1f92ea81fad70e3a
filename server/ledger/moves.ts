import { and, asc, inArray, lte, or, type SQL, sql } from "drizzle-orm";
import type { Place } from "../../lib/ledger/read.ts";
import type { LedgerState } from "../../lib/wire.ts";
import { act as acts } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import type { LedgerLog, Moved } from "./act.ts";
import type { KeptCall } from "./contract.ts";

export type Act = typeof acts.$inferSelect & { call: KeptCall };

/**
 * Where an act goes next. On its way (`saved`, `sent`) or `parked` it names the first transaction of the nonce that
 * carries or carried it; `saved` without one waits to be signed. On the ledger it names where. Parked for what a network
 * had before anything was sent, it names the block at which that was so: with the block the reason may go.
 */
export type Move = { act: Act } & (
  | { state: "saved"; first: string | null }
  | { state: "sent"; first: string }
  | { state: "parked"; reason: string; first: string | null; seenAt: Pick<Place, "block" | "blockHash"> | null }
  | { state: "ledger"; place: Place }
  | { state: "final" }
);

export interface Mover {
  /** In one transaction with the books that belong to it; then everyone hears of it. */
  move(moves: Move[], books?: (tx: Writer) => Promise<unknown>): Promise<void>;
}

export function openMover(options: { storage: Storage; log: LedgerLog; onMoved(act: Moved): void }): Mover {
  const { storage, log, onMoved } = options;
  return {
    move: async (moves, books) => {
      if (moves.length === 0 && !books) return;
      const movedAt = new Date();
      await storage.keepBooks(async (tx) => {
        await books?.(tx);
        for (const together of Map.groupBy(moves, ({ act: _, ...to }) => JSON.stringify(to)).values()) {
          const ids = together.map(({ act }) => act.id);
          await tx
            .update(acts)
            .set({ ...columnsOf(together[0]!, movedAt), movedAt })
            .where(inArray(acts.id, ids));
        }
      });
      for (const move of moves) tell(move);
    },
  };

  function tell(move: Move): void {
    const { id, kind, object, visitId, state: was } = move.act;
    const reason = move.state === "parked" ? move.reason : null;
    if (reason !== null) log.warn({ act: id, kind, reason }, "The ledger refuses an act.");
    if (was === move.state) return;
    try {
      onMoved({ id, kind, object, visitId, state: move.state, reason });
    } catch (error) {
      log.error({ error: String(error) }, "Who listens for moved acts failed.");
    }
  }
}

function columnsOf(move: Move, now: Date): Partial<typeof acts.$inferInsert> {
  const nowhere = { reason: null, block: null, blockHash: null, ledgerAt: null };
  if (move.state === "final") return { state: "final" };
  if (move.state === "ledger") return { state: "ledger", reason: null, ledgerAt: now, ...move.place };
  if (move.state === "parked")
    return { ...nowhere, ...move.seenAt, state: "parked", reason: move.reason, transaction: move.first };
  return { ...nowhere, state: move.state, transaction: move.first };
}

/** Acts on which this call may rest: those of its consent, and who is enrolled. */
export function bearsOn({ consentId }: KeptCall): SQL | undefined {
  const enrollments = inArray(acts.kind, ["enroll", "remove"]);
  return consentId ? or(sql`${acts.call}->>'consentId' = ${consentId}`, enrollments) : enrollments;
}

/** These acts, which close access, and whatever of the same consents and clinicians was decided before them: after them it would be refused. */
export function upTo(closing: Act[]): SQL {
  const consents = closing.flatMap(({ call }) => (call.is === "revoke" ? [call.consentId!] : []));
  const removed = closing.flatMap(({ call }) => (call.is === "remove" ? [call.clinician] : []));
  const clinicians = [
    ...removed,
    ...closing.flatMap(({ call }) => (call.is === "revoke" ? [call.consent.grantee] : [])),
  ];
  const oneOf = (field: SQL, values: string[]) => (values.length > 0 ? inArray(field, values) : undefined);
  return and(
    lte(acts.order, closing.at(-1)!.order),
    or(
      oneOf(sql`${acts.call}->>'consentId'`, consents),
      oneOf(sql`${acts.call}->'consent'->>'grantee'`, removed),
      oneOf(sql`${acts.call}->>'clinician'`, clinicians),
    ),
  )!;
}

/** The acts in these states that name one of these transactions, in order. */
export async function actsOf(storage: Storage, transactions: string[], states: LedgerState[]): Promise<Act[]> {
  if (transactions.length === 0) return [];
  return (await storage.read
    .select()
    .from(acts)
    .where(and(inArray(acts.transaction, transactions), inArray(acts.state, states)))
    .orderBy(asc(acts.order))) as Act[];
}
