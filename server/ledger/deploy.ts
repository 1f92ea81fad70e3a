import { join, resolve } from "node:path";
import { parseArgs } from "node:util";
import { computeAddress, formatEther, getCreateAddress, SigningKey } from "ethers";
import { readConfig, root } from "../config.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { DEPLOYMENT_GAS, deployment, isOurCode } from "./contract.ts";
import { makeKeys, readKeys } from "./keys.ts";
import { bytes, count, feesOf, quantity, receiptsOf } from "./node.ts";
import { NoAnswer, openNodeRpc, type Rpc, RpcError } from "./rpc.ts";
import { keyIn } from "./settings.ts";
import { sign } from "./transaction.ts";

export const deployUsage = "deploy --rpc URL [--key FILE]";

/** Milliseconds between two looks for the receipt, and until it is given up. */
const POLL = 1_000;
const PATIENCE = 600_000;

/**
 * `deploy`: puts the contract for this install on a network, and says the settings that use it. Owner and log key are the
 * data folder's, made if they are not there; it is paid with the key in the file, or the install's own relayer key.
 * Resolves to the exit code: 0 it is there, 1 it is not, 2 the question was wrong.
 */
export async function deploy(args: string[], say: (line: string) => void): Promise<number> {
  try {
    const { url, keyFile } = asked(args);
    const folder = dataFolder();
    const keys = (await readKeys(folder)) ?? (await makeKeys(folder));
    const relayer = computeAddress(keys.relayer);
    const key = new SigningKey(keyFile ? keyIn(keyFile, "--key") : keys.relayer);
    const rpc = openNodeRpc(url);
    try {
      const data = deployment(computeAddress(keys.owner), computeAddress(keys.log));
      const address = await create(rpc, key, data, say);
      if (address === null) return 1;
      say("The contract is there. Put these lines into .env, then start:");
      say("");
      say(`LEDGER_RPC_URL=${isPlain(url) ? url.origin : "(the URL you gave)"}`);
      say(`LEDGER_ADDRESS=${address}`);
      say("");
      say(`Transactions are paid by ${relayer}: fund it, or set LEDGER_RELAYER_KEY_FILE.`);
      say(`The owner's key is in ${join(folder, "secrets", "ledger.json")}: back it up.`);
      return 0;
    } finally {
      rpc.close();
    }
  } catch (error) {
    if (!(error instanceof WrongSetting || error instanceof NoAnswer || error instanceof RpcError)) throw error;
    say(error.message);
    return error instanceof WrongSetting ? 2 : 1;
  }
}

function asked(args: string[]): { url: URL; keyFile: string | null } {
  const usage = new WrongSetting(`Usage: npm run ledger -- ${deployUsage}`);
  let values: { rpc?: string | undefined; key?: string | undefined };
  try {
    ({ values } = parseArgs({ args, options: { rpc: { type: "string" }, key: { type: "string" } } }));
  } catch {
    throw usage;
  }
  if (!values.rpc || !URL.canParse(values.rpc) || !/^https?:$/.test(new URL(values.rpc).protocol)) throw usage;
  return { url: new URL(values.rpc), keyFile: values.key ? resolve(values.key) : null };
}

/** What is more than host and port may be a key, and stays off screens. */
function isPlain(url: URL): boolean {
  return `${url.origin}/` === url.href;
}

/** As the server would find it, whatever the settings of the ledger say by now. */
function dataFolder(): string {
  try {
    process.loadEnvFile(join(root, ".env"));
  } catch {
    // No .env: the environment alone.
  }
  return readConfig({ DATA_DIR: process.env.DATA_DIR }).dataDir;
}

/** Resolves to the contract's address once it is in a block, or to null when the payer cannot pay. */
async function create(rpc: Rpc, key: SigningKey, data: string, say: (line: string) => void): Promise<string | null> {
  const payer = computeAddress(key);
  const chainId = String(await quantity(rpc, "eth_chainId", []));
  const fees = await feesOf(rpc);
  if (fees === null) throw new NoAnswer("The network tells no base fee, which our transactions need.");
  const [has, needs] = [
    await quantity(rpc, "eth_getBalance", [payer, "latest"]),
    BigInt(DEPLOYMENT_GAS) * fees.highest,
  ];
  if (has < needs) {
    say(`Fund ${payer} on chain ${chainId} with ${formatEther(needs - has)} more of its coins, then run this again.`);
    return null;
  }
  const nonce = await count(rpc, "eth_getTransactionCount", [payer, "latest"]);
  const { raw, hash } = sign(key, { to: null, data, gas: DEPLOYMENT_GAS }, nonce, chainId, fees);
  await rpc.call("eth_sendRawTransaction", [raw]);
  say(`Sent to chain ${chainId} as ${hash}. Waiting for its block…`);
  for (const late = performance.now() + PATIENCE; performance.now() < late; ) {
    const [receipt] = await receiptsOf(rpc, [hash]);
    const address = getCreateAddress({ from: payer, nonce });
    if (receipt && isOurCode(await bytes(rpc, "eth_getCode", [address, "latest"]))) return address;
    if (receipt)
      throw new NoAnswer(
        "The transaction is in a block, and there is no contract of ours: this network does not take it.",
      );
    await new Promise((done) => setTimeout(done, POLL));
  }
  throw new NoAnswer("The transaction is still in no block. Look at it with the hash above before you try again.");
}
