import type { FileRoom } from "../records/api.ts";
import { Arriving, BLOCK, PIECE } from "./blocks.ts";
import { cleanName, isPicture, plainType, refusesFile } from "./files.ts";
import { Pace } from "./pace.ts";
import type { PeerMessage } from "./protocol.ts";
import { Sending } from "./sending.ts";
import { fits, isTooMuch } from "./space-for-files.ts";
import type { Pipe, Transfer, TransfersOptions } from "./transfer.ts";

interface Kept {
  view: Transfer;
  sending?: Sending;
  arriving?: Arriving;
  /** Where the other side wants it from; undefined while it has not said so. */
  wanted?: number;
  /** All of it was sent, and the other side was told so. */
  ended?: boolean;
  /** Bytes that the sender was told of. */
  told: number;
  readonly pace: Pace;
}

/** All files of one call, in both directions. Outlives the peers; `attach` hands it the channel of the newest. */
export class Transfers {
  readonly #all = new Map<string, Kept>();
  readonly #options: TransfersOptions;
  #pipe: Pipe | undefined;
  #pumping = false;
  #incoming: Kept | undefined;
  #list: readonly Transfer[] = [];

  constructor(options: TransfersOptions) {
    this.#options = options;
  }
  get list(): readonly Transfer[] {
    return this.#list;
  }

  /** `room` is what the visit has left for this side, undefined where that could not be asked. */
  send(file: File, room?: FileRoom): string {
    const id = crypto.randomUUID();
    const name = cleanName(file.name);
    const type = plainType(file.type);
    const why = refusesFile(file) ?? (room && !fits(file.size, this.#list, room) ? ("full" as const) : undefined);
    const first = !why && this.#options.recordFirst();
    const state = why ? "refused" : first ? "asking" : "waiting";
    const kept = this.#keep(id, {
      direction: "out",
      name,
      type,
      size: file.size,
      state,
      file,
      ...(why ? { why } : {}),
      ...(why === "full" && room ? { room } : {}),
    });
    kept.sending = new Sending(file);
    if (first) {
      void this.#record(kept).then((recorded) => {
        if (kept.view.state !== "asking") return;
        this.#set(kept, recorded ? { state: "waiting" } : { state: "refused", why: "not-allowed" });
        if (recorded) this.#offer(kept);
      });
    } else if (!why) this.#offer(kept);
    return id;
  }

  cancel(id: string): void {
    const kept = this.#all.get(id);
    if (!kept || kept.view.state === "arrived") return;
    if (kept.view.state !== "refused") this.#pipe?.say({ is: "file:cancelled", id });
    this.#all.delete(id);
    this.#forget(kept);
    this.#changed();
  }

  /** Sends again from where it stopped, or records again what was sent but not recorded. */
  retry(id: string): void {
    const kept = this.#all.get(id);
    if (kept?.view.direction !== "out" || !kept.sending) return;
    if (kept.view.state === "arrived") {
      if (kept.view.recording.is === "failed") void this.#record(kept);
    } else if (!refusesFile(kept.sending.file)) {
      this.#set(kept, { state: "waiting", why: undefined });
      this.#offer(kept);
    }
  }

  attach(pipe: Pipe): void {
    this.detach();
    this.#pipe = pipe;
    for (const kept of this.#all.values()) {
      if (kept.view.direction !== "out") continue;
      if (kept.view.state === "stopped" || kept.view.state === "waiting") this.#offer(kept);
      this.#tellRecord(kept);
    }
  }

  detach(): void {
    this.#pipe = undefined;
    this.#incoming = undefined;
    for (const kept of this.#all.values()) {
      kept.wanted = undefined;
      kept.arriving?.rewind();
      if (kept.view.state === "moving") this.#set(kept, { state: "stopped", secondsLeft: undefined });
    }
  }

  hear(message: PeerMessage): void {
    if (message.is === "file:offered") this.#offered(message);
    if (message.is === "file:offered" || !("id" in message) || message.is === "chat") return;
    const kept = this.#all.get(message.id);
    if (!kept) return;
    const outgoing = kept.view.direction === "out";
    switch (message.is) {
      case "file:wanted":
        if (!outgoing || (message.from % BLOCK !== 0 && message.from !== kept.view.size)) return;
        kept.wanted = message.from;
        void this.#pump();
        return;
      case "file:received":
        if (outgoing) this.#progress(kept, message.bytes);
        return;
      case "file:kept":
        // Only what was sent to its end can have arrived.
        if (outgoing && kept.ended && kept.view.state !== "arrived") {
          this.#set(kept, { state: "arrived", bytes: kept.view.size, secondsLeft: undefined });
          if (kept.view.recording.is === "no") void this.#record(kept);
          else this.#tellRecord(kept);
        }
        return;
      case "file:began":
        if (outgoing || kept.arriving?.from !== message.from) return;
        kept.arriving.rewind();
        this.#incoming = kept;
        this.#start(kept, message.from);
        return;
      case "file:ended":
        if (!outgoing) void this.#finish(kept, message.digest);
        return;
      case "file:cancelled":
        this.#forget(kept);
        if (kept.view.state !== "arrived") this.#set(kept, { state: "cancelled", secondsLeft: undefined });
        return;
      case "file:refused":
        if (outgoing) this.#set(kept, { state: "refused", why: message.why, secondsLeft: undefined });
        return;
      case "file:saved":
        if (!outgoing && kept.view.state === "arrived")
          this.#set(kept, { recording: { is: "recorded", record: message.record } });
    }
  }

  /** A piece of the file that began last. */
  take(piece: Uint8Array): void {
    const kept = this.#incoming;
    if (!kept?.arriving || kept.view.state !== "moving") return;
    if (!kept.arriving.add(piece)) {
      this.#damaged(kept);
      return;
    }
    const { bytes } = kept.arriving;
    if (bytes - kept.told < 4 * PIECE && bytes < kept.view.size) return;
    kept.told = bytes;
    this.#progress(kept, bytes);
    this.#pipe?.say({ is: "file:received", id: kept.view.id, bytes });
  }

  #offered(m: Extract<PeerMessage, { is: "file:offered" }>): void {
    const name = cleanName(m.name);
    const type = plainType(m.type);
    const why = refusesFile({ name, type, size: m.size }) ?? (isTooMuch(m.size, this.#list) ? "memory" : undefined);
    const known = this.#all.get(m.id);
    if (known?.view.direction === "out") return;
    if (why || known?.view.state === "arrived") {
      this.#pipe?.say(why ? { is: "file:refused", id: m.id, why } : { is: "file:kept", id: m.id });
      return;
    }
    const kept =
      known?.arriving && known.view.size === m.size && known.view.state !== "moving"
        ? known
        : this.#keep(m.id, { direction: "in", name, type, size: m.size, state: "waiting" });
    kept.arriving ??= new Arriving(m.size);
    this.#set(kept, { state: "waiting", why: undefined });
    this.#pipe?.say({ is: "file:wanted", id: m.id, from: kept.arriving.from });
  }

  #offer(kept: Kept): void {
    const { id, name, type, size } = kept.view;
    kept.wanted = undefined;
    this.#pipe?.say({ is: "file:offered", id, name, type, size });
  }

  /** One file after the other, so that the first arrives soonest. */
  async #pump(): Promise<void> {
    if (this.#pumping) return;
    this.#pumping = true;
    try {
      for (;;) {
        const pipe = this.#pipe;
        const next = [...this.#all.values()].find((kept) => kept.wanted !== undefined);
        if (!pipe || !next) return;
        const from = next.wanted ?? 0;
        next.wanted = undefined;
        this.#start(next, from);
        await this.#push(pipe, next, from).catch(() => {
          if (next.view.state === "moving") this.#set(next, { state: "stopped", secondsLeft: undefined });
        });
      }
    } finally {
      this.#pumping = false;
    }
  }

  async #push(pipe: Pipe, kept: Kept, from: number): Promise<void> {
    const { sending, view } = kept;
    if (!sending) return;
    const goesOn = () => this.#pipe === pipe && kept.view.state === "moving";
    pipe.say({ is: "file:began", id: view.id, from });
    const digest = await sending.push(from, (piece) => pipe.push(piece), goesOn);
    if (digest === null) return;
    pipe.say({ is: "file:ended", id: view.id, digest });
    kept.ended = true;
  }

  async #finish(kept: Kept, digest: string): Promise<void> {
    if (this.#incoming === kept) this.#incoming = undefined;
    const pipe = this.#pipe;
    const file = await kept.arriving?.finish(
      digest,
      isPicture(kept.view.type) ? kept.view.type : "application/octet-stream",
    );
    if (kept.view.state !== "moving") return;
    if (!file) return this.#damaged(kept);
    kept.arriving = undefined;
    this.#set(kept, { state: "arrived", bytes: kept.view.size, secondsLeft: undefined, file });
    pipe?.say({ is: "file:kept", id: kept.view.id });
  }

  #damaged(kept: Kept): void {
    this.#forget(kept);
    this.#set(kept, { state: "refused", why: "damaged", bytes: 0, secondsLeft: undefined });
    this.#pipe?.say({ is: "file:refused", id: kept.view.id, why: "damaged" });
  }

  async #record(kept: Kept): Promise<boolean> {
    const { record } = this.#options;
    if (!record || !kept.sending) return true;
    this.#set(kept, { recording: { is: "under-way" } });
    try {
      const id = await record(kept.sending.file, kept.view.id);
      this.#set(kept, { recording: { is: "recorded", record: id } });
      this.#tellRecord(kept);
      return true;
    } catch (fault) {
      const code = fault instanceof Error && "code" in fault ? String(fault.code) : "server.broke";
      this.#set(kept, { recording: { is: "failed", code } });
      return false;
    }
  }

  #tellRecord({ view: { id, recording } }: Kept): void {
    if (recording.is === "recorded") this.#pipe?.say({ is: "file:saved", id, record: recording.record });
  }

  #start(kept: Kept, from: number): void {
    kept.pace.begin(from);
    kept.told = from;
    this.#set(kept, { state: "moving", bytes: from });
  }

  #progress(kept: Kept, bytes: number): void {
    if (kept.view.state !== "moving") return;
    const at = Math.min(Math.max(bytes, kept.view.bytes), kept.view.size);
    kept.view = { ...kept.view, bytes: at };
    if (!kept.pace.isDue()) return;
    const secondsLeft = kept.pace.secondsLeft(at, kept.view.size);
    this.#set(kept, { bytes: at, ...(secondsLeft === undefined ? {} : { secondsLeft }) });
  }

  #keep(id: string, about: Omit<Transfer, "id" | "at" | "bytes" | "recording">): Kept {
    const view: Transfer = { id, at: Date.now(), bytes: 0, recording: { is: "no" }, ...about };
    const kept: Kept = { view, told: 0, pace: new Pace() };
    this.#all.set(id, kept);
    this.#changed();
    return kept;
  }
  #forget(kept: Kept): void {
    if (this.#incoming === kept) this.#incoming = undefined;
    kept.arriving = undefined;
    kept.wanted = undefined;
  }
  #set(kept: Kept, change: { [K in keyof Transfer]?: Transfer[K] | undefined }): void {
    kept.view = { ...kept.view, ...change } as Transfer;
    this.#changed();
  }
  #changed(): void {
    this.#list = [...this.#all.values()].map((kept) => kept.view);
    this.#options.changed();
  }
}
