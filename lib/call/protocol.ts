import { z } from "zod";
import { VisitId, type VisitState } from "../visits/visit.ts";
import type { LedgerState, Reply } from "../wire.ts";

/** One file holds the whole conversation over the socket. Version 1. Asking is a verb, news is in the past. */
export const Side = z.enum(["clinician", "patient"]);
export type Side = z.infer<typeof Side>;

/** A socket says once whom it speaks for: a visit by its link's session, or nothing (staff, by their session cookie). */
export const Handshake = z.object({ version: z.literal(1), visitId: VisitId.optional() });

const Description = z.object({ type: z.enum(["offer", "answer", "pranswer"]), sdp: z.string().min(1).max(32_768) });
const Candidate = z.object({
  type: z.literal("candidate"),
  candidate: z.object({
    candidate: z.string().max(1_024),
    sdpMLineIndex: z.int().min(0).max(64).nullable().optional(),
    sdpMid: z.string().max(64).nullable().optional(),
    usernameFragment: z.string().max(256).nullable().optional(),
  }),
});
const Renegotiate = z.object({ type: z.literal("renegotiate"), renegotiate: z.literal(true) });
const Transceiver = z.object({
  type: z.literal("transceiverRequest"),
  transceiverRequest: z.object({ kind: z.enum(["audio", "video"]), init: z.object({}).passthrough().optional() }),
});
/** What simple-peer wants carried to the other side, and nothing else. */
export const SignalData = z.union([Description, Candidate, Renegotiate, Transceiver]);
export type SignalData = z.infer<typeof SignalData>;

export const EnterCall = z.object({ visitId: VisitId }).strict();
/** `attempt` numbers the peers a call goes through; signals of an earlier attempt are dropped by the receiver. */
export const Signal = z.object({ visitId: VisitId, attempt: z.int().min(0).max(10_000), data: SignalData }).strict();
export const Rebuild = z.object({ visitId: VisitId, attempt: z.int().min(0).max(10_000) }).strict();
export const Probe = z.object({}).strict();

export interface FromBrowser {
  /** Doctor: hear news of all own visits. */
  "visits:watch": (message: Record<string, never>, reply: (r: Reply<Record<string, never>>) => void) => void;
  /** Either: hear news of this visit (waiting room, call and summary). */
  "visit:watch": (message: z.input<typeof EnterCall>, reply: (r: Reply<{ state: VisitState }>) => void) => void;
  /** Either, once admitted: take part. The answer says whether the other is there, and how to reach through firewalls. */
  "call:enter": (
    message: z.input<typeof EnterCall>,
    reply: (r: Reply<{ present: boolean; attempt: number; iceServers: IceServer[] }>) => void,
  ) => void;
  "call:signal": (message: z.input<typeof Signal>, reply: (r: Reply<Record<string, never>>) => void) => void;
  /** The peer failed; both make a new one under the next attempt number. */
  "call:rebuild": (message: z.input<typeof Rebuild>, reply: (r: Reply<{ attempt: number }>) => void) => void;
  "call:leave": (message: z.input<typeof EnterCall>, reply: (r: Reply<Record<string, never>>) => void) => void;
  /** Is the line alive? Answers at once. */
  "line:probe": (message: Record<string, never>, reply: (r: Reply<Record<string, never>>) => void) => void;
}

export interface FromServer {
  /** A visit changed: ask again for what you show of it. */
  "visit:changed": (m: { visitId: string; state: VisitState }) => void;
  /** The other side came or went. */
  "call:present": (m: { visitId: string; side: Side; present: boolean; attempt: number }) => void;
  "call:signalled": (m: { visitId: string; from: Side; attempt: number; data: SignalData }) => void;
  "call:rebuilt": (m: { visitId: string; attempt: number }) => void;
  /** The same person opened the call elsewhere; this one is out. */
  "call:replaced": (m: { visitId: string }) => void;
  /** Permission was taken back: the call is over now. */
  "consent:revoked": (m: { visitId: string }) => void;
  /** A record, consent or revocation of this visit moved on its way to the ledger. */
  "record:moved": (m: { visitId: string; id: string; state: LedgerState }) => void;
  /** Something waits for the patient's yes, or was answered. */
  "ask:changed": (m: { visitId: string; id: string; state: "open" | "approved" | "refused" | "withdrawn" }) => void;
}

export interface IceServer {
  urls: string[];
  username?: string;
  credential?: string;
}

/** Peer to peer, over the data channel; nothing of it passes the server. */
export const PeerMessage = z.discriminatedUnion("is", [
  z.object({ is: z.literal("hello"), muted: z.boolean(), cameraOff: z.boolean(), sharing: z.boolean() }),
  z.object({ is: z.literal("chat"), id: z.string().max(64), text: z.string().min(1).max(4_096), at: z.iso.datetime() }),
  z.object({
    is: z.literal("file:offered"),
    id: z.string().max(64),
    name: z.string().min(1).max(400),
    type: z.string().max(120),
    size: z.int().min(0),
  }),
  z.object({ is: z.literal("file:ended"), id: z.string().max(64), sha256: z.string() }),
  z.object({ is: z.literal("file:cancelled"), id: z.string().max(64) }),
  z.object({ is: z.literal("file:received"), id: z.string().max(64), bytes: z.int() }),
  z.object({
    is: z.literal("file:refused"),
    id: z.string().max(64),
    why: z.enum(["type", "size", "memory", "not-allowed"]),
  }),
  z.object({ is: z.literal("file:saved"), id: z.string().max(64), record: z.string() }),
]);
export type PeerMessage = z.infer<typeof PeerMessage>;
