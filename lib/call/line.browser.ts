import { io, type Socket } from "socket.io-client";
import * as z from "zod/mini";
import { isRefusalCode, Refusal } from "../refusal.ts";
import {
  type AskAnswer,
  type AskMessage,
  type Asks,
  asks,
  type FromBrowser,
  type FromServer,
  type Handshake,
  type News,
  type NewsMessage,
  news,
} from "./protocol.ts";

/** The one socket to the server: typed, checked in both directions, and back by itself when it was lost. */
export interface Line {
  /** Hears news. Returns how to stop. */
  on<E extends keyof News>(event: E, handler: (message: NewsMessage<E>) => void): () => void;
  /** Asks and waits. Throws a `Refusal`; `server.unreachable` when no answer came. */
  ask<E extends keyof Asks>(event: E, message: AskMessage<E>): Promise<AskAnswer<E>>;
  /** For `useSyncExternalStore`: false while the line is down. After it is true again, ask again for what you show. */
  readonly connected: { subscribe(listener: () => void): () => void; getSnapshot(): boolean };
  /** Is it really alive? True after an answer within 700 ms; otherwise the socket is made anew and the answer is false. */
  probe(): Promise<boolean>;
}

const PROBE_MS = 700;
const ANSWER_MS = 8_000;

const Answer = z.discriminatedUnion("ok", [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({
    ok: z.literal(false),
    code: z.string(),
    evidence: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
  }),
]);

/**
 * Opens the line for staff (no `visitId`: the session cookie says who), for a patient of one visit, or for a guest of one.
 * It lives until `signal` is aborted. `visits:watch` and `visit:watch` that were answered once are asked again after every
 * reconnection.
 */
export function openLine({ visitId, guest, signal }: { visitId?: string; guest?: string; signal: AbortSignal }): Line {
  const instance = crypto.randomUUID().replaceAll("-", "");
  const handshake: Handshake = { version: 1, instance, ...(visitId ? { visitId } : {}), ...(guest ? { guest } : {}) };
  const socket: Socket<FromServer, FromBrowser> = io({
    transports: ["websocket"],
    auth: handshake,
    forceNew: true,
    autoConnect: false,
    reconnectionDelay: 250,
    // An outage that ends is noticed by the next attempt only, and a call waits for it.
    reconnectionDelayMax: 500,
    timeout: 4_000,
  });
  const watched = new Map<string, () => Promise<unknown>>();
  const listeners = new Set<() => void>();
  const handlers = new Map<keyof News, Set<(message: never) => void>>();
  let refused: Refusal | undefined;

  const tell = () => {
    for (const listener of [...listeners]) listener();
  };
  const hear = <E extends keyof News>(event: E, message: unknown) => {
    const parsed = news[event].safeParse(message);
    if (!parsed.success) return;
    for (const handler of [...(handlers.get(event) ?? [])]) handler(parsed.data as never);
  };
  for (const event of Object.keys(news) as (keyof News)[])
    socket.on(event, ((message: unknown) => hear(event, message)) as never);

  socket.on("connect", () => {
    refused = undefined;
    for (const again of watched.values()) again().catch(() => {});
    tell();
  });
  socket.on("disconnect", (reason) => {
    tell();
    // The server closes a socket it has a reason to close; who may still take part is let in again.
    if (reason === "io server disconnect" && !signal.aborted)
      setTimeout(() => !signal.aborted && socket.connect(), 1_000);
  });
  socket.on("connect_error", (error) => {
    const code = (error as Error & { data?: { code?: unknown } }).data?.code;
    refused = isRefusalCode(code) ? new Refusal(code) : undefined;
  });

  /** Resolves once connected; throws when refused, aborted or too late. */
  const connected = () =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) return reject(new Refusal("server.unreachable"));
      if (socket.connected) return resolve();
      const done = (outcome: () => void) => () => {
        clearTimeout(timer);
        socket.off("connect", won);
        socket.off("connect_error", failed);
        signal.removeEventListener("abort", lost);
        outcome();
      };
      const lost = done(() => reject(new Refusal("server.unreachable")));
      const won = done(resolve);
      const failed = () => {
        const why = refused;
        if (why) done(() => reject(why))();
      };
      const timer = setTimeout(lost, ANSWER_MS);
      socket.on("connect", won);
      socket.on("connect_error", failed);
      signal.addEventListener("abort", lost);
      if (!socket.active) socket.connect();
    });

  const send = async <E extends keyof Asks>(event: E, message: AskMessage<E>, ms: number): Promise<AskAnswer<E>> => {
    const checked = asks[event].ask.parse(message);
    const answered: unknown = await (socket.timeout(ms) as unknown as Socket).emitWithAck(event, checked).catch(() => {
      throw new Refusal("server.unreachable");
    });
    const answer = Answer.safeParse(answered);
    if (!answer.success) throw new Refusal("server.broke");
    if (!answer.data.ok) {
      throw isRefusalCode(answer.data.code)
        ? new Refusal(answer.data.code, answer.data.evidence)
        : new Refusal("server.broke");
    }
    return asks[event].answer.parse(answer.data.value) as AskAnswer<E>;
  };

  const watchAgain = async (event: "visits:watch" | "visit:watch", message: never) => {
    const answer = await send(event, message, ANSWER_MS);
    // What happened while the line was down was not heard: the state now stands for it.
    if ("state" in answer) hear("visit:changed", { ...(message as object), state: answer.state });
  };

  const ask = async <E extends keyof Asks>(event: E, message: AskMessage<E>): Promise<AskAnswer<E>> => {
    await connected();
    const answer = await send(event, message, ANSWER_MS);
    if (event === "visits:watch" || event === "visit:watch") {
      watched.set(`${event} ${JSON.stringify(message)}`, () => watchAgain(event, message as never));
    }
    return answer;
  };

  const anew = () => {
    if (signal.aborted) return;
    socket.disconnect();
    socket.connect();
  };
  let probing: Promise<boolean> | undefined;
  /** Several who wonder at once are told by one answer; a socket is not made anew twice for the same silence. */
  const probe = () => {
    probing ??= look().finally(() => {
      probing = undefined;
    });
    return probing;
  };
  const look = async () => {
    if (signal.aborted) return false;
    if (!socket.connected) {
      anew();
      return false;
    }
    try {
      await send("line:probe", {}, PROBE_MS);
      return true;
    } catch {
      anew();
      return false;
    }
  };

  // A socket notices a changed address only after up to 45 s, so everything that may be one is a reason to look.
  const wonder = () => {
    if (document.visibilityState === "visible") void probe();
  };
  window.addEventListener("online", wonder, { signal });
  document.addEventListener("visibilitychange", wonder, { signal });
  signal.addEventListener(
    "abort",
    () => {
      socket.disconnect();
      handlers.clear();
      watched.clear();
      tell();
      listeners.clear();
    },
    { once: true },
  );
  if (!signal.aborted) socket.connect();

  return {
    on(event, handler) {
      const of = handlers.get(event) ?? new Set();
      handlers.set(event, of);
      of.add(handler);
      return () => void of.delete(handler);
    },
    ask,
    connected: {
      subscribe(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      getSnapshot: () => socket.connected,
    },
    probe,
  };
}
