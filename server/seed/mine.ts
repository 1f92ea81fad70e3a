import { computeAddress, getCreateAddress, SigningKey } from "ethers";
import type { LedgerDomain } from "../../lib/consent/typed-data.ts";
import { DEPLOYMENT_GAS, deployment, encode, encodeBatch, type KeptCall, type RecordCall } from "../ledger/contract.ts";
import type { Keys } from "../ledger/keys.ts";
import { blocksAt, receiptsOf } from "../ledger/node.ts";
import type { Rpc } from "../ledger/rpc.ts";
import { sign } from "../ledger/transaction.ts";
import type { act, ledgerBlock, ledgerTransaction } from "../storage/schema.ts";

/** An act on its way: its row but for where it will be. */
export interface Waiting {
  at: number;
  row: Pick<typeof act.$inferInsert, "id" | "kind" | "visitId" | "object"> & { call: KeptCall };
}
type Block = typeof ledgerBlock.$inferInsert;
export interface Mined {
  blocks: Block[];
  transactions: (typeof ledgerTransaction.$inferInsert)[];
  acts: (typeof act.$inferInsert)[];
}

/** Seconds that acts wait for others to share a block with them: a node goes over all that it holds for each block, so the fewer the better. */
const SHARED = 270;
/** Records in one transaction, and acts in one block. */
const BATCH = 50;
const BLOCK = 100;
const gasFor = (acts: number) => 600_000 + (acts - 1) * 280_000;
const FEES = { highest: 10n ** 13n, tip: 0n };
const SECOND = 1_000;

export function domainOf({ chainId, relayer }: Keys): LedgerDomain {
  return { chainId, address: getCreateAddress({ from: computeAddress(relayer), nonce: 0 }).toLowerCase() };
}

/**
 * Mines acts in blocks of their own time on an empty node, beginning with the contract, as the outbox would have at that
 * time. The contract refuses what was signed a day ago, so a history cannot be caught up with.
 */
export function openMine(rpc: Rpc, keys: Keys, ledger: LedgerDomain) {
  const relayer = new SigningKey(keys.relayer);
  const owner = new SigningKey(keys.owner);
  const account = computeAddress(relayer);
  let nonce = 0;
  let head = { number: 0, timestamp: 0 };

  function signed(to: string | null, data: string, gas: number) {
    const transaction = sign(relayer, { to, data, gas }, nonce, ledger.chainId, FEES);
    nonce += 1;
    return { ...transaction, nonce: nonce - 1, gas };
  }

  /** One block, at this second or at the next after the last. */
  async function mine(at: number, bodies: { to: string | null; data: string; gas: number; acts: Waiting[] }[]) {
    const sent = bodies.map(({ to, data, gas, acts }) => ({ ...signed(to, data, gas), acts }));
    for (const { raw } of sent) await rpc.call("eth_sendRawTransaction", [raw]);
    head = { number: head.number + 1, timestamp: Math.max(at, head.timestamp + 1) };
    await rpc.call("evm_mine", [head.timestamp]);
    return { ...head, sent };
  }

  /** Where everything is that these blocks hold. Throws when the contract refused any of it. */
  async function placed(mined: Awaited<ReturnType<typeof mine>>[]): Promise<Mined> {
    const found: Mined = { blocks: [], transactions: [], acts: [] };
    const blocks = await blocksAt(
      rpc,
      mined.map(({ number }) => number),
    );
    const receipts = await receiptsOf(
      rpc,
      mined.flatMap(({ sent }) => sent.map(({ hash }) => hash)),
    );
    const receiptOf = new Map(receipts.map((receipt) => [receipt?.transactionHash, receipt]));
    for (const [i, { number, timestamp, sent }] of mined.entries()) {
      const blockHash = blocks[i]!.hash;
      const minedAt = new Date(timestamp * SECOND);
      found.blocks.push({ number, timestamp, hash: blockHash, transactions: sent.map(({ raw }) => raw) });
      for (const { hash, raw, nonce, gas, acts } of sent) {
        const receipt = receiptOf.get(hash);
        // Each act tells exactly one event; what a batch skips tells another than the rest.
        const events = new Set(receipt?.logs.map(({ topics }) => topics.at(-1)));
        if (!receipt?.succeeded || (acts.length > 0 && events.size !== acts.length))
          throw new Error(`The ledger refused what was made up for block ${number}.`);
        const place = { block: number, blockHash };
        const kept = { hash, first: hash, account, nonce, raw, gas: receipt.gasUsed ?? gas, signedAt: minedAt };
        found.transactions.push({ ...kept, ...place, state: "mined" });
        for (const { at, row } of acts) {
          const times = { savedAt: new Date(at), movedAt: minedAt, ledgerAt: minedAt };
          found.acts.push({ ...row, ...place, ...times, state: "final", transaction: hash });
        }
      }
    }
    return found;
  }

  return {
    /** The contract, as the first transaction. */
    deploy: async (at: number): Promise<Mined> => {
      const data = deployment(computeAddress(owner), computeAddress(keys.log));
      return placed([await mine(Math.floor(at / SECOND), [{ to: null, data, gas: DEPLOYMENT_GAS, acts: [] }])]);
    },
    /** These acts, in the order of their time. */
    take: async (acts: Waiting[]): Promise<Mined> => {
      const mined: Awaited<ReturnType<typeof mine>>[] = [];
      for (const together of blocksOf(acts)) {
        const bodies = groupsOf(together).map((group) => ({ ...bodyOf(group), to: ledger.address, acts: group }));
        mined.push(await mine(Math.floor(together[0]!.at / SECOND) + SHARED + 1, bodies));
      }
      return mined.length > 0 ? placed(mined) : { blocks: [], transactions: [], acts: [] };
    },
  };

  function bodyOf(acts: Waiting[]) {
    const gas = gasFor(acts.length);
    if (acts.length === 1) return { gas, data: encode(acts[0]!.row.call, owner, ledger, 0) };
    return { gas, data: encodeBatch(acts.map(({ row }) => row.call as RecordCall)).data };
  }
}

function blocksOf(acts: Waiting[]): Waiting[][] {
  const blocks: Waiting[][] = [];
  for (const act of acts) {
    const last = blocks.at(-1);
    if (last && last.length < BLOCK && act.at - last[0]!.at <= SHARED * SECOND) last.push(act);
    else blocks.push([act]);
  }
  return blocks;
}

/** Records beside each other travel together. */
function groupsOf(acts: Waiting[]): Waiting[][] {
  const groups: Waiting[][] = [];
  for (const act of acts) {
    const last = groups.at(-1);
    const joins = act.row.kind === "record" && last?.[0]?.row.kind === "record" && last.length < BATCH;
    if (joins) last.push(act);
    else groups.push([act]);
  }
  return groups;
}
