import type { MemberId } from "./member.ts";
import type { PeerMessage } from "./protocol.ts";

export interface ChatMessage {
  readonly id: string;
  readonly mine: boolean;
  /** Who wrote it; absent when it is mine. */
  readonly from?: MemberId;
  readonly text: string;
  /** Milliseconds since 1970, by the clock of whoever reads. */
  readonly at: number;
  /** False while it waits for the connection to somebody. */
  readonly sent: boolean;
}

type Spoken = Extract<PeerMessage, { is: "chat" }>;
const encoder = new TextEncoder();
export const LONGEST_MESSAGE = 4_096;
const MOST = 500;
/** What one may send before the others stop listening: a message a second, twenty at once. */
const A_SECOND = 1;
const BURST = 20;

interface ChatOptions {
  /** Everyone a message of now is for. */
  to: () => readonly MemberId[];
  /** False while there is no connection to them. */
  send: (message: Spoken, to: MemberId) => boolean;
}

/** The talk beside a call, from everyone to everyone. Peer to peer, in memory only: it ends with the page. */
export class Chat {
  #list: readonly ChatMessage[] = [];
  #waiting: { message: Spoken; for: Set<MemberId> }[] = [];
  readonly #heard = new Map<MemberId, { tokens: number; filledAt: number }>();
  readonly #options: ChatOptions;

  constructor(options: ChatOptions) {
    this.#options = options;
  }
  get list(): readonly ChatMessage[] {
    return this.#list;
  }
  /** False when it is empty or longer than 4 KiB. */
  say(text: string): boolean {
    const trimmed = text.trim();
    if (trimmed === "" || encoder.encode(trimmed).length > LONGEST_MESSAGE) return false;
    const message: Spoken = { is: "chat", id: crypto.randomUUID(), text: trimmed, at: new Date().toISOString() };
    const { to, send } = this.#options;
    const missing = new Set(to().filter((member) => !send(message, member)));
    if (missing.size > 0) this.#waiting.push({ message, for: missing });
    this.#add({ id: message.id, mine: true, text: trimmed, at: Date.now(), sent: missing.size === 0 });
    return true;
  }
  /** There is a connection to them again: what waited goes now. */
  resume(member: MemberId): void {
    this.#settle(({ message, for: missing }) => {
      if (missing.has(member) && this.#options.send(message, member)) missing.delete(member);
    });
  }
  /** They are out of the call: nothing waits for them any more. */
  left(member: MemberId): void {
    this.#settle(({ for: missing }) => missing.delete(member));
  }
  /** False when it was dropped: too long, too many, or heard before. */
  hear(message: Spoken, from: MemberId): boolean {
    const now = performance.now();
    const of = this.#heard.get(from) ?? { tokens: BURST, filledAt: now };
    const tokens = Math.min(BURST, of.tokens + ((now - of.filledAt) / 1_000) * A_SECOND);
    this.#heard.set(from, { tokens: tokens < 1 ? tokens : tokens - 1, filledAt: now });
    if (tokens < 1) return false;
    if (encoder.encode(message.text).length > LONGEST_MESSAGE) return false;
    // One member's number says nothing of another's.
    const id = `${from} ${message.id}`;
    if (this.#list.some((one) => one.id === id)) return false;
    this.#add({ id, mine: false, from, text: message.text, at: Date.now(), sent: true });
    return true;
  }
  #settle(each: (waiting: { message: Spoken; for: Set<MemberId> }) => void): void {
    for (const waiting of this.#waiting) each(waiting);
    const done = new Set(this.#waiting.filter((one) => one.for.size === 0).map((one) => one.message.id));
    if (done.size === 0) return;
    this.#waiting = this.#waiting.filter((one) => !done.has(one.message.id));
    this.#list = this.#list.map((one) => (one.mine && done.has(one.id) ? { ...one, sent: true } : one));
  }
  #add(message: ChatMessage): void {
    this.#list = [...this.#list.slice(-(MOST - 1)), message];
  }
}
