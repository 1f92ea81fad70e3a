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

interface Window {
  contract: string;
  /** The contract holds nothing in an older block. */
  since: number;
  /** The newest block, as far as is known. */
  head(): number;
  /** Asks the node. */
  call(method: Method, params: unknown[]): Promise<unknown>;
}

/** Answers what a browser may ask the chain about one contract. Throws a `Refusal` for what it may not. */
export function browserReads({ contract, since, head, call }: Window) {
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

  return async (method: string, params: unknown): Promise<unknown> => {
    if (!isReadMethod(method)) throw new Refusal("ledger.method-not-allowed", { method: method.slice(0, 64) });
    if (JSON.stringify(params ?? []).length > LARGEST_QUESTION) throw new Refusal("request.too-large");
    const parsed = shapes[method].safeParse(params ?? []);
    if (!parsed.success) throw new Refusal("request.malformed");
    if (method !== "eth_getLogs") return call(method, parsed.data);
    const search = parsed.data[0] as Search;
    const at = (tag: string) => (tag === "latest" ? head() : tag === "earliest" ? 0 : Number(tag));
    const before = (tag: string) => tag !== "latest" && at(tag) < since;
    // Nothing is older than that. To begin there and end before it is to ask backwards, which nodes take for a mistake.
    if (before(search.toBlock)) return [];
    // Nodes of others limit how far a search may go.
    const fromBlock = before(search.fromBlock) ? `0x${since.toString(16)}` : search.fromBlock;
    if (!isNamed(search) && at(search.toBlock) - at(fromBlock) > WIDEST_SEARCH)
      throw new Refusal("request.too-large", { most: WIDEST_SEARCH });
    const logs = await call(method, [{ ...search, fromBlock }]);
    if (Array.isArray(logs) && logs.length > MOST_LOGS) throw new Refusal("request.too-large", { most: MOST_LOGS });
    return logs;
  };
}

interface Search {
  topics: unknown[];
  fromBlock: string;
  toBlock: string;
}

const isNamed = ({ topics }: Search): boolean =>
  topics.slice(1).some((topic) => topic !== null && !(Array.isArray(topic) && topic.length === 0));

function isReadMethod(method: string): method is Method {
  return (readMethods as readonly string[]).includes(method);
}
