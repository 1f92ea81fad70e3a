import { and, asc, eq, inArray } from "drizzle-orm";
import { keccak256 } from "ethers";
import { openChain, type Seen } from "../../lib/audit/chain.ts";
import { ledgerKey } from "../../lib/audit/checkpoint.ts";
import { EVIDENCE_FORMAT, type Evidence, sealedIn } from "../../lib/audit/evidence.ts";
import { slotsOf } from "../../lib/audit/evidence-ledger.ts";
import { cosignedAt, readKeyText, readNote, signedOnlyBy } from "../../lib/audit/note.ts";
import type { AskChain } from "../../lib/ledger/read.ts";
import { Refusal } from "../../lib/refusal.ts";
import { NotNow } from "../ledger/chain.ts";
import { anchoredData } from "../ledger/contract.ts";
import { type Ledger, RpcError } from "../ledger/ledger.ts";
import { act, ledgerTransaction, witness } from "../storage/schema.ts";
import type { Reader, Storage } from "../storage/storage.ts";
import { blockAt, NotAsHashed, type ProvenBlock, transactionsIn } from "./chain-proof.ts";
import type { Taken } from "./evidence.ts";
import type { Log } from "./log.ts";

/** What a file is made with, beside what the database has of the visit. */
export interface Assembly {
  readonly storage: Pick<Storage, "read">;
  readonly ledger: Pick<Ledger, "about" | "since" | "logKey" | "rpc" | "lastAnchored" | "certify" | "whenIdle">;
  readonly log: Pick<Log, "key" | "seal" | "under">;
  readonly now: () => Date;
}

/** The file without contents. Throws `Refusal("evidence.not-yet")` while the ledger or the log cannot say all of it. */
export async function assemble(taken: Taken, with_: Assembly): Promise<Evidence> {
  try {
    return await assembled(taken, with_);
  } catch (error) {
    if (error instanceof RpcError || error instanceof NotNow || error instanceof NotAsHashed)
      throw new Refusal("evidence.not-yet");
    throw error;
  }
}

async function assembled(taken: Taken, { storage, ledger, log, now }: Assembly): Promise<Evidence> {
  const rpc: AskChain = (method, params) => ledger.rpc(method, params);
  const { label, local, chainId, address } = ledger.about;
  await log.seal();
  const { order, seen } = await onLedger(rpc, { address, since: ledger.since }, taken);
  const { head, anchor, state } = await standing(rpc, ledger, taken);
  const numbers = taken.lines.map(({ number }) => number);
  const under = await log.under(numbers, anchor.size);
  if (!under) throw new Refusal("evidence.not-yet");
  const { signed, proofs, consistency } = under;
  const note = readNote(signed.note);
  const own = [readKeyText(log.key), ledgerKey(ledger.about, ledger.logKey)];
  const witnesses = (await witnessKeys(storage.read)).filter((key) => cosignedAt(note, readKeyText(key)) !== null);
  // What the contract refused is on no place there: it comes last, and no verifier will find it.
  const place = new Map(order.map((id, at) => [id, at]));
  const records = [...taken.records].sort(
    (a, b) => (place.get(a.id) ?? order.length) - (place.get(b.id) ?? order.length),
  );
  const evidence: Evidence = {
    format: EVIDENCE_FORMAT,
    madeAt: now().toISOString(),
    ledger: { label, local, chainId, address },
    logKey: ledger.logKey,
    visit: taken.visit,
    consents: taken.consents.map(({ id: _, ...consent }) => consent),
    records: records.map(({ id: _, ...record }) => record),
    lines: taken.lines.map((entry, i) => ({ entry, proof: proofs[i]! })),
    log: {
      // Without the line of a witness that was removed since: every signature of a file is somebody's who is named.
      checkpoint: signedOnlyBy(note, [...own, ...witnesses.map(readKeyText)]),
      key: log.key,
      witnesses,
      anchor: { ...anchor, proof: consistency },
    },
    ...(await carriers(rpc, storage.read, [...seen, ...(await anchoredIn(storage.read, anchor.root))], head)),
    state,
    seal: "0x00",
    opened: [],
  };
  return { ...evidence, seal: ledger.certify(await sealedIn(evidence), "Evidence") };
}

/** How many permissions one question to the ledger may name. */
const NAMED = 8;

/** Where the acts are on the ledger, and its records in the ledger's own order. */
async function onLedger(rpc: AskChain, place: { address: string; since: number }, { consents }: Taken) {
  const seen: Seen[] = [];
  const order: string[] = [];
  for (let i = 0; i < consents.length; i += NAMED) {
    const ids = consents.slice(i, i + NAMED).map(({ id }) => id);
    const chain = openChain(rpc, place, ids);
    await chain.readOn();
    seen.push(...[...chain.all()].map((one) => one.seen));
    order.push(...ids.flatMap((id) => chain.recordsOf(id)));
  }
  return { seen, order };
}

/** How often it is looked again where the chain moved on between two questions. */
const TRIES = 5;
/** How many places of the storage one question may name. */
const SLOTS = 16;

interface NodeProof {
  accountProof: string[];
  storageProof: { value: string; proof: string[] }[];
}

/** What the contract holds in the newest block, with the proof of each word. */
async function standing(rpc: AskChain, ledger: Assembly["ledger"], { consents }: Taken) {
  const slots = slotsOf(consents.map(({ consent }) => consent));
  for (let left = TRIES; left > 0; left--) {
    const head = await blockAt(rpc, Number(await rpc("eth_blockNumber", [])));
    const answers: NodeProof[] = [];
    for (let i = 0; i < slots.length; i += SLOTS)
      answers.push(
        (await rpc("eth_getProof", [ledger.about.address, slots.slice(i, i + SLOTS), head.block.number])) as NodeProof,
      );
    const anchor = await ledger.lastAnchored();
    const words = answers.flatMap(({ storageProof }) => storageProof);
    if (BigInt(words[0]!.value) !== BigInt(keccak256(anchoredData(anchor)))) continue;
    const [anchored, doctor, ...rest] = words.map(({ proof }) => proof) as [string[], string[], ...string[][]];
    const account = answers[0]!.accountProof;
    return { head, anchor, state: { block: head.hash, account, anchored, doctor, consents: rest } };
  }
  throw new Refusal("evidence.not-yet");
}

/** The transactions that carried something of the visit, and their blocks with the newest, each with its header. */
async function carriers(rpc: AskChain, read: Reader, seen: readonly Place[], head: ProvenBlock) {
  const hashes = [...new Set(seen.map(({ transaction }) => transaction))];
  const ours = await read
    .select({ hash: ledgerTransaction.hash, raw: ledgerTransaction.raw })
    .from(ledgerTransaction)
    .where(inArray(ledgerTransaction.hash, hashes));
  const known = new Map(ours.map(({ hash, raw }) => [hash, raw]));
  const blocks: ProvenBlock[] = [];
  for (const number of [...new Set(seen.map(({ block }) => block))].sort((a, b) => a - b))
    blocks.push(number === head.number ? head : await blockAt(rpc, number));
  const found = blocks.map((block) => ({ block, carried: transactionsIn(block, new Set(hashes), known) }));
  const used = found.filter(({ carried }) => carried.length > 0).map(({ block }) => block);
  const all = used.includes(head) ? used : [...used, head];
  return {
    blocks: all.map(({ hash, header }) => ({ hash, header })),
    transactions: found.flatMap(({ carried }) => carried),
  };
}

type Place = Pick<Seen, "transaction" | "block">;

/** The transaction that anchored this root; none for the first, which was made with the contract, or where somebody else sent it. */
async function anchoredIn(read: Reader, root: string): Promise<Place[]> {
  const rows = await read
    .select({ transaction: act.transaction, block: act.block })
    .from(act)
    .where(and(eq(act.kind, "anchor"), eq(act.object, root)));
  return rows.flatMap(({ transaction, block }) =>
    transaction !== null && block !== null ? [{ transaction, block }] : [],
  );
}

async function witnessKeys(read: Reader): Promise<string[]> {
  const rows = await read.select({ key: witness.key }).from(witness).orderBy(asc(witness.addedAt));
  return rows.map(({ key }) => key);
}
