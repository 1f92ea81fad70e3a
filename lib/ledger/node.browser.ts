import { wireHeaders } from "../wire.ts";
import { resultIn } from "./logs.ts";
import type { AskChain } from "./read.ts";
import type { LedgerOfFile } from "./submission.ts";

/** How long, in milliseconds, one question may take. */
const PATIENCE = 15_000;
let questions = 0;

/** The chain through the clinic's read-only window, or through a node the person chose. Throws unless there was a result. */
export function askNode(node: string | null): AskChain {
  return async (method, params) => {
    const response = await fetch(node ?? "/api/ledger/rpc", {
      method: "POST",
      credentials: node ? "omit" : "same-origin",
      headers: { ...(node ? {} : wireHeaders()), "content-type": "application/json" },
      body: JSON.stringify({ jsonrpc: "2.0", id: ++questions, method, params }),
      signal: AbortSignal.timeout(PATIENCE),
    });
    return resultIn(response);
  };
}

const nameOf = (ledger: Pick<LedgerOfFile, "chainId">) => `assent-node:${ledger.chainId}`;

/** The node this person asks about this chain, or null for the clinic's window. */
export function chosenNode(ledger: Pick<LedgerOfFile, "chainId" | "local">): string | null {
  if (ledger.local) return null;
  try {
    return localStorage.getItem(nameOf(ledger));
  } catch {
    return null;
  }
}

export function chooseNode(ledger: Pick<LedgerOfFile, "chainId">, node: string | null): void {
  try {
    if (node === null) localStorage.removeItem(nameOf(ledger));
    else localStorage.setItem(nameOf(ledger), node);
  } catch {
    // it holds until the page is left
  }
}
