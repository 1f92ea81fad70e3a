import type { PeerMessage } from "./protocol.ts";

export interface ChatMessage {
  readonly id: string;
  readonly mine: boolean;
  readonly text: string;
  /** Milliseconds since 1970, by the clock of whoever reads. */
  readonly at: number;
  /** False while it waits for the connection. */
  readonly sent: boolean;
}

type Spoken = Extract<PeerMessage, { is: "chat" }>;
const encoder = new TextEncoder();
export const LONGEST_MESSAGE = 4_096;
const MOST = 500;
/** What one may send before the other stops listening: a message a second, twenty at once. */
const A_SECOND = 1;
const BURST = 20;

/** The talk beside a call. Peer to peer, in memory only: it ends with the page. */
export class Chat {
  #list: readonly ChatMessage[] = [];
  #waiting: Spoken[] = [];
  #tokens = BURST;
  #filledAt = performance.now();
  readonly #send: (message: Spoken) => boolean;

  /** `send` is false while there is no connection. */
  constructor(send: (message: Spoken) => boolean) {
    this.#send = send;
  }
  get list(): readonly ChatMessage[] {
    return this.#list;
  }
  /** False when it is empty or longer than 4 KiB. */
  say(text: string): boolean {
    const trimmed = text.trim();
    if (trimmed === "" || encoder.encode(trimmed).length > LONGEST_MESSAGE) return false;
    const message: Spoken = { is: "chat", id: crypto.randomUUID(), text: trimmed, at: new Date().toISOString() };
    const sent = this.#send(message);
    if (!sent) this.#waiting.push(message);
    this.#add({ id: message.id, mine: true, text: trimmed, at: Date.now(), sent });
    return true;
  }
  /** There is a connection again: what waited goes now. */
  resume(): void {
    const waited = this.#waiting;
    this.#waiting = [];
    for (const message of waited) {
      if (!this.#send(message)) this.#waiting.push(message);
      else this.#list = this.#list.map((one) => (one.id === message.id ? { ...one, sent: true } : one));
    }
  }
  /** False when it was dropped: too long, too many, or heard before. */
  hear(message: Spoken): boolean {
    const now = performance.now();
    this.#tokens = Math.min(BURST, this.#tokens + ((now - this.#filledAt) / 1_000) * A_SECOND);
    this.#filledAt = now;
    if (this.#tokens < 1) return false;
    this.#tokens -= 1;
    if (encoder.encode(message.text).length > LONGEST_MESSAGE) return false;
    if (this.#list.some((one) => one.id === message.id)) return false;
    this.#add({ id: message.id, mine: false, text: message.text, at: Date.now(), sent: true });
    return true;
  }
  #add(message: ChatMessage): void {
    this.#list = [...this.#list.slice(-(MOST - 1)), message];
  }
}
