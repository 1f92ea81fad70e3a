import type { SigningKey } from "ethers";
import type { LedgerDomain } from "../../lib/consent/typed-data.ts";
import type { Chain } from "./chain.ts";
import { encode, encodeBatch, type KeptCall, type RecordCall, reasonsOf } from "./contract.ts";
import { view } from "./node.ts";
import { type Tried, tryInOrder } from "./simulate.ts";

/** A kept act that waits. */
export interface Waiting {
  id: string;
  call: KeptCall;
}

/** One transaction to be, and the acts it carries. */
export interface Planned<A extends Waiting> {
  acts: A[];
  data: string;
  gas: number;
}

interface Plan<A extends Waiting> {
  transactions: Planned<A>[];
  /** What the contract would refuse, and the name of its error. */
  refused: { act: A; reason: string }[];
}

export interface Party {
  chain: Chain;
  domain: LedgerDomain;
  owner: SigningKey;
  /** Sender of the transactions. */
  relayer: string;
  /** No act of ours is in an older block. */
  since: number;
}

const LARGEST_BATCH = 50;
/** Upper bounds, with signers that are contracts and spend all they may; what is not used costs nothing. */
const gasFor = (acts: number) => 600_000 + (acts - 1) * 280_000;
/** What a signer's contract may spend when it has become dearer since it was tried: twice the contract's SIGNATURE_GAS. */
const ROOM_FOR_SIGNERS = 145_000;

/**
 * Turns the first of the waiting acts into the transactions of one block, each tried on top of those before it. Records
 * that follow each other travel together, but for those that are to go alone. A refused act changes nothing, so the
 * others stand without it.
 */
export async function plan<A extends Waiting>(
  waiting: A[],
  party: Party,
  alone: (act: A) => boolean = () => false,
): Promise<Plan<A>> {
  const groups = group(waiting, alone, party.chain.roundGas);
  const epochs = await epochsOf(groups.flat(), party);
  const refused: Plan<A>["refused"] = [];
  const tried: Planned<A>[] = [];
  for (const acts of groups) {
    try {
      tried.push(planned(acts, party, epochs));
    } catch {
      for (const act of acts) {
        try {
          tried.push(planned([act], party, epochs));
        } catch {
          refused.push({ act, reason: "Malformed" }); // it doesn't fit the contract's types
        }
      }
    }
  }
  const answers = await tryInOrder(tried, party);
  if (answers.some((answer, i) => answer.reason !== null && tried[i]!.acts.length > 1))
    return plan(waiting, party, () => true);

  const transactions: Planned<A>[] = [];
  for (const [i, { acts, data }] of tried.slice(0, answers.length).entries()) {
    const answer = answers[i]!;
    const gas = gasNeeded(answer, acts.length);
    if (acts.length === 1) {
      if (answer.reason === null) transactions.push({ acts, data, gas });
      else refused.push({ act: acts[0]!, reason: answer.reason });
      continue;
    }
    const reasons = reasonsOf(answer.data);
    const good = acts.filter((_, a) => (reasons[a] ?? null) === null);
    for (const [a, act] of acts.entries()) if (reasons[a]) refused.push({ act, reason: reasons[a] });
    if (good.length > 0)
      transactions.push(good.length === acts.length ? { acts, data, gas } : planned(good, party, epochs));
  }
  return { transactions, refused };
}

/** What the contract would say to the last of these calls after the others: null is yes, else its error's name. */
export async function whatWouldItSay(calls: KeptCall[], party: Party): Promise<string | null> {
  const epochs = await epochsOf(
    calls.map((call) => ({ call })),
    party,
  );
  const data: { data: string; gas: number }[] = [];
  for (const [i, call] of calls.entries()) {
    try {
      data.push({ data: encode(call, party.owner, party.domain, nextEpoch(call, epochs)), gas: gasFor(1) });
    } catch {
      if (i === calls.length - 1) return "Malformed";
    }
  }
  const answers = await tryInOrder(data, party);
  // A node that tries but one call at a time has not come to the last: the outbox will.
  return answers.length < data.length ? null : answers.at(-1)!.reason;
}

/** Room above what it used when it was tried, and never more than it may need. */
function gasNeeded({ gasUsed }: Tried, acts: number): number {
  if (gasUsed === null) return gasFor(acts);
  return Math.min(gasFor(acts), Math.ceil(gasUsed * 1.1) + 50_000 + acts * ROOM_FOR_SIGNERS);
}

/** In order; records beside each other together. At most one act of a clinician's enrollment a block, and one block's gas. */
function group<A extends Waiting>(waiting: A[], alone: (act: A) => boolean, roundGas: number): A[][] {
  const groups: A[][] = [];
  const clinicians = new Set<string>();
  let gas = 0;
  for (const act of waiting) {
    const { call } = act;
    const last = groups.at(-1);
    const records = call.is === "record" && last?.[0]?.call.is === "record" && last.length < LARGEST_BATCH;
    const joins = records && !alone(act) && !alone(last[0]!);
    gas += joins ? gasFor(2) - gasFor(1) : gasFor(1);
    if (gas > roundGas) break;
    if (call.is === "enroll" || call.is === "remove") {
      if (clinicians.has(call.clinician)) break;
      clinicians.add(call.clinician);
    }
    if (joins) last.push(act);
    else groups.push([act]);
  }
  return groups;
}

function planned<A extends Waiting>(acts: A[], { owner, domain }: Party, epochs: Map<string, number>): Planned<A> {
  const gas = gasFor(acts.length);
  if (acts.length === 1) {
    const { call } = acts[0]!;
    const epoch = call.is === "enroll" || call.is === "remove" ? epochs.get(call.clinician) : undefined;
    return { acts, gas, data: encode(call, owner, domain, epoch) };
  }
  const { data, order } = encodeBatch(acts.map(({ call }) => call as RecordCall));
  const byCall = new Map<KeptCall, A>(acts.map((act) => [act.call, act]));
  return { acts: order.map((call) => byCall.get(call)!), gas, data };
}

function nextEpoch(call: KeptCall, epochs: Map<string, number>): number | undefined {
  if (call.is !== "enroll" && call.is !== "remove") return undefined;
  const epoch = epochs.get(call.clinician) ?? 0;
  epochs.set(call.clinician, epoch + 1);
  return epoch;
}

/** The current epoch of each clinician these acts name. */
async function epochsOf(acts: { call: KeptCall }[], { chain, domain }: Party): Promise<Map<string, number>> {
  const names = new Set<string>();
  for (const { call } of acts) if (call.is === "enroll" || call.is === "remove") names.add(call.clinician);
  const epochs = new Map<string, number>();
  for (const clinician of names) {
    try {
      const { epoch } = (await view(chain, domain.address, "clinicianState", [clinician])) as { epoch: bigint };
      epochs.set(clinician, Number(epoch));
    } catch (error) {
      if (!(error instanceof TypeError)) throw error; // not hex: refused when it is encoded
    }
  }
  return epochs;
}
