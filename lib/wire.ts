import * as z from "zod/mini";
import { isRefusalCode, Refusal } from "./refusal.ts";

/** One question of the HTTP API: both sides read the same object, so neither can drift. */
export interface Endpoint<In extends z.ZodMiniType = z.ZodMiniType, Out extends z.ZodMiniType = z.ZodMiniType> {
  readonly method: "GET" | "POST";
  /** `/api/visits/:visitId`; the names after a colon are fields of `ask` that travel in the path. */
  readonly path: string;
  readonly ask: In;
  readonly answer: Out;
}

export function endpoint<In extends z.ZodMiniType, Out extends z.ZodMiniType>(e: Endpoint<In, Out>): Endpoint<In, Out> {
  return e;
}

/** What a socket handler answers. */
export type Reply<T> = { ok: true; value: T } | { ok: false; code: string; evidence?: Record<string, string | number> };

const RefusalAnswer = z.object({
  code: z.string(),
  message: z.string(),
  evidence: z.optional(z.record(z.string(), z.union([z.string(), z.number()]))),
});

/** One browser may hold both a doctor's session and a patient's link: a page says once for whom it speaks. */
type SpokenSide = "staff" | "patient";
let side: SpokenSide = "staff";
export function speakAs(who: SpokenSide): void {
  side = who;
}
export const SIDE_HEADER = "x-assent-side";
const sessions = new Map<string, { session: string; open: () => Promise<string> }>();
/**
 * From now on requests about this visit say that they come from its patient, as long as the page is there. `open` brings a
 * session: now, and again once the server doesn't know it any more.
 */
export async function holdSession(visitId: string, open: () => Promise<string>): Promise<void> {
  // What brings it is asked by whoever it may concern, and not again when that is refused.
  sessions.delete(visitId);
  sessions.set(visitId, { session: await open(), open });
}

/** What every request carries, `fetch`es of raw bytes included. */
export const wireHeaders = (visitId?: unknown): Record<string, string> => {
  const held = sessions.get(String(visitId));
  return { [SIDE_HEADER]: side, ...(held ? { authorization: `Bearer ${held.session}` } : {}) };
};

/** Asks the server. Throws a `Refusal`; `server.unreachable` when there was no answer at all. */
export async function ask<In extends z.ZodMiniType, Out extends z.ZodMiniType>(
  e: Endpoint<In, Out>,
  input: z.input<In>,
  options: { signal?: AbortSignal } = {},
): Promise<z.output<Out>> {
  const { visitId } = (input ?? {}) as { visitId?: unknown };
  const held = sessions.get(String(visitId));
  try {
    return await askOnce(e, input, options);
  } catch (fault) {
    // A session that ran out is a stranger's: nothing was done, so it may be asked once more.
    if (!held || !(fault instanceof Refusal && fault.code === "visit.not-found")) throw fault;
    await holdSession(String(visitId), held.open);
    return askOnce(e, input, options);
  }
}

async function askOnce<In extends z.ZodMiniType, Out extends z.ZodMiniType>(
  e: Endpoint<In, Out>,
  input: z.input<In>,
  options: { signal?: AbortSignal },
): Promise<z.output<Out>> {
  const fields: Record<string, unknown> = { ...(input as Record<string, unknown>) };
  const headers = wireHeaders(fields.visitId);
  const path = e.path.replace(/:(\w+)/g, (_, name: string) => {
    const value = fields[name];
    delete fields[name];
    return encodeURIComponent(String(value));
  });
  const inBody = e.method !== "GET";
  const query = inBody ? "" : toQuery(fields);
  let response: Response;
  try {
    response = await fetch(path + query, {
      method: e.method,
      credentials: "same-origin",
      headers: inBody ? { ...headers, "content-type": "application/json" } : headers,
      ...(inBody ? { body: JSON.stringify(fields) } : {}),
      ...(options.signal ? { signal: options.signal } : {}),
    });
  } catch (cause) {
    if (options.signal?.aborted) throw cause;
    throw new Refusal("server.unreachable");
  }
  if (!response.ok) throw await refusalOf(response);
  return e.answer.parse(await response.json());
}

/** The refusal in an unsuccessful answer; anything unreadable is `server.broke`. */
export async function refusalOf(response: Response): Promise<Refusal> {
  const parsed = RefusalAnswer.safeParse(await response.json().catch(() => undefined));
  if (!parsed.success || !isRefusalCode(parsed.data.code)) return new Refusal("server.broke");
  return new Refusal(parsed.data.code, parsed.data.evidence);
}

function toQuery(fields: Record<string, unknown>): string {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) query.set(name, String(value));
  const text = query.toString();
  return text === "" ? "" : `?${text}`;
}

export const Bytes32 = z.string().check(z.regex(/^0x[0-9a-f]{64}$/));
/** An ERC-7913 signer as lower-case hex: 20 bytes are an address, more are verifier ‖ key. */
export const Signer = z.string().check(z.regex(/^0x([0-9a-f]{2}){20,148}$/));
/** An age recipient (X25519). */
export const Recipient = z.string().check(z.regex(/^age1[02-9ac-hj-np-z]{58}$/));
export const Signature = z.string().check(z.regex(/^0x([0-9a-f]{2}){1,512}$/));
export const Base64 = z.base64();
/** Seconds since 1970, as the ledger counts them. */
export const Seconds = z.int().check(z.gte(0), z.lte(4_294_967_295));
/** Within a century of ours, so that every calculation with it stays a date. */
export const Instant = z.iso.datetime().check(z.regex(/^20\d\d-/));
/** `saved` is durable here, `sent` is under way, `ledger` is in a block, `final` can no longer be undone. */
export const LedgerState = z.enum(["saved", "sent", "ledger", "final", "parked"]);
export type LedgerState = z.infer<typeof LedgerState>;
export const Empty = z.strictObject({});
