import * as z from "zod/mini";
import type { AskChain, Log } from "./read.ts";

/** A node's no: an answer, where it has another than the one that was asked for. */
export class NodeSaysNo extends Error {
  /** Of JSON-RPC, as this node means it. */
  readonly code: number;
  constructor({ code, message }: { code: number; message: string }) {
    super(message.slice(0, 300));
    this.code = code;
  }
}

/** Thrown when what a node says contradicts the question or itself. */
export class NodeLies extends Error {}

/** For a node that says with HTTP alone that something is too large, and for one that is there and cannot say anything. */
export const LIMIT_EXCEEDED = -32005;
export const UNAVAILABLE = -32002;

/** A revert's data is `data`. */
const NodeError = z.object({ code: z.number(), message: z.string(), data: z.optional(z.unknown()) });
const Answer = z.object({
  ...{ id: z.optional(z.unknown()), result: z.optional(z.unknown()) },
  error: z.nullish(NodeError),
});
/** Some nodes call a search that is too wide a bad request, and a clinic's window on its chain forbids it. */
const SAYS_NO: ReadonlySet<number> = new Set([200, 400, 403, 413]);

/**
 * What a node says to one question, by its HTTP status and its JSON; null where that is nothing about the question. With a
 * status such as 429 or 503, an error is about the node: asked otherwise, it says the same.
 */
export function saidIn(
  status: number,
  body: unknown,
): { id: unknown; result: unknown } | { error: z.infer<typeof NodeError> } | null {
  const { id, result, error } = Answer.safeParse(body).data ?? {};
  if (error && SAYS_NO.has(status)) return { error };
  if (status === 413) return { error: { code: LIMIT_EXCEEDED, message: "It is too large." } };
  return status === 200 && result !== undefined ? { id, result } : null;
}

/** The result in a node's HTTP answer. Throws `NodeSaysNo` for its no. */
export async function resultIn(response: Response): Promise<unknown> {
  const said = saidIn(response.status, await response.json().catch(() => null));
  if (said === null) throw new Error("The node has no answer.");
  if ("error" in said) throw new NodeSaysNo(said.error);
  return said.result;
}

/** After so many pieces it is seen whether the node takes wider ones again: where little happened, it may. */
const CALM = 8;
/**
 * Questions one search may take, so that it ends whatever a node says. At 10,000 blocks a question, as many nodes have it, that
 * is five hundred million blocks; at twenty questions a second it is three quarters of an hour, and nobody waits for longer.
 */
const MOST_QUESTIONS = 50_000;

/**
 * The events of a contract from one block on, in order, a piece at a time, each with the last block that it goes to; null
 * where that is the newest. A node that takes no search so wide is asked for half of it, down to one block: if it still says
 * no, that is thrown, and nothing is passed over. Throws `NodeLies` for a newest block that can't be, and `NodeSaysNo` where it
 * would take more than `MOST_QUESTIONS`.
 */
export async function* searchLogs(
  ask: AskChain,
  filter: { address: string; topics?: unknown[] },
  { from, to, widest = Number.POSITIVE_INFINITY }: { from: number; to?: number; widest?: number },
): AsyncGenerator<{ logs: Log[]; upTo: number | null }> {
  let end = to;
  let width = widest;
  let calm = 0;
  let first = from;
  for (let asked = 0; to === undefined || first <= to; asked++) {
    if (asked === MOST_QUESTIONS) throw new NodeSaysNo({ code: LIMIT_EXCEEDED, message: TOO_LONG });
    const last: number | undefined = end !== undefined && first + width <= end ? first + width - 1 : to;
    let logs: Log[];
    try {
      const blocks = { fromBlock: hex(first), toBlock: last === undefined ? "latest" : hex(last) };
      logs = (await ask("eth_getLogs", [{ ...filter, ...blocks }])) as Log[];
    } catch (error) {
      if (!wantsLess(error)) throw error;
      // A chain that grew meanwhile makes what is asked to its end wider.
      if (to === undefined) end = await newestBlock(ask, first);
      const wide = (last ?? end!) - first + 1;
      if (wide <= 1) throw error;
      width = Math.ceil(wide / 2);
      calm = 0;
      continue;
    }
    yield { logs, upTo: last ?? null };
    if (last === undefined) return;
    first = last + 1;
    calm += 1;
    if (calm % CALM === 0) width = Math.min(widest, width * 2);
  }
}

const TOO_LONG = `The node has a search take more than ${MOST_QUESTIONS} questions.`;

/** The newest block's number. Throws `NodeLies` where it is none, or before a block that is known to be there. */
export async function newestBlock(ask: AskChain, known = 0): Promise<number> {
  const said = await ask("eth_blockNumber", []);
  const block = /^0x[0-9a-f]+$/i.test(String(said)) ? Number(said) : Number.NaN;
  if (Number.isSafeInteger(block) && block >= known) return block;
  throw new NodeLies("The node names a newest block that can’t be.");
}

/** There are as many ways to say that a search is too wide as nodes. Of what else a node says no to, less is no better. */
const wantsLess = (error: unknown): boolean =>
  error instanceof NodeSaysNo &&
  error.code !== UNAVAILABLE &&
  !/\brate\b|per second|too many requests|quota|method not found/i.test(error.message);

const hex = (n: number) => `0x${n.toString(16)}`;
