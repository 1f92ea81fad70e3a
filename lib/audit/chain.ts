import { Interface } from "ethers";
import { keccak256 } from "../keyring/keccak.ts";
import { consentLedgerAbi } from "../ledger/abi.ts";
import { NodeLies, newestBlock, searchLogs } from "../ledger/logs.ts";
import type { AskChain, Log } from "../ledger/read.ts";
import type { TreeHead } from "./checkpoint.ts";

/** Where an act stands on the ledger. */
export interface Seen {
  readonly transaction: string;
  readonly block: number;
  readonly blockHash: string;
  /** When that block was made, in milliseconds since 1970; null where the node does not say. */
  readonly at: number | null;
}
interface SeenRecord extends Seen {
  readonly consent: string;
  readonly byPatient: boolean;
}
interface SeenKey extends Seen {
  readonly is: "enroll" | "remove";
  /** The commitment to whose key it is; null on a removal. */
  readonly credential: string | null;
}

/** The one word the contract stores of a consent. */
interface Head {
  /** 25 bytes. */
  readonly head: string;
  readonly records: number;
  readonly revoked: boolean;
}

/** What the contract has told so far, by the identity of what it was told about. */
export interface Chain {
  granted(consent: string): Seen | null;
  revoked(consent: string): Seen | null;
  recorded(record: string): SeenRecord | null;
  keys(signer: string): readonly SeenKey[];
  /** What the log was, as the contract anchored it, in its order. */
  anchors(): readonly TreeHead[];
  /** Ids in the contract's own order. */
  recordsOf(consent: string): readonly string[];
}

const contract = new Interface(consentLedgerAbi);
const topicOf = (name: string) => contract.getEvent(name)!.topicHash;
const told = {
  [topicOf("Granted")]: "grant",
  [topicOf("Revoked")]: "revoke",
  [topicOf("RecordedByGrantee")]: "record",
  [topicOf("RecordedByPatient")]: "record",
  [topicOf("Enrolled")]: "enroll",
  [topicOf("Removed")]: "remove",
} as const;

/** How many topics the proxy takes for one place. */
const MOST_NAMED = 8;
/** The proxy's own limit; another node's may be smaller, which it says. */
const WIDEST = 10_000;

export type ChainReader = Chain & {
  /** Every act up to this block is known. */
  readonly upTo: number;
  /** Reads on to the newest block, or as far as `signal` lets it. `told` hears how far it is, 0 to 1. */
  readOn(options?: { signal?: AbortSignal | undefined; told?: (part: number) => void }): Promise<void>;
  heads(consents: readonly string[]): Promise<Map<string, Head>>;
  /** Every act there is, for asking which of them no line tells of. */
  all(): Iterable<{ is: "grant" | "revoke" | "record" | "enroll" | "remove"; object: string; seen: Seen }>;
};

/**
 * Reads every event the contract ever emitted, in order, in questions of a size the node takes; or those of a session's
 * consents alone, while they are so few that one question can name them. `lib/ledger/read.ts` asks about one thing at a
 * time; this is for holding a whole log against the chain. The contract at `address` holds nothing before block `since`.
 */
export function openChain(
  rpc: AskChain,
  { address, since = 0 }: { address: string; since?: number | undefined },
  consents?: readonly string[],
): ChainReader {
  const named = consents && consents.length > 0 && consents.length <= MOST_NAMED ? consents : undefined;
  const granted = new Map<string, Seen>();
  const revoked = new Map<string, Seen>();
  const recorded = new Map<string, SeenRecord>();
  const byConsent = new Map<string, string[]>();
  const keys = new Map<string, SeenKey[]>();
  const anchors: TreeHead[] = [];
  let upTo = since - 1;

  function take(log: Log): void {
    if (log.address.toLowerCase() !== address.toLowerCase()) throw new NodeLies("The node answered something else.");
    if (log.topics[0] === topicOf("Anchored")) {
      const { size, root } = contract.parseLog(log)!.args;
      anchors.push({ size: Number(size), root: String(root) });
    }
    const is = told[log.topics[0] ?? ""];
    if (!is) return;
    const seen = {
      transaction: log.transactionHash,
      block: Number(log.blockNumber),
      blockHash: log.blockHash,
      at: log.blockTimestamp === undefined ? null : Number(log.blockTimestamp) * 1_000,
    };
    if (is === "grant") granted.set(log.topics[1]!, seen);
    else if (is === "revoke") revoked.set(log.topics[1]!, seen);
    else if (is === "record") {
      const [, consent, record] = log.topics as [string, string, string];
      recorded.set(record, { ...seen, consent, byPatient: log.topics[0] === topicOf("RecordedByPatient") });
      byConsent.set(consent, [...(byConsent.get(consent) ?? []), record]);
    } else {
      const event = contract.parseLog(log)!.args;
      const signer = String(event.clinician).toLowerCase();
      const credential = is === "enroll" ? String(event.credential) : null;
      keys.set(signer, [...(keys.get(signer) ?? []), { ...seen, is, credential }]);
    }
  }

  return {
    get upTo() {
      return upTo;
    },
    granted: (consent) => granted.get(consent) ?? null,
    revoked: (consent) => revoked.get(consent) ?? null,
    recorded: (record) => recorded.get(record) ?? null,
    recordsOf: (consent) => byConsent.get(consent) ?? [],
    keys: (signer) => keys.get(signer) ?? [],
    anchors: () => anchors,
    *all() {
      for (const [object, seen] of granted) yield { is: "grant", object, seen };
      for (const [object, seen] of revoked) yield { is: "revoke", object, seen };
      for (const [object, seen] of recorded) yield { is: "record", object, seen };
      for (const [object, list] of keys) for (const seen of list) yield { is: seen.is, object, seen };
    },
    async readOn({ signal, told: tell } = {}) {
      const head = await newestBlock(rpc);
      const start = upTo;
      const filter = { address, ...(named && { topics: [null, named] }) };
      const blocks = { from: upTo + 1, to: head, ...(!named && { widest: WIDEST }) };
      signal?.throwIfAborted();
      for await (const piece of searchLogs(rpc, filter, blocks)) {
        for (const log of piece.logs) take(log);
        upTo = piece.upTo ?? head;
        tell?.((upTo - start) / (head - start));
        signal?.throwIfAborted();
      }
    },
    async heads(consents) {
      const found = new Map<string, Head>();
      for (let i = 0; i < consents.length; i += 16) {
        const some = consents.slice(i, i + 16);
        const params = [address, some.map(slotOf), "latest"];
        const { storageProof } = (await rpc("eth_getProof", params)) as { storageProof: { value: string }[] };
        some.forEach((consent, at) => {
          found.set(consent, headOf(storageProof[at]?.value ?? "0x0"));
        });
      }
      return found;
    },
  };
}

/** `_consents` is the contract's fifth slot; a mapping's word is at keccak256(key ‖ slot). */
export const slotOf = (consent: string) => keccak256(`${consent}${"4".padStart(64, "0")}`);

/** Head (25 bytes), the grantee's count (3), the patient's count (3), status (1). */
function headOf(value: string): Head {
  const word = BigInt(value).toString(16).padStart(64, "0");
  const count = (from: number) => Number.parseInt(word.slice(from, from + 6), 16);
  return { head: `0x${word.slice(0, 50)}`, records: count(50) + count(56), revoked: word.endsWith("02") };
}
