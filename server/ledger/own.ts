import { join } from "node:path";
import { and, desc, eq, inArray } from "drizzle-orm";
import { computeAddress, getCreateAddress, type SigningKey, Transaction } from "ethers";
import { act as acts, ledgerBlock, ledgerTransaction } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { WrongSetting } from "../wrong-setting.ts";
import type { LedgerLog } from "./act.ts";
import type { Chain } from "./chain.ts";
import { DEPLOYMENT_GAS, deployment, isOurDeployment } from "./contract.ts";
import { openEmbedded } from "./embedded.ts";
import { type Home, homeOf, settleAt } from "./home.ts";
import { openJournal } from "./journal.ts";
import type { Keys } from "./keys.ts";
import { bytes } from "./node.ts";
import type { AtPoint } from "./points.ts";
import { keep, sign } from "./transaction.ts";

interface EmbeddedOptions {
  storage: Storage;
  folder: string;
  keys: Keys;
  relayerKey: SigningKey;
  log: LedgerLog;
  at: AtPoint;
}

/** The embedded ledger with its contract: made the first time, else brought back from its journal and checked. */
export async function openOwnChain(options: EmbeddedOptions): Promise<{ chain: Chain; home: Home }> {
  const { storage, folder, keys, relayerKey, log, at } = options;
  const relayer = computeAddress(relayerKey);
  const address = getCreateAddress({ from: relayer, nonce: 0 }).toLowerCase();
  const known = await homeOf(storage);
  if (known && !known.local)
    throw new WrongSetting(
      `The data folder belongs to the ledger at ${known.address} on chain ${known.chainId}. Set LEDGER_RPC_URL and LEDGER_ADDRESS to it, or begin with another DATA_DIR.`,
    );
  const home = known ?? (await settleAt(storage, { local: true, chainId: keys.chainId, address, since: 0 }));
  const snapshots = { storage, folder: join(folder, "ledger"), key: keys.relayer, at };
  const journal = await openJournal({ ...snapshots, chainId: keys.chainId, relayer, log });
  const chain = await openEmbedded({ journal, snapshots, relayer, log });
  try {
    await deployOnce(chain, storage, home, keys, relayerKey);
    await checkBooks(chain, storage);
  } catch (error) {
    await chain.close();
    throw error;
  }
  return { chain, home };
}

/** The contract is the relayer's first transaction, stored and journaled like any other. */
async function deployOnce(chain: Chain, storage: Storage, home: Home, keys: Keys, key: SigningKey): Promise<void> {
  const account = computeAddress(key);
  const fresh = {
    data: deployment(computeAddress(keys.owner), computeAddress(keys.log)),
    to: null,
    gas: DEPLOYMENT_GAS,
  };
  const fees = await chain.fees();
  const stored = await storage.keepBooks(async (tx) => {
    const select = () =>
      tx
        .select()
        .from(ledgerTransaction)
        .where(and(eq(ledgerTransaction.account, account), eq(ledgerTransaction.nonce, 0)));
    const [before] = await select();
    if (before) return before;
    const signed = sign(key, fresh, 0, home.chainId, fees);
    await keep(tx, account, [{ ...signed, nonce: 0, gas: fresh.gas, first: null }]);
    return (await select())[0]!;
  });
  if (stored.block === null && chain.readOnly() === null) {
    if ((await chain.receipts([stored.hash]))[0] === null) await chain.send([stored.raw]);
    const [receipt] = await chain.receipts([stored.hash]);
    if (!receipt) throw new Error("The embedded ledger did not take its contract.");
    const { blockNumber: block, blockHash, gasUsed: gas } = receipt;
    await storage.keepBooks((tx) =>
      tx
        .update(ledgerTransaction)
        .set({ state: "mined", block, blockHash, gas })
        .where(eq(ledgerTransaction.hash, stored.hash)),
    );
  }
  const sent = Transaction.from(stored.raw);
  if (!isOurDeployment(sent.data)) chain.stopWriting("its contract was made by another version");
  if ((await bytes(chain, "eth_getCode", [home.address, "latest"])) === "0x") chain.stopWriting("its contract is gone");
}

/** What was said to be on the ledger must be: a journal that was cut short or rewritten agrees with itself. */
async function checkBooks(chain: Chain, storage: Storage): Promise<void> {
  const last = await storage.read
    .select({ block: acts.block, said: acts.blockHash, is: ledgerBlock.hash })
    .from(acts)
    .leftJoin(ledgerBlock, eq(ledgerBlock.number, acts.block))
    .where(inArray(acts.state, ["ledger", "final"]))
    .orderBy(desc(acts.order))
    .limit(100);
  const wrong = last.find(({ said, is }) => said !== is);
  if (wrong) chain.stopWriting(`block ${wrong.block} is not what an act remembers`);
}
