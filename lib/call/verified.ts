import * as z from "zod/mini";
import { digestOf, type LedgerDomain } from "../consent/typed-data.ts";
import { keccakOfText } from "../keyring/keccak.ts";
import { signedBy } from "../keyring/signature.ts";
import type { NotPrivateWhy } from "../visits/visit.ts";
import { Bytes32, Signature } from "../wire.ts";
import type { Side } from "./member.ts";

/** One side's half of a negotiation, as browsers write it. */
export interface Description {
  type: "offer" | "answer" | "pranswer";
  sdp: string;
}

/** Someone who may speak in a call, by the patient's word: their part in it and the key that the ledger knows. */
export interface Party {
  readonly role: Side;
  /** Lower-case, as `Consent` has it. */
  readonly signer: string;
}

/** `0x…`; the fingerprint is the certificate's SHA-256. */
export type Ends = Partial<Record<Side, { signer: string; fingerprint: string }>>;

/** What the server carries beside a description: everything that was signed and the other side does not know by itself. */
const Proof = z.strictObject({
  number: z.int().check(z.gte(1), z.lte(1_000_000)),
  fingerprint: Bytes32,
  description: Bytes32,
  answers: Bytes32,
  signature: Signature,
});

/** The connection is not what the two people signed: it must not carry, show or play anything. */
export class NotPrivate extends Error {
  readonly why: NotPrivateWhy;
  /** The certificate's fingerprint that was signed, and the one that is used, where both are known. `0x…`, SHA-256. */
  readonly compared: { signed: string; used: string } | undefined;
  constructor(why: NotPrivateWhy, compared?: { signed: string; used: string }) {
    super(`This call is not private: ${why}`);
    this.name = "NotPrivate";
    this.why = why;
    this.compared = compared;
  }
}

/** No permission names them now, or not any more: there is nobody to connect with, and nobody has lied. */
export class Unnamed extends Error {
  constructor() {
    super("no permission names this member of the call");
    this.name = "Unnamed";
  }
}

const NOTHING = `0x${"0".repeat(64)}`;
const LINE = /^a=fingerprint:/i;
const SHA256_LINE = /^a=fingerprint:sha-256 ((?:[0-9a-f]{2}:){31}[0-9a-f]{2})$/i;

/** `AB:CD:…` as browsers write it, to `0xabcd…`. */
export const fingerprintFrom = (text: string): string => `0x${text.replaceAll(":", "").toLowerCase()}`;

/** The one SHA-256 fingerprint that every section of a description names; undefined when it names none, several or others. */
export function fingerprintOf(sdp: string): string | undefined {
  const found = new Set<string | undefined>();
  for (const line of sdp.split(/\r\n|\r|\n/)) {
    const text = line.trim();
    if (!LINE.test(text)) continue;
    const value = SHA256_LINE.exec(text)?.[1];
    found.add(value && fingerprintFrom(value));
  }
  return found.size === 1 ? [...found][0] : undefined;
}

/** Binds every character: addresses, passwords, codecs and order. */
const hashOf = ({ type, sdp }: Description): string => keccakOfText(`${type}\n${sdp}`);

interface LegOptions {
  ledger: LedgerDomain;
  /** The topic of this visit's consents. */
  visit: string;
  attempt: number;
  me: Party & { sign(digest: string): Promise<string> };
  them: Party;
}

/**
 * What two people negotiate under one attempt, held to the keys that the ledger knows. Trickled candidates need no
 * signature: who answers at an address must know the signed password and hold the key behind the signed fingerprint, so
 * a forged candidate can only keep two people apart, which whoever carries the signals can do anyway.
 */
export class VerifiedLeg {
  readonly #options: LegOptions;
  #sent = 0;
  #heard = 0;
  /** What we offered in this attempt; an answer is to one of these. */
  readonly #offers = new Set<string>();
  #offered = NOTHING;
  #mine: string | undefined;
  #theirs: string | undefined;

  constructor(options: LegOptions) {
    this.#options = options;
  }

  /** Between whom this is, once both sides have vouched: each side's key and its certificate's fingerprint, by their part. */
  get ends(): Ends | undefined {
    const { me, them } = this.#options;
    if (!this.#mine || !this.#theirs) return undefined;
    return {
      [me.role]: { signer: me.signer, fingerprint: this.#mine },
      [them.role]: { signer: them.signer, fingerprint: this.#theirs },
    };
  }

  /** Signs a description of ours; the result travels beside it. Rejects when it names no certificate. */
  async vouch(description: Description): Promise<string> {
    const { me, them } = this.#options;
    const fingerprint = fingerprintOf(description.sdp);
    if (!fingerprint) throw new TypeError("a description without its one SHA-256 fingerprint");
    const hash = hashOf(description);
    const isOffer = description.type === "offer";
    if (isOffer) this.#offers.add(hash);
    this.#mine = fingerprint;
    this.#sent += 1;
    const claim = { number: this.#sent, fingerprint, description: hash, answers: isOffer ? NOTHING : this.#offered };
    return JSON.stringify({ ...claim, signature: await me.sign(this.#digest(me, them, claim)) });
  }

  /** Throws `NotPrivate` unless this very description was signed by the other side, for us, in this attempt, after the ones before. */
  check(description: Description, proof: string | undefined): void {
    const { me, them } = this.#options;
    const said = Proof.safeParse(parse(proof)).data;
    if (!said) throw new NotPrivate("unsigned");
    const { signature, ...claim } = said;
    if (!signedBy(them.signer, this.#digest(them, me, claim), signature)) throw new NotPrivate("not-theirs");
    const used = fingerprintOf(description.sdp);
    if (used !== claim.fingerprint)
      throw new NotPrivate("fingerprint", used ? { signed: claim.fingerprint, used } : undefined);
    if (hashOf(description) !== claim.description) throw new NotPrivate("changed");
    // A page has one certificate: under one attempt nobody gets another in between.
    if (this.#theirs && this.#theirs !== claim.fingerprint)
      throw new NotPrivate("certificate", { signed: this.#theirs, used: claim.fingerprint });
    const isOffer = description.type === "offer";
    if (claim.number <= this.#heard || (!isOffer && !this.#offers.has(claim.answers))) throw new NotPrivate("replayed");
    this.#heard = claim.number;
    if (isOffer) this.#offered = claim.description;
    this.#theirs = claim.fingerprint;
  }

  /** Throws `NotPrivate` unless the certificate in use is the signed one. */
  confirm(used: string): void {
    if (!this.#theirs) throw new NotPrivate("unsigned");
    if (used !== this.#theirs) throw new NotPrivate("certificate", { signed: this.#theirs, used });
  }

  #digest(from: Party, to: Party, claim: Omit<z.infer<typeof Proof>, "signature">): string {
    const { visit, attempt, ledger } = this.#options;
    const value = { visit, role: from.role, from: from.signer, to: to.signer, epoch: attempt, ...claim };
    return digestOf("MediaKey", value, ledger);
  }
}

function parse(text: string | undefined): unknown {
  try {
    return JSON.parse(text ?? "");
  } catch {
    return undefined;
  }
}
