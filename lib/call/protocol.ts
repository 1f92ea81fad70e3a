import * as z from "zod/mini";
import { AskState } from "../records/record.ts";
import { VisitId, VisitState } from "../visits/visit.ts";
import { Empty, LedgerState, type Reply } from "../wire.ts";
import { GuestId, MemberId } from "./member.ts";
import { SafetyMessage } from "./safety-message.ts";

// One file holds the whole conversation over the socket. Version 1. Asking is a verb, news is in the past.

/**
 * A socket says once whom it speaks for: a visit by its link's session, a guest of a visit by the session of the guest's
 * own link, or nothing (staff, by their session cookie).
 * `instance` names the page that speaks, so that its next socket takes the place of a lost one the server still believes in.
 */
export const Handshake = z.object({
  version: z.literal(1),
  visitId: z.optional(VisitId),
  guest: z.optional(GuestId),
  instance: z.string().check(z.regex(/^[0-9a-f]{16,32}$/)),
});
export type Handshake = z.infer<typeof Handshake>;

const Description = z.object({
  type: z.enum(["offer", "answer", "pranswer"]),
  sdp: z.string().check(z.minLength(1), z.maxLength(32_768)),
});
const Candidate = z.object({
  type: z.literal("candidate"),
  candidate: z.object({
    candidate: z.string().check(z.maxLength(1_024)),
    sdpMLineIndex: z.optional(z.nullable(z.int().check(z.gte(0), z.lte(64)))),
    sdpMid: z.optional(z.nullable(z.string().check(z.maxLength(64)))),
    usernameFragment: z.optional(z.nullable(z.string().check(z.maxLength(256)))),
  }),
});
const Renegotiate = z.object({ type: z.literal("renegotiate"), renegotiate: z.literal(true) });
const Transceiver = z.object({
  type: z.literal("transceiverRequest"),
  transceiverRequest: z.object({ kind: z.enum(["audio", "video"]) }),
});
/** Whether anything of the other side arrives now. Said over the server when it stops and when it comes again; who hears of a stop answers. */
const Hearing = z.strictObject({ type: z.literal("hearing"), hears: z.boolean() });
/** What simple-peer wants carried to the other side, and what only the server can carry while nothing arrives from there. */
export const SignalData = z.union([Description, Candidate, Renegotiate, Transceiver, Hearing]);
export type SignalData = z.infer<typeof SignalData>;

const OfVisit = z.strictObject({ visitId: VisitId });
const WatchVisit = OfVisit;
const LeaveCall = OfVisit;
const Attempt = z.int().check(z.gte(0), z.lte(1_000_000));
/**
 * What this page knows of each other member: `attempt` is the highest it has seen with them (0 at first); `holding` says
 * that this peer still lives although the socket was lost.
 */
const EnterCall = z.strictObject({
  visitId: VisitId,
  with: z.array(z.strictObject({ member: MemberId, attempt: Attempt, holding: z.boolean() })).check(z.maxLength(8)),
});
/** What a description's sender signed of it. The server carries it and does not read it. */
const Proof = z.string().check(z.maxLength(4_096));
/** `attempt` numbers the peers a pair goes through; signals of an earlier attempt are dropped by the receiver. */
const Signal = z.strictObject({
  visitId: VisitId,
  to: MemberId,
  attempt: Attempt,
  data: SignalData,
  proof: z.optional(Proof),
});
/** `attempt` is the one that failed; the answer is the one both build now. */
const Rebuild = z.strictObject({ visitId: VisitId, with: MemberId, attempt: Attempt });
const Probe = Empty;

export const IceServer = z.object({
  urls: z.array(z.string()),
  username: z.optional(z.string()),
  credential: z.optional(z.string()),
});
export type IceServer = z.infer<typeof IceServer>;
/** Relays take the credentials in `iceServers` for this long after they were given, and for what was begun by then. */
export const RELAY_SECONDS = 3_600;

/** What a browser may ask, and how it is answered. */
export const asks = {
  /** Doctor: hear news of all own visits. */
  "visits:watch": { ask: Empty, answer: Empty },
  /** Any member: hear news of this visit (waiting room, call and summary). */
  "visit:watch": { ask: WatchVisit, answer: z.object({ state: VisitState }) },
  /**
   * Any member, once admitted: take part. The answer says who is there, and how to reach through firewalls. `left` are
   * those of whom the page spoke and who may not be in the call any more.
   */
  "call:enter": {
    ask: EnterCall,
    answer: z.object({
      others: z.array(z.object({ member: MemberId, attempt: Attempt })),
      left: z.array(MemberId),
      iceServers: z.array(IceServer),
    }),
  },
  "call:signal": { ask: Signal, answer: Empty },
  /** The peer failed; both make a new one under the pair's next attempt number. */
  "call:rebuild": { ask: Rebuild, answer: z.object({ attempt: Attempt }) },
  "call:leave": { ask: LeaveCall, answer: Empty },
  /** Whoever sits in the call, before `RELAY_SECONDS` are over: credentials that begin now. */
  "call:relays": { ask: OfVisit, answer: z.object({ iceServers: z.array(IceServer) }) },
  /** Is the line alive? Answers at once. */
  "line:probe": { ask: Probe, answer: Empty },
} as const satisfies Record<string, { ask: z.ZodMiniType; answer: z.ZodMiniType }>;

/** What the server tells unasked. */
export const news = {
  /** A visit changed: ask again for what you show of it. */
  "visit:changed": z.object({ visitId: VisitId, state: VisitState }),
  /**
   * Someone came or went. Nobody is connected of whom this was not told. `left` says that they are out of the call, and
   * not only their line to the server.
   */
  "call:present": z.object({
    visitId: VisitId,
    member: MemberId,
    present: z.boolean(),
    left: z.boolean(),
    attempt: Attempt,
  }),
  "call:signalled": z.object({
    visitId: VisitId,
    from: MemberId,
    attempt: Attempt,
    data: SignalData,
    proof: z.optional(Proof),
  }),
  "call:rebuilt": z.object({ visitId: VisitId, with: MemberId, attempt: Attempt }),
  /** The same person opened the call elsewhere; this one is out. */
  "call:replaced": z.object({ visitId: VisitId }),
  /** Permission was taken back: the call is over now. */
  "consent:revoked": z.object({ visitId: VisitId }),
  /** A record, consent or revocation of this visit moved on its way to the ledger. */
  "record:moved": z.object({ visitId: VisitId, id: z.string().check(z.maxLength(80)), state: LedgerState }),
  /** Something waits for the patient's yes, or was answered. */
  "ask:changed": z.object({ visitId: VisitId, id: z.string().check(z.maxLength(80)), state: AskState }),
} as const satisfies Record<string, z.ZodMiniType>;

export type Asks = typeof asks;
export type News = typeof news;
export type AskMessage<E extends keyof Asks> = z.input<Asks[E]["ask"]>;
export type AskAnswer<E extends keyof Asks> = z.output<Asks[E]["answer"]>;
export type NewsMessage<E extends keyof News> = z.output<News[E]>;
/** The socket's types: what each side may say. */
export type FromBrowser = {
  [E in keyof Asks]: (message: AskMessage<E>, reply: (r: Reply<AskAnswer<E>>) => void) => void;
};
export type FromServer = { [E in keyof News]: (message: NewsMessage<E>) => void };

const TransferId = z.string().check(z.regex(/^[0-9a-f-]{8,64}$/));
/**
 * Peer to peer, over the data channel; nothing of it passes the server. A file is offered, wanted from a byte on, begun,
 * sent as binary pieces (all that come until the next word belong to it), ended with its digest, and kept once that matched.
 */
export const PeerMessage = z.discriminatedUnion("is", [
  /** Said when the channel opens and whenever it changes. */
  z.object({ is: z.literal("hello"), muted: z.boolean(), cameraOff: z.boolean(), sharing: z.boolean() }),
  /** The line does not carry our picture for now, or does again. Sound goes on. */
  z.object({ is: z.literal("picture"), held: z.boolean() }),
  z.object({
    is: z.literal("chat"),
    id: z.string().check(z.maxLength(64)),
    text: z.string().check(z.minLength(1), z.maxLength(4_096)),
    at: z.iso.datetime(),
  }),
  /** The newest checkpoint of the clinic's log that this side was shown: a signed note. Whoever was shown another log finds out. */
  z.object({ is: z.literal("checkpoint"), note: z.string().check(z.maxLength(16_384)) }),
  /** The doctor asks for a photograph by the patient's camera; the patient's yes brings it as a file. */
  z.object({ is: z.literal("photo:asked") }),
  z.object({ is: z.literal("photo:answered"), yes: z.boolean() }),
  z.object({
    is: z.literal("file:offered"),
    id: TransferId,
    name: z.string().check(z.minLength(1), z.maxLength(400)),
    type: z.string().check(z.maxLength(120)),
    size: z.int().check(z.gte(0)),
  }),
  z.object({ is: z.literal("file:wanted"), id: TransferId, from: z.int().check(z.gte(0)) }),
  z.object({ is: z.literal("file:began"), id: TransferId, from: z.int().check(z.gte(0)) }),
  /** `digest` is the SHA-256 over the SHA-256 of every mebibyte, as lower-case hex. */
  z.object({ is: z.literal("file:ended"), id: TransferId, digest: z.string().check(z.regex(/^[0-9a-f]{64}$/)) }),
  /** How far it has come; for the progress bar of whoever sends. */
  z.object({ is: z.literal("file:received"), id: TransferId, bytes: z.int().check(z.gte(0)) }),
  z.object({ is: z.literal("file:kept"), id: TransferId }),
  z.object({ is: z.literal("file:cancelled"), id: TransferId }),
  z.object({
    is: z.literal("file:refused"),
    id: TransferId,
    why: z.enum(["type", "size", "memory", "not-allowed", "damaged"]),
  }),
  /** It is recorded; `record` is the record's id. */
  z.object({ is: z.literal("file:saved"), id: TransferId, record: z.string().check(z.regex(/^0x[0-9a-f]{64}$/)) }),
  SafetyMessage,
]);
export type PeerMessage = z.infer<typeof PeerMessage>;
