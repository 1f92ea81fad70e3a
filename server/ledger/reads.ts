import { z } from "zod";
import { readMethods } from "../../lib/ledger/api.ts";
import { Refusal } from "../../lib/refusal.ts";

type Method = (typeof readMethods)[number];

/** Largest question, in characters of JSON. */
const LARGEST_QUESTION = 16_384;
/** Blocks one search for logs may span, unless it names what it looks for. */
const WIDEST_SEARCH = 10_000;
const MOST_LOGS = 2_000;

const Hex = z.string().regex(/^0x[0-9a-fA-F]*$/);
const Quantity = z.string().regex(/^0x[0-9a-f]{1,12}$/);
const Tag = z.union([Quantity, z.enum(["latest", "earliest"])]);
const Hash = z.string().regex(/^0x[0-9a-fA-F]{64}$/);
const Topic = z.union([Hash, z.null(), z.array(Hash).max(8)]);

/** What a browser may ask the chain, about one contract that holds nothing before block `since`, and what of it is passed on. Throws a `Refusal`. */
export function browserReads(contract: string, head: () => number, since: number) {
  const Contract = z.string().refine((address) => address.toLowerCase() === contract.toLowerCase());
  const shapes: Record<Method, z.ZodType<unknown[]>> = {
    eth_chainId: z.tuple([]),
    net_version: z.tuple([]),
    eth_blockNumber: z.tuple([]),
    // No state to pretend, nor gas to burn: only the question.
    eth_call: z.tuple([z.object({ to: Contract, data: Hex, from: Hex.optional() }).strict(), Tag.default("latest")]),
    eth_getBlockByNumber: z.tuple([z.union([Tag, z.literal("finalized")]), z.boolean().default(false)]),
    eth_getBlockByHash: z.tuple([Hash, z.boolean().default(false)]),
    eth_getCode: z.tuple([Contract, Tag.default("latest")]),
    eth_getLogs: z.tuple([
      z
        .object({
          address: Contract.default(contract),
          topics: z.array(Topic).max(4).default([]),
          fromBlock: Tag.default("latest"),
          toBlock: Tag.default("latest"),
        })
        .strict(),
    ]),
    eth_getProof: z.tuple([Contract, z.array(Hex.max(66)).max(16), Tag.default("latest")]),
    eth_getStorageAt: z.tuple([Contract, Hex.max(66), Tag.default("latest")]),
    eth_getTransactionByHash: z.tuple([Hash]),
    eth_getTransactionReceipt: z.tuple([Hash]),
  };

  return {
    /** The method and parameters that go to the node. */
    ask(method: string, params: unknown): [Method, unknown[]] {
      if (!isReadMethod(method)) throw new Refusal("ledger.method-not-allowed", { method: method.slice(0, 64) });
      if (JSON.stringify(params ?? []).length > LARGEST_QUESTION) throw new Refusal("request.too-large");
      const parsed = shapes[method].safeParse(params ?? []);
      if (!parsed.success) throw new Refusal("request.malformed");
      if (method !== "eth_getLogs") return [method, parsed.data];
      const search = parsed.data[0] as Search;
      // Nothing is older than that, and nodes of others limit how far a search may go.
      const tooEarly = search.fromBlock === "earliest" || Number(search.fromBlock) < since;
      const from = tooEarly ? `0x${since.toString(16)}` : search.fromBlock;
      limitSearch(search, head());
      return [method, [{ ...search, fromBlock: from }]];
    },
    /** What comes back, unless it is too much. */
    answer(method: string, result: unknown): unknown {
      if (method === "eth_getLogs" && Array.isArray(result) && result.length > MOST_LOGS)
        throw new Refusal("request.too-large", { most: MOST_LOGS });
      return result;
    },
  };
}

interface Search {
  topics: unknown[];
  fromBlock: string;
  toBlock: string;
}

function limitSearch({ topics, fromBlock, toBlock }: Search, head: number): void {
  const named = topics.slice(1).some((topic) => topic !== null && !(Array.isArray(topic) && topic.length === 0));
  const at = (tag: string) => (tag === "latest" ? head : tag === "earliest" ? 0 : Number(tag));
  if (!named && at(toBlock) - at(fromBlock) > WIDEST_SEARCH)
    throw new Refusal("request.too-large", { most: WIDEST_SEARCH });
}

function isReadMethod(method: string): method is Method {
  return (readMethods as readonly string[]).includes(method);
}
