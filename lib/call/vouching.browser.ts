import type { MemberId } from "./member.ts";
import type { SafetyAbout } from "./safety.ts";
import type { Description } from "./verified.ts";

/** What is negotiated between two members under one attempt. */
export interface Negotiation {
  visitId: string;
  me: MemberId;
  them: MemberId;
  /** Numbers the peers of this pair; it never goes down. */
  attempt: number;
}

/**
 * Holds what is negotiated to the keys that the ledger knows. Every description passes here before it leaves and before
 * it is used, in order. A rejection with `NotPrivate` ends what is between the two, whoever is to blame; with `Unnamed` nothing is
 * built between them.
 */
export interface Vouching {
  /** Signs what leaves; resolves with the proof that travels beside it. */
  vouch(description: Description, of: Negotiation): Promise<string>;
  /** Rejects what its sender did not sign. */
  check(description: Description, proof: string | undefined, of: Negotiation): Promise<void>;
  /** The connection stands: is its certificate the one that was vouched for? Until then nothing of the other is shown, heard or read. */
  confirm(connection: RTCPeerConnection, of: Negotiation): Promise<void>;
  /** What doctor and patient hold together: both keys and both certificates, as they were signed last. Undefined before, and for guests. */
  about(): SafetyAbout | undefined;
}
