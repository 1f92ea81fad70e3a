import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { z } from "zod";
import { WrongSetting } from "../wrong-setting.ts";

/** Where an outside ledger is and how it is used. */
export interface NetworkSettings {
  rpcUrl: URL;
  /** A second node, of somebody else's, that has to agree. */
  confirmRpcUrl: URL | null;
  /** The contract's, in lower case. */
  address: string;
  /** What the ledger is called on screen; null calls it by its chain. */
  name: string | null;
  /** Blocks after which one is final; null asks the network. */
  confirmations: number | null;
  /** Gas a day; null for any. */
  dailyGas: number | null;
  /** Pays for transactions; null is the install's own key. */
  relayerKey: string | null;
  /** Milliseconds: between two looks at the network, for an answer, until more is offered for a transaction. */
  poll?: number | undefined;
  deadline?: number | undefined;
  stuckAfter?: number | undefined;
}

const NodeUrl = z
  .url({ protocol: /^https?$/, error: "must be an address that begins with http:// or https://" })
  .transform((url) => new URL(url));
const Key = z
  .string()
  .trim()
  .regex(/^(0x)?[0-9a-fA-F]{64}$/, "must be a private key: 64 hexadecimal digits")
  .transform((key) => `0x${key.replace(/^0x/, "").toLowerCase()}`);

/** The settings of an outside ledger; none of them is needed for the embedded one. */
export const ledgerSettings = {
  LEDGER_RPC_URL: NodeUrl.optional(),
  LEDGER_ADDRESS: z
    .string()
    .regex(/^0x[0-9a-fA-F]{40}$/, "must be a contract’s address")
    .toLowerCase()
    .optional(),
  LEDGER_NAME: z
    .string()
    .trim()
    .min(1)
    .max(40)
    .regex(/^[^\p{Cc}\p{Zl}\p{Zp}]*$/u)
    .optional(),
  LEDGER_CONFIRM_RPC_URL: NodeUrl.optional(),
  LEDGER_CONFIRMATIONS: z.coerce
    .number("must be a number of blocks, from 1 to 10,000")
    .int("must be a whole number")
    .min(1, "must be at least 1")
    .max(10_000, "must be at most 10,000")
    .optional(),
  LEDGER_RELAYER_KEY: Key.optional(),
  LEDGER_RELAYER_KEY_FILE: z.string().min(1).optional(),
  LEDGER_DAILY_GAS: z.coerce
    .number("must be an amount of gas")
    .int("must be a whole number")
    .min(1_000_000, "must be at least 1000000, about one batch")
    .default(500_000_000),
};
type Parsed = z.output<z.ZodObject<typeof ledgerSettings>>;

/** Null for the embedded ledger. `root` is what paths begin at. Throws `WrongSetting`. */
export function networkOf(s: Parsed, root: string): NetworkSettings | null {
  const { LEDGER_NAME, LEDGER_CONFIRM_RPC_URL, LEDGER_CONFIRMATIONS, LEDGER_RELAYER_KEY, LEDGER_RELAYER_KEY_FILE } = s;
  if (!s.LEDGER_RPC_URL && !s.LEDGER_ADDRESS) {
    const alone = {
      LEDGER_NAME,
      LEDGER_CONFIRM_RPC_URL,
      LEDGER_CONFIRMATIONS,
      LEDGER_RELAYER_KEY,
      LEDGER_RELAYER_KEY_FILE,
    };
    const idle = Object.entries(alone).find(([, value]) => value !== undefined);
    if (!idle) return null;
    throw new WrongSetting(
      `${idle[0]} is set, but LEDGER_RPC_URL and LEDGER_ADDRESS are not: it means nothing to the embedded ledger. See .env.example.`,
    );
  }
  if (!s.LEDGER_RPC_URL || !s.LEDGER_ADDRESS)
    throw new WrongSetting(
      "LEDGER_RPC_URL and LEDGER_ADDRESS belong together: a node, and the contract on its chain. `npm run ledger -- deploy` makes one. See .env.example.",
    );
  if (s.LEDGER_RELAYER_KEY && s.LEDGER_RELAYER_KEY_FILE)
    throw new WrongSetting("LEDGER_RELAYER_KEY and LEDGER_RELAYER_KEY_FILE are both set: which of them pays?");
  return {
    rpcUrl: s.LEDGER_RPC_URL,
    confirmRpcUrl: s.LEDGER_CONFIRM_RPC_URL ?? null,
    address: s.LEDGER_ADDRESS,
    name: s.LEDGER_NAME ?? null,
    confirmations: s.LEDGER_CONFIRMATIONS ?? null,
    dailyGas: s.LEDGER_DAILY_GAS,
    relayerKey: s.LEDGER_RELAYER_KEY_FILE
      ? keyIn(resolve(root, s.LEDGER_RELAYER_KEY_FILE), "LEDGER_RELAYER_KEY_FILE")
      : (s.LEDGER_RELAYER_KEY ?? null),
  };
}

/** A private key from a file of its own, which `name` set. Throws `WrongSetting`. */
export function keyIn(path: string, name: string): string {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (error) {
    throw new WrongSetting(`${name} names a file that can’t be read (${(error as NodeJS.ErrnoException).code}).`);
  }
  const key = Key.safeParse(text);
  if (!key.success)
    throw new WrongSetting(`${name} names a file that holds no private key: 64 hexadecimal digits, and nothing else.`);
  return key.data;
}
