import { concat, dataSlice, Interface } from "ethers";
import { consentId, type LedgerDomain } from "../consent/typed-data.ts";
import { keccak256 } from "../keyring/keccak.ts";
import { consentLedgerAbi } from "./abi.ts";
import { NodeLies, searchLogs } from "./logs.ts";
import { type Act, actId } from "./submission.ts";

/**
 * What anyone needs to hold a line of ours against the chain: any node's JSON-RPC, and the contract's chain and address.
 * Nothing here trusts our server; a node that answers what was not asked is caught.
 */
export type AskChain = (method: string, params: unknown[]) => Promise<unknown>;

/** Where something is on the chain. */
export interface Place {
  block: number;
  blockHash: string;
  transaction: string;
}

interface RecordOnLedger extends Place {
  record: string;
  consent: string;
  byPatient: boolean;
}

interface ConsentOnLedger {
  status: "unknown" | "granted" | "revoked";
  /** The records so far folded into one: compare with `foldHead`. */
  head: string;
  granteeCount: number;
  patientCount: number;
  granted: Place | null;
  revoked: Place | null;
}

interface ClinicianOnLedger {
  /** Enrolled now. */
  enrolled: boolean;
  /** How often the owner has enrolled or removed them. */
  epoch: number;
  /** Unix seconds; null while not enrolled. */
  activeFrom: number | null;
  /** Every enrollment and removal, in order. */
  history: (Place & { is: "enrolled" | "removed"; credential: string | null })[];
}

const contract = new Interface(consentLedgerAbi);
const recordedTopics = ["RecordedByGrantee", "RecordedByPatient"].map((name) => contract.getEvent(name)!.topicHash);

/** A record by its id, or null when it is not there. */
export async function readRecord(
  rpc: AskChain,
  ledger: LedgerDomain,
  recordId: string,
): Promise<RecordOnLedger | null> {
  const [log, ...others] = await searchTopics(rpc, ledger, [recordedTopics, null, recordId]);
  if (others.length > 0) throw new NodeLies("A record is there more than once.");
  return log ? recordOf(log) : null;
}

/** Where a consent stands, and when it was granted and revoked. */
export async function readConsent(rpc: AskChain, ledger: LedgerDomain, consentId: string): Promise<ConsentOnLedger> {
  const granted = await search(rpc, ledger, ["Granted", consentId]);
  const revoked = await search(rpc, ledger, ["Revoked", consentId]);
  const state = await view(rpc, ledger, "consentState", consentId);
  const status = (["unknown", "granted", "revoked"] as const)[Number(state.status)];
  if (!status) throw new NodeLies("A consent is in a state that does not exist.");
  if ((status === "revoked") !== revoked.length > 0)
    throw new NodeLies("A revocation is either told or kept, not both.");
  if (status === "granted" && granted.length === 0) throw new NodeLies("A grant is kept but was never told.");
  return {
    status,
    head: String(state.head),
    granteeCount: Number(state.granteeCount),
    patientCount: Number(state.patientCount),
    granted: granted[0] ? placeOf(granted[0]) : null,
    revoked: revoked[0] ? placeOf(revoked[0]) : null,
  };
}

/**
 * The head a consent has after exactly these records in this order: 25 bytes, as the contract folds them. A consent that
 * was never granted has none.
 */
export function foldHead(consentId: string, recordIds: readonly string[]): string {
  return recordIds.reduce((head, id) => dataSlice(keccak256(concat([head, id])), 0, 25), dataSlice(consentId, 0, 25));
}

/** A clinician by their signer. */
export async function readClinician(
  rpc: AskChain,
  ledger: LedgerDomain,
  clinician: string,
): Promise<ClinicianOnLedger> {
  const hash = keccak256(clinician);
  const topics = [contract.getEvent("Enrolled")!.topicHash, contract.getEvent("Removed")!.topicHash];
  const logs = await searchTopics(rpc, ledger, [topics, hash]);
  const { epoch, activeFrom } = await view(rpc, ledger, "clinicianState", clinician);
  if (Number(epoch) !== logs.length) throw new NodeLies("Enrollments are told and counted differently.");
  return {
    enrolled: activeFrom !== 0n,
    epoch: Number(epoch),
    activeFrom: activeFrom === 0n ? null : Number(activeFrom),
    history: logs.map((log) => {
      const event = contract.parseLog(log)!;
      const enrolled = event.name === "Enrolled";
      return {
        ...placeOf(log),
        is: enrolled ? ("enrolled" as const) : ("removed" as const),
        credential: enrolled ? String(event.args.credential) : null,
      };
    }),
  };
}

/** The key that signs the audit log's checkpoints and the receipts: an address, lower case. */
export async function readLogKey(rpc: AskChain, ledger: LedgerDomain): Promise<string> {
  const answer = await rpc("eth_call", [{ to: ledger.address, data: contract.encodeFunctionData("logKey") }, "latest"]);
  return String(contract.decodeFunctionResult("logKey", String(answer))[0]).toLowerCase();
}

/** Where an act of a patient or clinician is on the chain, or null when it is not there. */
export async function readAct(rpc: AskChain, ledger: LedgerDomain, act: Act): Promise<Place | null> {
  if (act.is === "record") return readRecord(rpc, ledger, actId(act));
  const { granted, revoked } = await readConsent(rpc, ledger, consentId(act.consent));
  return act.is === "grant" ? granted : revoked;
}

/** How many blocks make a place sure where the node knows no better: well beyond any reorganisation ever seen. */
const DEEP = 64;

/**
 * Whether what is in this block can no longer be undone. On a ledger that one clinic runs, the next block says so: its own
 * journal has moved on.
 */
export async function isFinal(rpc: AskChain, place: Place, local: boolean): Promise<boolean> {
  const head = async (tag: string) => {
    const block = (await rpc("eth_getBlockByNumber", [tag, false])) as { number: string } | null;
    return Number(block?.number ?? 0);
  };
  if (local) return (await head("latest")) > place.block;
  const finalized = await head("finalized").catch(() => null);
  return finalized === null ? (await head("latest")) >= place.block + DEEP : finalized >= place.block;
}

/** A log as nodes tell it. */
export interface Log {
  address: string;
  topics: string[];
  data: string;
  blockNumber: string;
  blockHash: string;
  /** Seconds since 1970; not every node says it. */
  blockTimestamp?: string | undefined;
  transactionHash: string;
}

function search(rpc: AskChain, ledger: LedgerDomain, [event, ...rest]: [string, ...(string | null)[]]): Promise<Log[]> {
  return searchTopics(rpc, ledger, [contract.getEvent(event)!.topicHash, ...rest]);
}

/** Logs of our contract on our chain with these topics, and no others. */
async function searchTopics(rpc: AskChain, ledger: LedgerDomain, topics: (string | string[] | null)[]): Promise<Log[]> {
  const chainId = await rpc("eth_chainId", []);
  if (BigInt(String(chainId)) !== BigInt(ledger.chainId)) throw new NodeLies("The node is on another chain.");
  const logs: Log[] = [];
  for await (const piece of searchLogs(rpc, { address: ledger.address, topics }, { from: 0 })) logs.push(...piece.logs);
  for (const log of logs) {
    const asked = topics.every((topic, i) => topic === null || [topic].flat().includes(log.topics[i] ?? ""));
    if (!asked || log.address.toLowerCase() !== ledger.address.toLowerCase())
      throw new NodeLies("The node answered something else.");
  }
  return logs;
}

async function view(rpc: AskChain, ledger: LedgerDomain, name: "consentState" | "clinicianState", argument: string) {
  const data = contract.encodeFunctionData(name, [argument]);
  const answer = await rpc("eth_call", [{ to: ledger.address, data }, "latest"]);
  return contract.decodeFunctionResult(name, String(answer))[0] as Record<string, unknown>;
}

function recordOf(log: Log): RecordOnLedger {
  const { name, args } = contract.parseLog(log)!;
  const { record, consent } = args;
  const byPatient = name === "RecordedByPatient";
  return { record: String(record), consent: String(consent), byPatient, ...placeOf(log) };
}

function placeOf({ blockNumber, blockHash, transactionHash }: Log): Place {
  return { block: Number(blockNumber), blockHash, transaction: transactionHash };
}
