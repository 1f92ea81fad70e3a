import { eq } from "drizzle-orm";
import { ledgerHome } from "../storage/schema.ts";
import type { Storage, Writer } from "../storage/storage.ts";
import type { Block } from "./chain.ts";

/** The ledger that a data folder belongs to, and how much of it is final. Held by the ledger, who alone writes it. */
export type Home = Omit<typeof ledgerHome.$inferSelect, "id">;

export async function homeOf(storage: Storage): Promise<Home | null> {
  const [row] = await storage.read.select().from(ledgerHome).where(eq(ledgerHome.id, 1));
  return row ?? null;
}

/** At the first contact, once: no act of this install is in an older block than `since`. */
export async function settleAt(
  storage: Storage,
  place: Pick<Home, "local" | "chainId" | "address" | "since">,
): Promise<Home> {
  const home: Home = { ...place, finalBlock: place.since, finalHash: null };
  await storage.keepBooks((tx) => tx.insert(ledgerHome).values({ id: 1, ...home }));
  return home;
}

/** Remembers the last final block that holds an act of ours, in the transaction that makes acts final by it. */
export async function keepFinal(
  tx: Writer,
  home: Home,
  { number, hash }: Pick<Block, "number" | "hash">,
): Promise<void> {
  if (home.local || number < home.finalBlock) return;
  await tx.update(ledgerHome).set({ finalBlock: number, finalHash: hash }).where(eq(ledgerHome.id, 1));
  home.finalBlock = number;
  home.finalHash = hash;
}
