import { computeAddress } from "ethers";
import { ledgerBlock } from "../storage/schema.ts";
import type { Storage } from "../storage/storage.ts";
import { WrongSetting } from "../wrong-setting.ts";
import type { LedgerLog } from "./act.ts";
import type { Chain } from "./chain.ts";
import { isOurCode } from "./contract.ts";
import { type Home, homeOf, settleAt } from "./home.ts";
import type { Keys } from "./keys.ts";
import { NO_CONTRACT, openNetwork } from "./network.ts";
import { blockAt, bytes, quantity, view } from "./node.ts";
import { NoAnswer, openNodeRpc, type Rpc, RpcError } from "./rpc.ts";
import type { NetworkSettings } from "./settings.ts";

/** Blocks before the first contact that may still be replaced, so that an act of ours could be in one. */
const UNSETTLED = 64;

/**
 * A network with our contract on it. At the first contact everything must be right, and where it was is kept; at later
 * starts the node may be down, and is checked as soon as it answers. Throws `WrongSetting` for what cannot be.
 */
export async function openOutsideChain(options: {
  storage: Storage;
  settings: NetworkSettings;
  keys: Keys;
  relayer: string;
  log: LedgerLog;
}): Promise<{ chain: Chain; home: Home }> {
  const { storage, settings, keys, relayer, log } = options;
  const whatIsWrong = (rpc: Rpc) => whatIsWrongAt(rpc, settings.address, keys);
  const known = await homeOf(storage);
  if (known?.local || (!known && (await storage.read.$count(ledgerBlock)) > 0))
    throw new WrongSetting(
      "The data folder belongs to its own embedded ledger. Take LEDGER_RPC_URL and LEDGER_ADDRESS out, or begin with another DATA_DIR.",
    );
  if (known && known.address !== settings.address)
    throw new WrongSetting(
      `The data folder belongs to the ledger at ${known.address}, and LEDGER_ADDRESS is another. Set it back, or begin with another DATA_DIR.`,
    );
  const met = await meet(settings, whatIsWrong, known);
  if (met === null) log.warn({}, "The ledger's node does not answer yet; acts are saved until it does.");
  if (known && met && met.chainId !== known.chainId)
    throw new WrongSetting(
      `The node at LEDGER_RPC_URL is on chain ${met.chainId}, and this data folder's ledger is on chain ${known.chainId}.`,
    );
  const home =
    known ??
    (await settleAt(storage, {
      local: false,
      chainId: met!.chainId,
      address: settings.address,
      since: Math.max(0, met!.head - UNSETTLED),
    }));
  const { rpcUrl: url, confirmRpcUrl: confirmUrl, confirmations, poll, deadline } = settings;
  const { chainId } = home;
  const chain = openNetwork({ url, confirmUrl, chainId, relayer, confirmations, poll, deadline, whatIsWrong, log });
  return { chain, home };
}

/** What the node says for itself; null when it was met before, and now is down or has not come so far again. */
async function meet(
  { rpcUrl, deadline }: NetworkSettings,
  whatIsWrong: (rpc: Rpc) => Promise<string | null>,
  known: Home | null,
): Promise<{ chainId: string; head: number } | null> {
  const rpc = openNodeRpc(rpcUrl, deadline);
  try {
    const chainId = String(await quantity(rpc, "eth_chainId", []));
    const head = await blockAt(rpc, "latest");
    if (!head) throw new NoAnswer("The ledger's node has no block.");
    const wrong = known && known.chainId !== chainId ? null : await whatIsWrong(rpc);
    if (known && wrong === NO_CONTRACT) return null;
    if (wrong !== null) throw new WrongSetting(`LEDGER_ADDRESS can’t be used: ${wrong}.`);
    return { chainId, head: head.number };
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof RpcError)) throw error;
    if (known) return null;
    throw new WrongSetting(`LEDGER_RPC_URL can’t be used for the first start: ${error.message}`);
  } finally {
    rpc.close();
  }
}

/** Holds what is at the address against this install's keys: whose contract it is must be known before anything is said to be on it. */
async function whatIsWrongAt(rpc: Rpc, address: string, keys: Keys): Promise<string | null> {
  const code = await bytes(rpc, "eth_getCode", [address, "latest"]);
  if (code === "0x") return NO_CONTRACT;
  if (!isOurCode(code)) return "the contract at this address is not this version’s consent ledger";
  if ((await view(rpc, address, "owner")) !== computeAddress(keys.owner))
    return "the contract at this address belongs to another install: its owner is not the key in secrets/ledger.json";
  if ((await view(rpc, address, "logKey")) !== computeAddress(keys.log))
    return "the contract at this address knows another log key than the one in secrets/ledger.json";
  return null;
}
