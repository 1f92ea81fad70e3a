import { readFile } from "node:fs/promises";
import { parseArgs } from "node:util";
import { isCallException, JsonRpcProvider, Network, Wallet } from "ethers";
import { isPromised } from "../../lib/ledger/promise.ts";
import { type AskChain, type Place, readAct, readLogKey } from "../../lib/ledger/read.ts";
import type { Receipt } from "../../lib/ledger/receipt.ts";
import { type Act, actId, inOrder, Submission, wrongSignature } from "../../lib/ledger/submission.ts";
import { nameOfAct } from "../../lib/strings/acts.ts";
import { wordsForContract } from "../../lib/strings/ledger.ts";
import { WrongSetting } from "../wrong-setting.ts";
import { encodeAct, errorName, isOurCode } from "./contract.ts";
import { NoAnswer, openNodeRpc, type Rpc, RpcError } from "./rpc.ts";
import { keyIn } from "./settings.ts";

export const submitUsage = "submit FILE --rpc URL --key FILE [--json]";

/** What became of one act of the file. */
interface Outcome {
  act: string;
  is: Act["is"];
  /** Whose signature is wrong, or null. */
  wrongSignature: string | null;
  receipt: "none" | "genuine" | "not by this ledger";
  /** Until when it was promised, in Unix seconds. */
  deadline: number | null;
  outcome: "recorded" | "there already" | "refused" | "failed";
  /** The contract's error, or what failed. */
  reason: string | null;
  block: number | null;
  transaction: string | null;
}

/** A reason to stop that a person can act on. */
class Stop extends Error {}

/** How long, in milliseconds, a transaction is waited for, and one question to the node. */
const PATIENCE = 600_000;
const ANSWER = 20_000;
const LARGEST_FILE = 4_000_000;

/**
 * `submit`: puts the acts of a saved file on their ledger, with anybody's node and anybody's money. Needs neither our server
 * nor its data. Resolves to the exit code: 0 everything is there, 1 something is not, 2 the question was wrong.
 */
export async function submit(args: string[], say: (line: string) => void): Promise<number> {
  let json = false;
  try {
    const { values, positionals } = parse(args);
    json = values.json;
    const tell = json ? () => undefined : say;
    const [path] = positionals;
    if (!path || positionals.length > 1 || !values.rpc || !values.key)
      throw new Stop(`Usage: npm run ledger -- ${submitUsage}`);
    const file = await readSubmission(path);
    const key = keyIn(values.key, "--key");
    const node = openNode(values.rpc);
    const rpc = asking(node);
    const chain = Network.from(BigInt(file.ledger.chainId));
    // Without its cache, which gives one nonce to two transactions that follow each other quickly.
    const provider = new JsonRpcProvider(values.rpc, chain, {
      staticNetwork: chain,
      batchMaxCount: 1,
      cacheTimeout: -1,
    });
    provider.pollingInterval = 500;
    try {
      const logKey = await assertThere(rpc, file);
      return await submitAll(file, { rpc, logKey, payer: new Wallet(key, provider), tell, json, say });
    } finally {
      provider.destroy();
      node.close();
    }
  } catch (error) {
    if (!(error instanceof Stop || error instanceof WrongSetting)) throw error;
    say(json ? JSON.stringify({ error: error.message }) : error.message);
    return 2;
  }
}

interface Way {
  rpc: AskChain;
  logKey: string;
  payer: Wallet;
  tell(line: string): void;
  say(line: string): void;
  json: boolean;
}

async function submitAll({ ledger, acts }: Submission, way: Way): Promise<number> {
  const { tell, json, say } = way;
  tell(`This file is for the ledger “${ledger.label}”: contract ${ledger.address} on chain ${ledger.chainId}.`);
  if (ledger.local)
    tell("Only the clinic runs that chain. This can reach it from the clinic’s own machine and nowhere else.");
  const outcomes: Outcome[] = [];
  for (const [at, { act, receipt }] of inOrder(acts).entries()) {
    tell(`${at + 1}. ${describe(act)}`);
    const outcome = await submitOne(act, receipt, ledger, way);
    tell(`   ${promiseInWords(outcome)}`);
    tell(`   ${outcomeInWords(outcome)}`);
    outcomes.push(outcome);
  }
  const ok = outcomes.every(({ outcome }) => outcome === "recorded" || outcome === "there already");
  if (json) say(JSON.stringify({ ledger, acts: outcomes, ok }));
  return ok ? 0 : 1;
}

async function submitOne(
  act: Act,
  receipt: Receipt | null,
  ledger: Submission["ledger"],
  { rpc, logKey, payer }: Way,
): Promise<Outcome> {
  const id = actId(act);
  const wrong = wrongSignature(act, ledger);
  const told: Omit<Outcome, "outcome" | "reason" | "block" | "transaction"> = {
    act: id,
    is: act.is,
    wrongSignature: wrong,
    receipt: receipt === null ? "none" : isPromised(id, receipt, { ledger, logKey }) ? "genuine" : "not by this ledger",
    deadline: receipt?.deadline ?? null,
  };
  const not = (outcome: "refused" | "failed", reason: string): Outcome => ({
    ...told,
    outcome,
    reason,
    block: null,
    transaction: null,
  });
  const is = (outcome: "recorded" | "there already", { block, transaction }: Omit<Place, "blockHash">): Outcome => ({
    ...told,
    outcome,
    reason: null,
    block,
    transaction,
  });
  const there = await readAct(rpc, ledger, act);
  if (there) return is("there already", there);
  if (wrong) return not("refused", wrong === "approval" ? "NotApprovedByPatient" : "NotSignedByAuthor");
  try {
    const sent = await payer.sendTransaction({ to: ledger.address, data: encodeAct(act) });
    const mined = await sent.wait(1, PATIENCE);
    if (mined?.status === 1) return is("recorded", { block: mined.blockNumber, transaction: sent.hash });
    return not("failed", "the transaction is in no block yet");
  } catch (error) {
    // Somebody may have been faster: then it is there.
    const meanwhile = await readAct(rpc, ledger, act);
    if (meanwhile) return is("there already", meanwhile);
    if (isCallException(error)) return not("refused", errorName(error.data));
    return not("failed", messageOf(error));
  }
}

function describe(act: Act): string {
  const name = nameOfAct(act, "stranger");
  const what = name.charAt(0).toUpperCase() + name.slice(1);
  if (act.is === "grant")
    return `${what}: from ${act.consent.patient} to ${act.consent.grantee}, until ${utc(act.consent.validUntil)}.`;
  if (act.is === "revoke") return `${what}: by ${act.consent.patient}.`;
  const { number, signedAt, byPatient, approval } = act.entry;
  const by = byPatient ? `the patient ${act.consent.patient}` : `the clinician ${act.consent.grantee}`;
  return `${what}: number ${number} by ${by}, signed ${utc(signedAt)}${approval ? ", approved by the patient" : ""}.`;
}

function promiseInWords({ receipt, deadline }: Outcome): string {
  if (receipt === "none" || deadline === null) return "No receipt came with it; it does not need one.";
  if (receipt === "genuine") return `The server promised it by ${utc(deadline)}. The promise is genuine.`;
  return "Its receipt is not signed by this ledger’s log key, so it proves no promise.";
}

function outcomeInWords({ outcome, reason, block, transaction, wrongSignature }: Outcome): string {
  const where = `block ${block}, transaction ${transaction}`;
  if (outcome === "recorded") return `It is on the ledger now: ${where}.`;
  if (outcome === "there already") return `It is on the ledger already: ${where}.`;
  if (wrongSignature) return "Not sent: its signature is not its signer’s, and the contract would refuse it.";
  if (outcome === "refused") return `The contract refuses it. ${wordsForContract(reason ?? "")} (${reason})`;
  return `It could not be sent: ${reason}.`;
}

function parse(args: string[]) {
  try {
    return parseArgs({
      args,
      allowPositionals: true,
      options: { rpc: { type: "string" }, key: { type: "string" }, json: { type: "boolean", default: false } },
    });
  } catch (error) {
    throw new Stop(`${messageOf(error)}. Usage: npm run ledger -- ${submitUsage}`);
  }
}

async function readSubmission(path: string): Promise<Submission> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Stop(`${path}, the file, can’t be read.`);
  });
  if (text.length > LARGEST_FILE) throw new Stop(`${path} is too large to be a saved submission.`);
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new Stop(`${path} is not a saved submission: it is not JSON.`);
  }
  const parsed = Submission.safeParse(content);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Stop(`${path} is not a saved submission: ${issue?.path.join(".") || "the whole"} does not fit.`);
}

/** The node, the chain and the contract are the file's. Resolves to the contract's log key. */
async function assertThere(rpc: AskChain, { ledger }: Submission): Promise<string> {
  const chainId = BigInt(String(await rpc("eth_chainId", [])));
  if (chainId !== BigInt(ledger.chainId))
    throw new Stop(`This node is on chain ${chainId}, and the file is for chain ${ledger.chainId}.`);
  const code = String(await rpc("eth_getCode", [ledger.address, "latest"]));
  if (code === "0x") throw new Stop(`There is no contract at ${ledger.address} on this chain.`);
  // Whoever wrote the file must not have somebody else's money spent by a contract of their own.
  if (!isOurCode(code)) throw new Stop(`The contract at ${ledger.address} is not this version’s consent ledger.`);
  return readLogKey(rpc, ledger).catch(() => {
    throw new Stop(`The contract at ${ledger.address} is not a consent ledger.`);
  });
}

function openNode(url: string): Rpc {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url))
    throw new Stop("--rpc must be the address of a node: http:// or https://.");
  return openNodeRpc(new URL(url), ANSWER);
}

function asking(node: Rpc): AskChain {
  return (method, params) =>
    node.call(method, params).catch((error: unknown) => {
      if (error instanceof NoAnswer) throw new Stop("The node does not answer.");
      if (error instanceof RpcError) throw new Stop(`The node answers: ${error.message}.`);
      throw error;
    });
}

function utc(seconds: number): string {
  return `${new Date(seconds * 1000).toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** What went wrong, in one line; ethers keeps the readable part apart. */
function messageOf(error: unknown): string {
  const short = (error as { shortMessage?: unknown }).shortMessage;
  if (typeof short === "string") return short;
  return error instanceof Error ? (error.message.split("\n")[0] ?? "") : String(error);
}
