import type { IncomingMessage } from "node:http";
import { isIP } from "node:net";
import type { Context } from "hono";
import { Hono } from "hono";
import { bodyLimit } from "hono/body-limit";
import { getCookie, setCookie } from "hono/cookie";
import type { Logger } from "pino";
import { RateLimiterMemory } from "rate-limiter-flexible";
import type * as z from "zod/mini";
import type { Action } from "../lib/audit/entry.ts";
import type { Guest, Patient, Person, Principal, Role, Staff } from "../lib/auth/person.ts";
import { httpStatus, Refusal } from "../lib/refusal.ts";
import { allRefusals } from "../lib/strings/apart.ts";
import { type Endpoint, SIDE_HEADER } from "../lib/wire.ts";
import { withoutValues } from "./log.ts";
import { refusedBy } from "./refused.ts";

interface Bindings {
  incoming: IncomingMessage;
}
export type Http = Context<{ Bindings: Bindings }>;

/** Who may ask. `member` is the visit's doctor or its patient; `patient` only the latter; `guest` who took a guest's link. */
type Guard = "anyone" | "staff" | "clinician" | "admin" | "member" | "patient" | "guest";

type PersonOf<G extends Guard> = G extends "anyone"
  ? null
  : G extends "patient"
    ? Patient
    : G extends "guest"
      ? Guest
      : G extends "member"
        ? Principal
        : Staff;

export interface Sessions {
  staffOf(headers: Headers): Promise<Staff | null>;
  patientOf(visitId: string, session: string): Promise<Patient | null>;
  guestOf(guestId: string, session: string): Promise<Guest | null>;
}

export interface Door {
  readonly hono: Hono<{ Bindings: Bindings }>;
  /** A handler is four moves: parse, who, ask, answer. The first two and the last are here. */
  on<In extends z.ZodMiniType, Out extends z.ZodMiniType, G extends Guard>(
    endpoint: Endpoint<In, Out>,
    guard: G,
    handler: (asked: z.output<In>, person: PersonOf<G>, http: Http) => Promise<z.input<Out>>,
    options?: { refused?: Action; largest?: number },
  ): void;
  /** For raw bytes: `on` without the schemas. */
  raw<G extends Guard>(
    method: "GET" | "POST",
    path: string,
    guard: G,
    handler: (http: Http, person: PersonOf<G>) => Promise<Response>,
    /** Of the body, in bytes; `counted` where the handler takes it as it comes, and counts. */
    largest?: number | "counted",
  ): void;
  readonly routes: { method: string; path: string; guard: Guard }[];
}

const ofAVisit: ReadonlySet<Guard> = new Set(["member", "patient", "guest"]);
/** POST by its protocol, yet changing nothing: any script may ask. Browsers of other sites can't read the answer. */
const OPEN_READS = new Set(["/api/ledger/rpc"]);
const JSON_LARGEST = 64 * 1024;
/** Of a visit's link or a guest's: their ids are of one kind, so one browser may hold several. */
const linkCookie = (linkId: string) => `assent-visit-${linkId}`;

export function openDoor(options: {
  sessions: Sessions;
  origins: readonly string[];
  secure: boolean;
  proxyHops: number;
  log: Logger;
  /** Puts a refusal on the trail. */
  refused(action: Action, person: Person | null, visitId: string | undefined, code: string): Promise<void>;
}): Door {
  const { log } = options;
  const hono = new Hono<{ Bindings: Bindings }>();
  const perAddress = new RateLimiterMemory({ points: 600, duration: 60 });
  /** Refusals of strangers that go on the trail: further ones are refused alike, and leave no line. */
  const strangers = new RateLimiterMemory({ points: 60, duration: 3600 });
  const routes: Door["routes"] = [];

  hono.use("*", async (http, next) => {
    // Answering HEAD through GET would open what nobody reads.
    if (http.req.method === "HEAD" && http.req.path !== "/api/health") throw new Refusal("request.not-found");
    if (hasNul(http.req.url)) throw new Refusal("request.malformed");
    const address = addressOf(http.env.incoming, options.proxyHops);
    http.req.raw.headers.set("x-real-ip", address);
    await perAddress.consume(address).catch(() => {
      throw new Refusal("request.too-many");
    });
    const changes = http.req.method !== "GET" && http.req.method !== "HEAD" && !OPEN_READS.has(http.req.path);
    if (changes) assertOwnOrigin(http, options.origins);
    await next();
  });

  hono.onError((error, http) => {
    const refusal = refusedBy(error);
    if (refusal instanceof Refusal) {
      if (refusal.code === "trail.closed") log.error(withoutValues(refusal.cause), "the trail takes no line");
      log.info({ code: refusal.code, route: http.req.routePath }, "refused");
      return refuse(http, refusal);
    }
    log.error({ ...withoutValues(error), route: http.req.routePath }, "a request broke");
    return refuse(http, new Refusal("server.broke"));
  });
  hono.notFound((http) => refuse(http, new Refusal("request.not-found")));

  async function who(http: Http, guard: Guard): Promise<Person | null> {
    if (guard === "anyone") return null;
    const visitId = http.req.param("visitId");
    if (guard === "guest") {
      const guestId = http.req.param("guestId") ?? "";
      const session = getCookie(http, linkCookie(guestId));
      return session ? options.sessions.guestOf(guestId, session) : null;
    }
    const side = http.req.header(SIDE_HEADER);
    const asPatient = async () => {
      const session = visitId && (bearerIn(http) ?? getCookie(http, linkCookie(visitId)));
      return session ? options.sessions.patientOf(visitId, session) : null;
    };
    const asStaff = () => options.sessions.staffOf(http.req.raw.headers);
    if (guard === "patient") return asPatient();
    if (guard === "member") return side === "patient" ? asPatient() : ((await asStaff()) ?? (await asPatient()));
    return asStaff();
  }

  /** Somebody known who is refused is on the trail; a stranger is where it matters, and nobody fills it by asking too often. */
  async function keepRefusal(error: Refusal, action: Action | undefined, person: Person | null, http: Http) {
    // A trail that takes no line takes none of its own refusal.
    if (error.code === "request.too-many" || error.code === "trail.closed" || (!action && !person)) return;
    const counted = person ? true : await strangers.consume(http.req.header("x-real-ip") ?? "").catch(() => null);
    if (!counted) return;
    const visitId = http.req.param("visitId") ?? visitOf(person);
    await options.refused(action ?? "access.refused", person, visitId, error.code);
  }

  function assertGuard(guard: Guard, person: Person | null): void {
    if (guard === "anyone") return;
    // A stranger to a visit hears what everyone hears of a visit that isn't there.
    if (!person) throw new Refusal(ofAVisit.has(guard) ? "visit.not-found" : "auth.needed");
    // Of staff, a visit's member is its doctor: who only manages people sees pseudonyms, also of visits that were theirs.
    const role: Role | null =
      guard === "member" ? "clinician" : guard === "clinician" || guard === "admin" ? guard : null;
    if (role && person.is === "staff" && !person.roles.includes(role)) throw new Refusal("auth.not-allowed");
  }

  function mount(
    method: "GET" | "POST",
    path: string,
    guard: Guard,
    largest: number | "counted",
    handle: (http: Http) => Promise<Response>,
  ): void {
    routes.push({ method, path, guard });
    if (largest === "counted") return void hono.on(method, path, handle);
    const tooLarge = bodyLimit({
      maxSize: largest,
      onError: () => {
        throw new Refusal("request.too-large");
      },
    });
    hono.on(method, path, tooLarge, handle);
  }

  return {
    hono,
    routes,
    on(endpoint, guard, handler, extra = {}) {
      mount(endpoint.method, endpoint.path, guard, extra.largest ?? JSON_LARGEST, async (http) => {
        let person: Person | null = null;
        try {
          const asked = endpoint.ask.parse(await fieldsOf(http, endpoint.method)) as never;
          person = await who(http, guard);
          assertGuard(guard, person);
          return http.json(await handler(asked, person as never, http));
        } catch (error) {
          if (error instanceof Refusal) await keepRefusal(error, extra.refused, person, http);
          throw error;
        }
      });
    },
    raw(method, path, guard, handler, largest = JSON_LARGEST) {
      mount(method, path, guard, largest, async (http) => {
        let person: Person | null = null;
        try {
          person = await who(http, guard);
          assertGuard(guard, person);
          return await handler(http, person as never);
        } catch (error) {
          if (error instanceof Refusal) await keepRefusal(error, undefined, person, http);
          throw error;
        }
      });
    },
  };
}

/** Of a patient who came with the visit's key rather than its link: see `holdSession` in lib/wire.ts. */
const bearerIn = (http: Http) => /^Bearer ([\w-]{43})$/.exec(http.req.header("authorization") ?? "")?.[1];

const visitOf = (person: Person | null) => (person?.is === "guest" ? person.visitId : undefined);

/** The session of who took a link: it lives as long as the browser keeps it, and its hash as long as the claim. */
export function setLinkSession(http: Http, linkId: string, session: string, secure: boolean): void {
  setCookie(http, linkCookie(linkId), session, {
    httpOnly: true,
    sameSite: "Strict",
    secure,
    path: "/",
    maxAge: 7 * 86_400,
  });
}

/** A link's session in a socket's handshake. */
export function linkSessionIn(cookieHeader: string | undefined, linkId: string): string | undefined {
  const name = `${linkCookie(linkId)}=`;
  return cookieHeader
    ?.split(/;\s*/)
    .find((cookie) => cookie.startsWith(name))
    ?.slice(name.length);
}

/** Path, query and JSON body are one object to the schema; an unknown or doubled field is refused there. */
async function fieldsOf(http: Http, method: string): Promise<Record<string, unknown>> {
  const path = http.req.param() as Record<string, unknown>;
  if (method === "GET") {
    const query = Object.entries(http.req.queries());
    if (query.some(([name, values]) => values.length > 1 || name in path)) throw new Refusal("request.malformed");
    return { ...Object.fromEntries(query.map(([name, values]) => [name, values[0]])), ...path };
  }
  if (!http.req.header("content-type")?.startsWith("application/json")) throw new Refusal("request.malformed");
  const text = await http.req.text();
  if (/\\u0000/.test(text)) throw new Refusal("request.malformed"); // PostgreSQL keeps no NUL
  const body: unknown = parseJson(text);
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new Refusal("request.malformed");
  if (Object.keys(path).some((name) => name in body)) throw new Refusal("request.malformed");
  return { ...body, ...path };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Refusal("request.malformed");
  }
}

const hasNul = (url: string) => /%00/.test(url);

function refuse(http: Context, refusal: Refusal): Response {
  const { code, evidence } = refusal;
  return http.json({ code, message: allRefusals[code], ...(evidence ? { evidence } : {}) }, httpStatus[code]);
}

/** Changes come from our own pages only. */
function assertOwnOrigin(http: Context, origins: readonly string[]): void {
  const origin = http.req.header("origin");
  const site = http.req.header("sec-fetch-site");
  if (!origin || !origins.includes(origin) || (site !== undefined && site !== "same-origin"))
    throw new Refusal("request.foreign-origin");
}

/** The client's address: the socket's, or what our own proxies saw. IPv6 counts by its /64. */
export function addressOf(request: IncomingMessage, hops: number): string {
  const seen = request.socket.remoteAddress ?? "unknown";
  const forwarded = String(request.headers["x-forwarded-for"] ?? "")
    .split(",")
    .map((part) => part.trim());
  return networkOf(hops > 0 ? (forwarded.at(-hops) ?? seen) : seen);
}

/** `2001:db8:1:2::/64` of an IPv6 address, the address itself of an IPv4 one, in one spelling, without a port. */
export function networkOf(address: string): string {
  const bare = address.replace(/^\[(.*)\](:\d+)?$/, "$1").replace(/^(\d+\.\d+\.\d+\.\d+):\d+$/, "$1");
  const plain = bare.replace(/^::ffff:(?=\d+\.)/i, "").toLowerCase();
  if (isIP(plain) !== 6) return plain;
  const [head = "", tail] = plain.replace(/%.*$/, "").split("::");
  const left = head.split(":").filter((part) => part !== "");
  const right = (tail ?? "").split(":").filter((part) => part !== "");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - left.length - right.length);
  const parts = [...left, ...Array<string>(zeros).fill("0"), ...right].slice(0, 4);
  return `${parts.map((part) => Number.parseInt(part, 16).toString(16)).join(":")}::/64`;
}
