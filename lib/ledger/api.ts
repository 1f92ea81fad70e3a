import * as z from "zod/mini";
import { Empty, endpoint, Instant } from "../wire.ts";

/** What keeps acts from the ledger although nothing is wrong with them, on a ledger that others run. The gravest first. */
export const Trouble = z.enum([
  "node-down",
  "node-doubtful",
  "second-node-down",
  "second-node-differs",
  "no-funds",
  "daily-gas",
  "stuck",
  "low-balance",
]);
export type Trouble = z.infer<typeof Trouble>;

/** How the ledger is: shown beside every list of visits, and at /api/health. */
export const readLedgerStatus = endpoint({
  method: "GET",
  path: "/api/ledger/status",
  ask: Empty,
  answer: z.object({
    label: z.string(),
    /** True for the embedded ledger, which only this clinic runs. */
    local: z.boolean(),
    block: z.int(),
    /** Acts that are kept but not on the ledger yet. */
    behind: z.int(),
    /** Acts that the contract refused, for the admin to look at. */
    parked: z.int(),
    state: z.enum(["ok", "behind", "low-balance", "read-only"]),
    /** What keeps acts from the ledger, if anything does. */
    trouble: z.optional(Trouble),
    chainId: z.string(),
    address: z.string(),
    /** No act is in an older block. */
    since: z.int(),
  }),
});

/** Acts the ledger refused, newest first. */
export const listParked = endpoint({
  method: "GET",
  path: "/api/ledger/parked",
  ask: Empty,
  answer: z.object({
    acts: z.array(
      z.object({
        id: z.string(),
        kind: z.string(),
        /** Of a record: its kind by name. */
        recordKind: z.nullable(z.string()),
        visitId: z.nullable(z.string()),
        /** The contract's error by its name. */
        reason: z.string(),
        since: Instant,
      }),
    ),
    more: z.boolean(),
  }),
});

/** Lets an act that was refused be tried once more. */
export const retryParked = endpoint({
  method: "POST",
  path: "/api/ledger/parked/:id/retry",
  ask: z.strictObject({ id: z.uuid() }),
  answer: Empty,
});

/** JSON-RPC methods a browser may send to `POST /api/ledger/rpc`: reads only. */
export const readMethods = [
  "eth_chainId",
  "eth_blockNumber",
  "eth_call",
  "eth_getBlockByNumber",
  "eth_getBlockByHash",
  "eth_getCode",
  "eth_getLogs",
  "eth_getProof",
  "eth_getStorageAt",
  "eth_getTransactionByHash",
  "eth_getTransactionReceipt",
  "net_version",
] as const;
