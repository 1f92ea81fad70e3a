import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Wallet } from "ethers";
import { z } from "zod";
import { writeDurably } from "../storage/durably.ts";

const Keys = z
  .object({
    /** Pays for transactions; can neither forge nor change what is in them. */
    relayer: z.string().regex(/^0x[0-9a-f]{64}$/),
    /** Owns the contract: enrolls and removes clinicians. */
    owner: z.string().regex(/^0x[0-9a-f]{64}$/),
    /** Signs the audit log's checkpoints. */
    log: z.string().regex(/^0x[0-9a-f]{64}$/),
    /** Decimal. This install's own, so that no signature means anything in another. */
    chainId: z.string().regex(/^[1-9][0-9]{5,15}$/),
  })
  .strict();
export type Keys = z.infer<typeof Keys>;

/** The install's keys for the ledger, or null before they are made. Throws when the file is not what was written. */
export async function readKeys(folder: string): Promise<Keys | null> {
  const path = pathIn(folder);
  const text = await readFile(path, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null;
    throw error;
  });
  if (text === null) return null;
  try {
    return Keys.parse(JSON.parse(text));
  } catch {
    throw new Error(`${path} is damaged. Put it back from a backup: without it nothing can be added to the ledger.`);
  }
}

/** Makes the keys, once, on the disk before they are used. Only a made-up clinic comes with its own. */
export async function makeKeys(folder: string, keys: Keys = newKeys()): Promise<Keys> {
  await writeDurably(pathIn(folder), JSON.stringify(keys));
  return keys;
}

function newKeys(): Keys {
  return {
    relayer: Wallet.createRandom().privateKey,
    owner: Wallet.createRandom().privateKey,
    log: Wallet.createRandom().privateKey,
    // 47 random bits: below what JavaScript and wallets can count, far above the registered chains.
    chainId: ((randomBytes(6).readUIntBE(0, 6) % 2 ** 47) + 2 ** 47).toString(),
  };
}

function pathIn(folder: string): string {
  return join(folder, "secrets", "ledger.json");
}
