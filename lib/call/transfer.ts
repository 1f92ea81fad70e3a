import type { FileRoom } from "../records/api.ts";
import type { PeerMessage } from "./protocol.ts";

/** A file on its way, as both people see it. A new object whenever something of it changed. */
export interface Transfer {
  readonly id: string;
  readonly direction: "out" | "in";
  readonly name: string;
  readonly type: string;
  readonly size: number;
  /** Milliseconds since 1970 when it was chosen or offered. */
  readonly at: number;
  readonly state: "asking" | "waiting" | "moving" | "stopped" | "arrived" | "cancelled" | "refused";
  readonly why?: Extract<PeerMessage, { is: "file:refused" }>["why"] | "full";
  /** Of one that is refused as `full`: what there is room for. */
  readonly room?: FileRoom;
  readonly bytes: number;
  /** Estimated; undefined until it is known. */
  readonly secondsLeft?: number;
  /** What was sent, or what has arrived and been checked. */
  readonly file?: Blob;
  /** `failed` carries the code of the refusal. */
  readonly recording: { is: "no" | "under-way" } | { is: "failed"; code: string } | { is: "recorded"; record: string };
}

/** The open data channels of one peer: one for files and all that is said of them, in order; one for everything else, which waits for no file. */
export interface Pipe {
  say(message: PeerMessage): void;
  /** One piece of a file; resolves when the next may follow. Rejects when the channel closes. */
  push(piece: Uint8Array<ArrayBuffer>): Promise<void>;
}

export interface TransfersOptions {
  /** Seals, uploads and records what was sent; resolves with the record's id. */
  record?: (file: File, id: string) => Promise<string>;
  /** The patient wants to be asked before: the record comes first, the bytes after the yes. */
  recordFirst: () => boolean;
  changed: () => void;
}
