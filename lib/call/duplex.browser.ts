type Listener = (...about: never[]) => void;

/**
 * What simple-peer wants of a Node stream: events, and a message that is told as it comes (`objectMode`). The bundler puts
 * this in the place of `readable-stream` (next.config.ts), which with what it needs weighs as much as the rest of a call.
 */
export class Duplex {
  readable = true;
  writable = true;
  readonly _readableState = { ended: false };
  readonly _writableState = { finished: false };
  readonly #listeners = new Map<string, Set<Listener>>();

  on(event: string, listener: Listener): this {
    const of = this.#listeners.get(event) ?? new Set();
    this.#listeners.set(event, of.add(listener));
    return this;
  }
  once(event: string, listener: Listener): this {
    const first: Listener = (...about) => {
      this.removeListener(event, first);
      listener(...about);
    };
    return this.on(event, first);
  }
  removeListener(event: string, listener: Listener): this {
    this.#listeners.get(event)?.delete(listener);
    return this;
  }
  emit(event: string, ...about: unknown[]): boolean {
    const of = [...(this.#listeners.get(event) ?? [])];
    for (const listener of of) listener(...(about as never[]));
    return of.length > 0;
  }
  /** A message came, or with null the last has come. */
  push(data: unknown): boolean {
    if (data === null) this._readableState.ended = true;
    this.emit(data === null ? "end" : "data", data);
    return true;
  }
  end(): void {
    this._writableState.finished = true;
    this.emit("finish");
  }
}
