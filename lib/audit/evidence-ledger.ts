import { concat, decodeRlp, keccak256 } from "ethers";
import { consentId, structHash } from "../consent/typed-data.ts";
import { foldHead } from "../ledger/read.ts";
import { slotOf } from "./chain.ts";
import { attempt } from "./difference.ts";
import type { Evidence, RecordThere } from "./evidence.ts";
import { provenAt, transactionKey } from "./trie.ts";

/** What is wrong with a file: where in it, and what. The words are in lib/strings/evidence.ts. */
export interface Fault {
  readonly at: string;
  readonly why: Why;
}
export type Why =
  | "not-json"
  | "too-long"
  | "shape"
  | "not-canonical"
  | "not-sealed"
  | "visit"
  | "text"
  | "signature"
  | "revocation"
  | "unknown-permission"
  | "author"
  | "outside-window"
  | "not-allowed"
  | "not-approved"
  | "unknown-record"
  | "content"
  | "twice"
  | "header"
  | "no-block"
  | "unused"
  | "state"
  | "not-granted"
  | "not-revoked"
  | "revoked-there"
  | "transaction"
  | "carries-nothing"
  | "not-anchored"
  | "not-enrolled"
  | "number"
  | "count"
  | "head"
  | "gap"
  | "checkpoint"
  | "witness"
  | "not-cosigned"
  | "line"
  | "not-included"
  | "untold"
  | "untrue"
  | "inconsistent"
  | "node-chain"
  | "node-block"
  | "node-key"
  | "node-away";

export type Tell = (at: string, why: Why) => void;

export interface BlockThere {
  readonly hash: string;
  readonly number: number;
  /** Unix seconds. */
  readonly at: number;
  readonly stateRoot: string;
  readonly transactionsRoot: string;
}

/** What the contract stores of a permission: see docs/ledger.md. */
interface Word {
  readonly head: string;
  readonly byGrantee: number;
  readonly byPatient: number;
  readonly status: number;
}

/** What the file proves that the contract holds, in one block. Null is what it does not prove. */
export interface Standing {
  readonly blocks: ReadonlyMap<string, BlockThere>;
  readonly at: BlockThere | null;
  readonly anchored: string | null;
  readonly doctor: { readonly epoch: number; readonly activeFrom: number } | null;
  readonly words: readonly (Word | null)[];
}

/** A header's fields by their places: see the Ethereum yellow paper, 4.4. */
const STATE_ROOT = 3;
const TRANSACTIONS_ROOT = 4;
const NUMBER = 8;
const TIMESTAMP = 11;

/** `_clinicians` is the contract's sixth slot, `anchored` the seventh. */
const doctorSlot = (signer: string) => keccak256(concat([keccak256(signer), `0x${"5".padStart(64, "0")}`]));
const ANCHORED_SLOT = `0x${"6".padStart(64, "0")}`;

/** The places of the contract's storage that a file proves, in the order of the proofs: `anchored`, the doctor's, each permission's. */
export const slotsOf = (consents: readonly Evidence["consents"][number]["consent"][]): string[] => [
  ANCHORED_SLOT,
  doctorSlot(consents[0]!.grantee),
  ...consents.map((consent) => slotOf(consentId(consent))),
];

/** Reads headers and proofs. Tells what of them is not what it says. */
export function standingIn({ blocks, ledger, state, consents }: Evidence, tell: Tell): Standing {
  const read = new Map<string, BlockThere>();
  blocks.forEach(({ hash, header }, i) => {
    const block = keccak256(header) === hash ? attempt(() => blockIn(hash, header)) : null;
    if (!block) tell(`blocks.${i}`, "header");
    else if (read.has(hash)) tell(`blocks.${i}`, "twice");
    else read.set(hash, block);
  });
  const at = read.get(state.block) ?? null;
  if (!at) tell("state.block", "no-block");
  const storage = at && attempt(() => storageRoot(at.stateRoot, ledger.address, state.account));
  if (at && !storage) tell("state.account", "state");
  const word = (slot: string, proof: readonly string[], where: string): bigint | null => {
    if (!storage) return null;
    const value = attempt(() => ({ is: provenAt(storage, keccak256(slot), proof) }));
    if (!value) tell(where, "state");
    return value && BigInt(value.is === null ? "0x0" : String(decodeRlp(value.is)));
  };
  const [anchoredAt, doctorAt, ...slots] = slotsOf(consents.map(({ consent }) => consent)) as [string, string];
  const anchored = word(anchoredAt, state.anchored, "state.anchored");
  const doctor = word(doctorAt, state.doctor, "state.doctor");
  if (state.consents.length !== consents.length) tell("state.consents", "shape");
  return {
    blocks: read,
    at,
    anchored: anchored === null ? null : hex(anchored, 64),
    doctor: doctor === null ? null : { epoch: Number(doctor & 0xffffffffn), activeFrom: Number(doctor >> 32n) },
    words: slots.map((slot, i) => {
      const proof = state.consents[i];
      const value = proof ? word(slot, proof, `state.consents.${i}`) : null;
      return value === null ? null : wordIn(value);
    }),
  };
}

function blockIn(hash: string, header: string): BlockThere {
  const fields = decodeRlp(header) as string[];
  const count = (at: number) => Number(BigInt(fields[at] === "0x" ? "0x0" : fields[at]!));
  return {
    hash,
    number: count(NUMBER),
    at: count(TIMESTAMP),
    stateRoot: fields[STATE_ROOT]!,
    transactionsRoot: fields[TRANSACTIONS_ROOT]!,
  };
}

function storageRoot(stateRoot: string, address: string, proof: readonly string[]): string | null {
  const account = provenAt(stateRoot, keccak256(address), proof);
  return account === null ? null : ((decodeRlp(account) as string[])[2] ?? null);
}

const hex = (value: bigint, digits: number) => `0x${value.toString(16).padStart(digits, "0")}`;

function wordIn(value: bigint): Word {
  const digits = hex(value, 64).slice(2);
  const count = (from: number) => Number.parseInt(digits.slice(from, from + 6), 16);
  return {
    head: `0x${digits.slice(0, 50)}`,
    byGrantee: count(50),
    byPatient: count(56),
    status: Number.parseInt(digits.slice(62), 16),
  };
}

const GRANTED = 1;
const REVOKED = 2;

/** Each permission is on the ledger as the file has it, and every transaction is in its block and carries something of the file. */
export function ledgerFaults(evidence: Evidence, { words, blocks, anchored }: Standing, tell: Tell): void {
  const { consents, records, transactions, log, state } = evidence;
  consents.forEach(({ revocation }, i) => {
    const word = words[i];
    if (!word) return; // told where its proof is
    if (word.status !== GRANTED && word.status !== REVOKED) tell(`consents.${i}`, "not-granted");
    else if (word.status === REVOKED && revocation === null) tell(`consents.${i}.revocation`, "revoked-there");
    else if (word.status === GRANTED && revocation !== null) tell(`consents.${i}.revocation`, "not-revoked");
  });
  const { size, root } = log.anchor;
  if (anchored !== null && keccak256(concat([hex(BigInt(size), 64), root])) !== anchored)
    tell("log.anchor", "not-anchored");

  const signatures = [...consents.flatMap(({ signature, revocation }) => [signature, revocation]), root].concat(
    records.map(({ signature }) => signature),
  );
  const used = new Set([state.block]);
  for (const [i, { block, index, raw, proof }] of transactions.entries()) {
    used.add(block);
    const there = blocks.get(block);
    if (!there) {
      tell(`transactions.${i}.block`, "no-block");
      continue;
    }
    if (attempt(() => provenAt(there.transactionsRoot, transactionKey(index), proof)) !== raw)
      tell(`transactions.${i}`, "transaction");
    if (!signatures.some((signed) => signed !== null && raw.includes(signed.slice(2))))
      tell(`transactions.${i}`, "carries-nothing");
  }
  evidence.blocks.forEach(({ hash }, i) => {
    if (!used.has(hash)) tell(`blocks.${i}`, "unused");
  });
}

export const recordIdOf = ({ consent, kind, commitment, number, signedAt }: RecordThere): string =>
  structHash("Record", { consent, kind, commitment, number, signedAt });

/** The records are all that the ledger has under these permissions, in its order: the contract folded their ids into one word each. */
export function missingFaults({ consents, records, lines }: Evidence, { words }: Standing, tell: Tell): void {
  lines.forEach(({ entry }, before) => {
    if (entry.ofVisit !== before + 1) tell(`lines.${before}.entry.ofVisit`, "gap");
  });
  consents.forEach(({ consent }, i) => {
    const id = consentId(consent);
    const word = words[i];
    const under = records.flatMap((record, at) => (record.consent === id ? [{ record, at }] : []));
    for (const byPatient of [false, true]) {
      const own = under.filter(({ record }) => record.byPatient === byPatient);
      own.forEach(({ record, at }, before) => {
        if (record.number !== before + 1) tell(`records.${at}.number`, "number");
      });
      if (word && own.length !== (byPatient ? word.byPatient : word.byGrantee)) tell(`consents.${i}`, "count");
    }
    const ids = under.map(({ record }) => recordIdOf(record));
    // A permission that was taken back before it was on the ledger has no head.
    const none = ids.length === 0 && word !== undefined && /^0x0*$/.test(word?.head ?? "");
    if (!word) tell(`consents.${i}`, "state");
    else if (!none && foldHead(id, ids) !== word.head) tell(`consents.${i}`, "head");
  });
}
