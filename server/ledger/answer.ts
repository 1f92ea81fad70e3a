import { z } from "zod";
import { actorOf } from "../../lib/audit/actor.ts";
import { listParked, readLedgerStatus, retryParked } from "../../lib/ledger/api.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { Door } from "../http.ts";
import type { Storage } from "../storage/storage.ts";
import { type Ledger, RpcError } from "./ledger.ts";

/** Refused acts told at once: who has more looks at the newest first. */
const PARKED = 50;

const Question = z.object({
  jsonrpc: z.literal("2.0"),
  id: z.union([z.string().max(64), z.number(), z.null()]),
  method: z.string().max(64),
  params: z.array(z.unknown()).max(8).default([]),
});

/**
 * How the ledger is, what it refused, and the read-only window on the chain: JSON-RPC 2.0 as any wallet or script speaks
 * it, one question a request.
 */
export function answerLedger(door: Door, { ledger, storage }: { ledger: Ledger; storage: Storage }): void {
  door.on(readLedgerStatus, "staff", async () => ({
    ...ledger.about,
    since: ledger.since,
    ...(await ledger.status()),
  }));

  door.on(listParked, "admin", async () => {
    const acts = await ledger.parked(PARKED + 1);
    return {
      acts: acts.slice(0, PARKED).map(({ object: _, since, ...act }) => ({ ...act, since: since.toISOString() })),
      more: acts.length > PARKED,
    };
  });

  door.on(retryParked, "admin", async ({ id }, staff) => {
    await storage.transact(async (tx, finish) => {
      const { kind, reason, object, visitId } = await ledger.retry(tx, id);
      const line = { actor: actorOf(staff), action: "act.retried", object, visitId: visitId ?? undefined } as const;
      return finish({ ...line, detail: { kind, reason } }, null);
    });
    ledger.kick();
    return {};
  });

  door.raw("POST", "/api/ledger/rpc", "anyone", async (http) => {
    const question = Question.safeParse(await http.req.json().catch(() => null));
    // Deeper than anything that means something is not a question; JSON itself would give up on it later.
    if (question.success && depthOf(question.data.params) > 8)
      return http.json({ jsonrpc: "2.0", id: null, error: { code: -32600, message: "Too deep." } }, 400);
    if (!question.success)
      return http.json(
        { jsonrpc: "2.0", id: null, error: { code: -32600, message: "Not a JSON-RPC 2.0 request." } },
        400,
      );
    const { id, method, params } = question.data;
    try {
      return http.json({ jsonrpc: "2.0", id, result: await ledger.rpc(method, params) });
    } catch (error) {
      if (error instanceof RpcError)
        return http.json({ jsonrpc: "2.0", id, error: { code: error.code, message: error.message, data: error.data } });
      if (error instanceof Refusal)
        return http.json({ jsonrpc: "2.0", id, error: { code: -32601, message: `Refused: ${error.code}` } }, 403);
      throw error;
    }
  });
}

/** How deep arrays and objects stand in each other, counted no further than ten. */
function depthOf(value: unknown, at = 0): number {
  if (typeof value !== "object" || value === null || at > 9) return at;
  return Math.max(at, ...Object.values(value).map((one) => depthOf(one, at + 1)));
}
