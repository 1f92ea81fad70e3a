import { AbiCoder, Interface, type SigningKey } from "ethers";
import type { TreeHead } from "../../lib/audit/checkpoint.ts";
import type { Consent } from "../../lib/consent/grant.ts";
import { consentId, digestOf, type LedgerDomain } from "../../lib/consent/typed-data.ts";
import { consentLedgerAbi } from "../../lib/ledger/abi.ts";
import { withoutNotes } from "../../lib/ledger/code.ts";
import type { Log } from "../../lib/ledger/read.ts";
import { type Act, actUnder } from "../../lib/ledger/submission.ts";
import type { LedgerCall, LedgerEntry } from "./act.ts";
import { pack } from "./batch.ts";
import { consentLedgerBytecode, consentLedgerDeployed, consentLedgerImmutables } from "./bytecode.ts";

const contract = new Interface(consentLedgerAbi);

/** An act as the outbox keeps it: the call, and what identifies it on the ledger. */
export type KeptCall = LedgerCall & { consentId?: string; recordId?: string };
export type RecordCall = Extract<KeptCall, { is: "record" }>;

/** Adds the identities, computed once. Throws when the values do not fit the contract's types. */
export function withIdentity(call: LedgerCall): KeptCall {
  if (!isSigned(call)) return call;
  const id = consentId(call.consent);
  if (call.is !== "record") return { ...call, consentId: id };
  return { ...call, consentId: id, recordId: actUnder(id, call) };
}

/** Whether a patient or clinician signed it, and not the install itself. */
const isSigned = <C extends LedgerCall>(call: C): call is Extract<C, Act> =>
  call.is === "grant" || call.is === "revoke" || call.is === "record";

/** The identity of what a patient or clinician signed; null for what the install itself signs. */
export function signedAct(call: KeptCall): string | null {
  if (!isSigned(call)) return null;
  return call.recordId ?? actUnder(call.consentId!, call);
}

/** Covers creating the contract, below what one transaction may use. */
export const DEPLOYMENT_GAS = 8_000_000;
const constructorTypes = ["address", "uint64", "address"];

/** Creates the contract: its code, who owns it and who signs its log's checkpoints; enrollments count at once. */
export function deployment(owner: string, logKey: string): string {
  const args = AbiCoder.defaultAbiCoder().encode(constructorTypes, [owner, 0, logKey]);
  return consentLedgerBytecode + args.slice(2);
}

/** Whether a contract was created from the code this version knows. */
export function isOurDeployment(data: string): boolean {
  const args = 64 * constructorTypes.length;
  return withoutNotes(data.slice(0, -args)) === withoutNotes(consentLedgerBytecode);
}

/** Whether the code at an address is what this version's contract becomes, whoever owns it and signs its log. */
export function isOurCode(code: string): boolean {
  if (code.length !== consentLedgerDeployed.length) return false;
  let bare = code;
  for (const { start, length } of consentLedgerImmutables) {
    const from = 2 + 2 * start;
    bare = bare.slice(0, from) + "00".repeat(length) + bare.slice(from + 2 * length);
  }
  return withoutNotes(bare) === withoutNotes(consentLedgerDeployed);
}

/** The call's data for one act. `epoch` is the clinician's current one, for what the owner signs here. */
export function encode(call: KeptCall, owner: SigningKey, ledger: LedgerDomain, epoch = 0): string {
  switch (call.is) {
    case "enroll": {
      const { clinician, credential } = call;
      const { serialized } = owner.sign(digestOf("Enrollment", { clinician, credential, epoch }, ledger));
      return contract.encodeFunctionData("enroll", [clinician, credential, epoch, serialized]);
    }
    case "remove": {
      const { serialized } = owner.sign(digestOf("Removal", { clinician: call.clinician, epoch }, ledger));
      return contract.encodeFunctionData("remove", [call.clinician, epoch, serialized]);
    }
    case "anchor": {
      const { from, to, proof, signature } = call;
      const tuples = [from, to].map(({ size, root }) => [size, root]);
      return contract.encodeFunctionData("anchor", [...tuples, proof, signature]);
    }
    default:
      return encodeAct(call);
  }
}

/** The call's data for what a patient or clinician signed: nobody else's key is needed to send it. */
export function encodeAct(act: Act): string {
  return act.is === "record"
    ? contract.encodeFunctionData("record", [tuple(act.consent), entryTuple(act.entry)])
    : contract.encodeFunctionData(act.is, [tuple(act.consent), act.signature]);
}

/** Several records in one call, and the order in which the contract tells their reasons. */
export function encodeBatch(calls: RecordCall[]): { data: string; order: RecordCall[] } {
  // Under one consent in their order; consents of one grantee beside each other, which makes the batch shorter.
  const byGrantee = Map.groupBy(calls, (call) => call.consent.grantee).values();
  const groups = [...byGrantee].flatMap((some) => [...Map.groupBy(some, (call) => call.consentId).values()]);
  const batch = pack(groups.map((group) => ({ consent: group[0]!.consent, entries: group.map((call) => call.entry) })));
  return { data: contract.encodeFunctionData("recordBatch", [batch]), order: groups.flat() };
}

/** For each entry of a batch the refusing error's name, or null. */
export function reasonsOf(answer: string): (string | null)[] {
  const [reasons] = contract.decodeFunctionResult("recordBatch", answer) as unknown as [string[]];
  return [...reasons].map((reason) => (reason === "0x00000000" ? null : errorName(reason)));
}

/** The custom error's name in a revert's data. */
export function errorName(data: unknown): string {
  if (typeof data !== "string" || data.length < 10) return "Reverted";
  return contract.getError(data.slice(0, 10))?.name ?? "Reverted";
}

/** Why a batch skipped a record, by the logs of its transaction; null when they do not say so. */
export function reasonSkipped(logs: Log[], recordId: string): string | null {
  const log = logs.find(({ topics: [event, record] }) => event === topicOf("Skipped") && record === recordId);
  return log ? errorName(contract.parseLog(log)?.args.reason) : null;
}

/** What a log of this event begins with. Kept, since it is hashed anew each time it is asked for. */
export function topicOf(event: string): string {
  const known = topics.get(event) ?? contract.getEvent(event)!.topicHash;
  topics.set(event, known);
  return known;
}
const topics = new Map<string, string>();

/** Topics of the event that says this very act is on the ledger, whoever sent it; null where acts may repeat. */
export function eventOf(call: KeptCall): (string | null)[] | null {
  if (call.is === "anchor") return [topicOf("Anchored")];
  if (call.is === "grant") return [topicOf("Granted"), call.consentId!];
  if (call.is === "revoke") return [topicOf("Revoked"), call.consentId!];
  if (call.is === "record") {
    const event = call.entry.byPatient ? "RecordedByPatient" : "RecordedByGrantee";
    return [topicOf(event), call.consentId!, call.recordId!];
  }
  return null;
}

/** What the contract's `Anchored` event says of this checkpoint. */
export const anchoredData = ({ size, root }: TreeHead): string =>
  AbiCoder.defaultAbiCoder().encode(["uint64", "bytes32"], [size, root]);

/** The checkpoint that an `Anchored` event tells. */
export function anchoredIn(log: Log): TreeHead {
  const { size, root } = contract.parseLog(log)!.args;
  return { size: Number(size), root: String(root) };
}

function tuple(consent: Consent): unknown[] {
  const { patient, grantee, visit, scopes, validFrom, validUntil, terms, salt } = consent;
  return [patient, grantee, visit, scopes, validFrom, validUntil, terms, salt];
}

function entryTuple(entry: LedgerEntry): unknown[] {
  const { kind, commitment, number, signedAt, byPatient, signature, approval } = entry;
  return [kind, commitment, number, signedAt, byPatient, signature, approval ?? "0x"];
}
