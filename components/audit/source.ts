import { listLines, readEvidence } from "@/lib/audit/api.ts";
import type { Source } from "@/lib/audit/source.ts";
import { resultIn } from "@/lib/ledger/logs.ts";
import type { AskChain } from "@/lib/ledger/read.ts";
import { Refusal } from "@/lib/refusal.ts";
import { rest } from "@/lib/rest.ts";
import { ask, refusalOf, wireHeaders } from "@/lib/wire.ts";

/** A long log asks often: what the server puts off is asked again, for as long as its minute lasts. */
async function patiently<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  for (let tries = 0; ; tries++) {
    try {
      return await work();
    } catch (fault) {
      const later =
        fault instanceof Refusal && (fault.code === "request.too-many" || fault.code === "server.unreachable");
      if (!later || tries >= 12) throw fault;
      await rest(6_000, signal);
    }
  }
}

export const wireSource = (signal: AbortSignal): Source => ({
  lines: (after) => patiently(signal, () => ask(listLines, { after }, { signal })),
  evidence: (asked) => patiently(signal, () => ask(readEvidence, asked, { signal })),
});

let questions = 0;

/** The chain through the clinic's read-only window. */
export const wireChain =
  (signal: AbortSignal): AskChain =>
  (method, params) =>
    patiently(signal, async () => {
      const response = await fetch("/api/ledger/rpc", {
        method: "POST",
        signal,
        headers: { ...wireHeaders(), "content-type": "application/json" },
        body: JSON.stringify({ jsonrpc: "2.0", id: ++questions, method, params }),
      }).catch((cause: unknown) => {
        if (signal.aborted) throw cause;
        throw new Refusal("server.unreachable");
      });
      if (response.status === 429) throw await refusalOf(response);
      return resultIn(response);
    });
