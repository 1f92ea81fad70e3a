import type { Server as HttpServer } from "node:http";
import { BurstyRateLimiter, RateLimiterMemory } from "rate-limiter-flexible";
import { Server, type Socket as ServerSocket } from "socket.io";
import type * as z from "zod/mini";
import type { Person } from "../../lib/auth/person.ts";
import type { MemberId } from "../../lib/call/member.ts";
import {
  type AskAnswer,
  type Asks,
  asks,
  type FromBrowser,
  type FromServer,
  Handshake,
} from "../../lib/call/protocol.ts";
import { Refusal, type RefusalCode } from "../../lib/refusal.ts";
import { withoutValues } from "../log.ts";
import { refusedBy } from "../refused.ts";
import { keyOf, type SignalingDeps } from "./deps.ts";

interface Data {
  person: Person;
  instance: string;
  /** Of staff: ends with it. */
  session?: string;
  strikes: number;
  /** Visits in whose call this socket took a seat, and as whom. */
  seats: Map<string, MemberId>;
}
export type Io = Server<FromBrowser, FromServer, Record<string, never>, Data>;
export type Socket = ServerSocket<FromBrowser, FromServer, Record<string, never>, Data>;
type Handler<E extends keyof Asks> = (
  socket: Socket,
  message: z.output<Asks[E]["ask"]>,
) => Promise<AskAnswer<E>> | AskAnswer<E>;
type Handlers = { [E in keyof Asks]: Handler<E> };

/** 64 KiB a message. An offer with its candidates is about 6. */
const LARGEST_MESSAGE = 64 * 1024;
const SOCKETS_A_MEMBER = 5;
/** Twenty a second, and a hundred more in any half minute: a call that begins on a machine with many addresses sends about 60 at once. */
const A_SECOND = 20;
const BURST = 100;
/** By one address: a practice behind one line, all reconnecting at once. */
const CONNECTS_A_MINUTE = 600;

/** Opens the Socket.IO server and lets nobody and nothing in that does not belong. */
export function openDoor(
  httpServer: HttpServer,
  deps: Pick<SignalingDeps, "who" | "sessionOf" | "origins" | "addressOf" | "log">,
): Io {
  const origins = new Set(deps.origins);
  const connects = new RateLimiterMemory({ points: CONNECTS_A_MINUTE, duration: 60 });
  const io: Io = new Server(httpServer, {
    transports: ["websocket"],
    serveClient: false,
    maxHttpBufferSize: LARGEST_MESSAGE,
    perMessageDeflate: false,
    connectTimeout: 5_000,
    pingInterval: 10_000,
    pingTimeout: 8_000,
    allowRequest: (request, decide) => {
      const { origin } = request.headers;
      if (origin === undefined || !origins.has(origin)) return decide(null, false);
      connects.consume(deps.addressOf(request)).then(
        () => decide(null, true),
        () => decide(null, false),
      );
    },
  });
  // Text only: a binary frame, or the announcement of one (packet types 5 and 6), ends the connection.
  io.engine.on(
    "connection",
    (raw: { on(e: string, f: (p: { type: string; data?: unknown }) => void): void; close(): void }) => {
      raw.on("packet", ({ type, data }) => {
        if (type === "message" && (typeof data !== "string" || data.startsWith("5") || data.startsWith("6")))
          raw.close();
      });
    },
  );
  const open = new Map<string, Set<Socket>>();
  const greeted = new WeakSet<object>();
  io.use((socket, next) => {
    // One greeting a connection: who is refused has to connect again, and that is counted.
    if (greeted.has(socket.conn)) return socket.conn.close();
    greeted.add(socket.conn);
    greet(open, socket, deps).then(
      () => next(),
      (error: unknown) => {
        const refusal = refusedBy(error);
        const code: RefusalCode = refusal instanceof Refusal ? refusal.code : "server.broke";
        if (code === "server.broke") deps.log.error(withoutValues(error), "a socket could not be greeted");
        next(Object.assign(new Error(code), { data: { code } }));
      },
    );
  });
  return io;
}

async function greet(
  open: Map<string, Set<Socket>>,
  socket: Socket,
  deps: Pick<SignalingDeps, "who" | "sessionOf">,
): Promise<void> {
  const { visitId, guest, instance } = Handshake.parse(socket.handshake.auth);
  const person = await deps.who(socket.request.headers, visitId, guest);
  if (!person) throw new Refusal("auth.needed");
  const session = person.is === "staff" ? await deps.sessionOf(socket.request.headers) : undefined;
  if (session === null) throw new Refusal("auth.needed");
  const who = keyOf(person);
  const theirs = open.get(who) ?? new Set();
  for (const one of [...theirs]) if (one.data.instance === instance) one.disconnect(true);
  if (theirs.size >= SOCKETS_A_MEMBER) throw new Refusal("request.too-many");
  socket.data = { person, instance, ...(session ? { session } : {}), strikes: 0, seats: new Map() };
  open.set(who, theirs.add(socket));
  socket.conn.once("close", () => {
    theirs.delete(socket);
    if (theirs.size === 0 && open.get(who) === theirs) open.delete(who);
  });
}

/**
 * The one wrapper: parse, who, ask, answer. Every refusal is `{ ok: false, code }`; a bug is logged and answered
 * `server.broke`; three messages over the limit, or that make no sense, close the socket.
 */
export function listen(io: Io, handlers: Handlers, log: SignalingDeps["log"]): void {
  const rates = new BurstyRateLimiter(
    new RateLimiterMemory({ points: A_SECOND, duration: 1 }),
    new RateLimiterMemory({ keyPrefix: "burst", points: BURST, duration: 30 }),
  );
  io.on("connection", (socket) => {
    const strike = () => {
      socket.data.strikes += 1;
      if (socket.data.strikes >= 3) socket.disconnect(true);
    };
    // Without a listener an event that a client named "error" would end the process.
    socket.on("error", (error: Error) => log.warn({ error: error.message }, "a socket failed"));
    socket.use((packet, next) => {
      const [event, , reply] = packet;
      const refuse = (code: RefusalCode) => {
        if (typeof reply === "function") reply({ ok: false, code });
        log.info({ code }, "refused");
        strike();
      };
      rates.consume(socket.id).then(
        () =>
          Object.hasOwn(asks, event) && packet.length === 3 && typeof reply === "function"
            ? next()
            : refuse("request.malformed"),
        () => refuse("request.too-many"),
      );
    });
    for (const event of Object.keys(handlers) as (keyof Asks)[]) on(socket, event, handlers[event] as never, log);
  });
}

function on<E extends keyof Asks>(socket: Socket, event: E, handler: Handler<E>, log: SignalingDeps["log"]): void {
  const hear = async (message: unknown, reply: (answer: unknown) => void) => {
    try {
      const asked = asks[event].ask.parse(message) as z.output<Asks[E]["ask"]>;
      reply({ ok: true, value: await handler(socket, asked) });
    } catch (error) {
      const refusal = refusedBy(error);
      if (!(refusal instanceof Refusal)) {
        log.error({ ...withoutValues(error), event }, "a socket's question broke something");
        return reply({ ok: false, code: "server.broke" });
      }
      const { code, evidence } = refusal;
      log.info({ code, event }, "refused");
      reply({ ok: false, code, ...(evidence ? { evidence } : {}) });
    }
  };
  socket.on(event, hear as never);
}
