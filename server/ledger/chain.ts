import type { Log } from "../../lib/ledger/read.ts";

/** A block, as far as anyone needs it. */
export interface Block {
  number: number;
  hash: string;
  timestamp: number;
}

/** What a transaction offers to pay for a unit of gas, in wei. */
export interface Fees {
  highest: bigint;
  tip: bigint;
}

/** What a transaction did. Only a chain that holds it against the block it names hands one out. */
export interface Receipt {
  transactionHash: string;
  blockNumber: number;
  blockHash: string;
  succeeded: boolean;
  gasUsed: number;
  logs: Log[];
}

/**
 * How often in a row a network has to say a thing before it counts: a refusal, a lower head, a nonce beyond reach. A
 * provider answers from nodes that lag behind each other, and two of them in a row may; it costs a look, not an alarm.
 */
export const SURE = 3;

/** Why a chain does not go on for now. */
type Obstacle = "node-down" | "node-doubtful" | "second-node-down" | "second-node-differs";

/** The chain's answer cannot be had, or not be believed, now. Nothing moves; the same question is asked again later. */
export class NotNow extends Error {
  readonly why: Obstacle;
  constructor(why: Obstacle, message: string) {
    super(message);
    this.why = why;
  }
}

/** The node says no to a transaction itself: to what it offers, or to where it stands. */
export class NotTaken extends NotNow {
  constructor(message: string) {
    super("node-doubtful", `The network refuses a transaction: ${message}`);
  }
}

/**
 * The chain below the outbox: the embedded one, which we mine, or a network, which others do. All throw `RpcError` for
 * what a node refuses and `NotNow` for what cannot be known.
 */
export interface Chain {
  /** Ours alone: nothing is in it but what we put there, no block is ever replaced, and its coins cost nothing. */
  readonly local: boolean;
  /** Gas for one round of transactions. */
  readonly roundGas: number;
  /** Milliseconds until `advance`, when something waits for it, when somebody waits for everything, and when nothing does. */
  readonly pace: { waiting: number; hurried: number; idle: number };
  /** The last block known. */
  head(): Block;
  /** When the next block would be, in Unix seconds. */
  nextTimestamp(): number;
  call(method: string, params: unknown[]): Promise<unknown>;
  callAll(calls: [method: string, params: unknown[]][]): Promise<unknown[]>;
  /** Hands over signed transactions, in order. When it resolves, the embedded chain has mined them, a network's node has them. */
  send(raws: string[]): Promise<void>;
  /** Brings the next block nearer: the embedded chain mines an empty one, a network is asked where it is. */
  advance(): Promise<void>;
  /** In the order of the hashes; null for what is in no block. */
  receipts(hashes: string[]): Promise<(Receipt | null)[]>;
  /** The hashes that these numbers' blocks have now; null where there is none. */
  hashesOf(numbers: number[]): Promise<(string | null)[]>;
  /** The last block that will not go away. */
  finalBlock(): Promise<Pick<Block, "number" | "hash">>;
  fees(): Promise<Fees>;
  /** What the sender has, in wei; null where that is no question. */
  balance(): Promise<bigint | null>;
  /** Transactions of the sender that are in blocks: the next nonce. */
  nonce(): Promise<number>;
  /** Which of these transactions the node has, in a block or waiting. */
  knows(hashes: string[]): Promise<boolean[]>;
  /** Why nothing can be added any more, or null. */
  readOnly(): string | null;
  /** For whoever finds another reason not to go on. Reads go on. */
  stopWriting(why: string): void;
  close(): Promise<void>;
}
