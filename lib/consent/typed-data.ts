import { keccak256 } from "../keyring/keccak.ts";
import { type Field, structHasher } from "./eip712.ts";
import type { Consent } from "./grant.ts";

/**
 * Everything a person signs, written once. The type strings are the contract's; `typed-data.test.ts` holds the two to
 * each other. Source: EIP-712, with ERC-7913 signers as `bytes`.
 */
export const typedData = {
  Consent: [
    { name: "patient", type: "bytes" },
    { name: "grantee", type: "bytes" },
    { name: "visit", type: "bytes32" },
    { name: "scopes", type: "uint32" },
    { name: "validFrom", type: "uint64" },
    { name: "validUntil", type: "uint64" },
    { name: "terms", type: "bytes32" },
    { name: "salt", type: "bytes32" },
  ],
  Revocation: [{ name: "consent", type: "bytes32" }],
  Record: [
    { name: "consent", type: "bytes32" },
    { name: "kind", type: "uint8" },
    { name: "commitment", type: "bytes32" },
    { name: "number", type: "uint32" },
    { name: "signedAt", type: "uint64" },
  ],
  Approval: [{ name: "record", type: "bytes32" }],
  Enrollment: [
    { name: "clinician", type: "bytes" },
    { name: "credential", type: "bytes32" },
    { name: "epoch", type: "uint32" },
  ],
  Removal: [
    { name: "clinician", type: "bytes" },
    { name: "epoch", type: "uint32" },
  ],
  /** Signed by the log's key: what the audit log was at one size. */
  Checkpoint: [
    { name: "size", type: "uint64" },
    { name: "root", type: "bytes32" },
  ],
  /** The server's promise, signed by the log key, that an act is on the ledger by its deadline. */
  Receipt: [
    { name: "act", type: "bytes32" },
    { name: "number", type: "uint64" },
    { name: "deadline", type: "uint64" },
  ],
  /** The clinic's word, signed by the log key, of what it has erased: `content` is the SHA-256 of what it says. */
  Certificate: [{ name: "content", type: "bytes32" }],
  /** The clinic's word, signed by the log key, for an evidence file: `content` is the SHA-256 of what it says. */
  Evidence: [{ name: "content", type: "bytes32" }],
  /**
   * Who is at the other end of a connection. One side of a call vouches, for the other alone, for a description it sends:
   * the fingerprint of its certificate, the attempt (`epoch`), which of its descriptions in it this is, what the
   * description says, and which one it answers.
   */
  MediaKey: [
    { name: "visit", type: "bytes32" },
    { name: "role", type: "string" },
    { name: "from", type: "bytes" },
    { name: "to", type: "bytes" },
    { name: "epoch", type: "uint32" },
    { name: "number", type: "uint32" },
    { name: "fingerprint", type: "bytes32" },
    { name: "description", type: "bytes32" },
    { name: "answers", type: "bytes32" },
  ],
  /** Off the ledger: a signing key vouches for the key its envelopes are sealed to. */
  KeyCard: [
    { name: "signer", type: "bytes" },
    { name: "recipient", type: "string" },
  ],
  /** Off the ledger: a person's own keyring, or another of their devices, vouches for the key of a device and what it is called. */
  DeviceCard: [
    { name: "by", type: "bytes" },
    { name: "device", type: "bytes" },
    { name: "recipient", type: "string" },
    { name: "name", type: "string" },
  ],
  /** Off the ledger: the browser that opens a join link proves it holds the key it brings. */
  Claim: [
    { name: "visit", type: "string" },
    { name: "signer", type: "bytes" },
    { name: "recipient", type: "string" },
    { name: "at", type: "uint64" },
  ],
  /** Off the ledger: a guest's key vouches for the name and role it asks with. */
  GuestCard: [
    { name: "guest", type: "string" },
    { name: "signer", type: "bytes" },
    { name: "role", type: "string" },
    { name: "name", type: "string" },
  ],
  /** Off the ledger: the author of an envelope, whom age itself does not name. See lib/records/seal.ts. */
  Envelope: [
    { name: "visit", type: "string" },
    { name: "type", type: "string" },
    { name: "version", type: "uint32" },
    { name: "ciphertext", type: "bytes32" },
    { name: "recipients", type: "string" },
    { name: "commitment", type: "bytes32" },
    { name: "previous", type: "bytes32" },
  ],
  /** Off the ledger: who holds a key asks for what is kept under it. `what` says which; `at` in seconds since 1970. */
  Opening: [
    { name: "what", type: "string" },
    { name: "signer", type: "bytes" },
    { name: "at", type: "uint64" },
  ],
} as const satisfies Record<string, readonly Field[]>;

export type Signable = keyof typeof typedData;

export interface LedgerDomain {
  chainId: string;
  address: string;
}

/** The domain of what the contract itself checks. */
export function ledgerDomain(ledger: LedgerDomain) {
  return {
    name: "Assent Consent Ledger",
    version: "1",
    chainId: BigInt(ledger.chainId),
    verifyingContract: ledger.address,
  };
}

const unledgered = ["KeyCard", "DeviceCard", "Claim", "GuestCard", "Envelope", "Opening"] as const;
type OffLedger = (typeof unledgered)[number];
const offLedger: ReadonlySet<Signable> = new Set(unledgered);

/** What a signer signs: 32 bytes as hex. Acts of the ledger are bound to its chain and contract, the rest to the app. */
export function digestOf(what: OffLedger, value: Record<string, unknown>): string;
export function digestOf(what: Signable, value: Record<string, unknown>, ledger: LedgerDomain): string;
export function digestOf(what: Signable, value: Record<string, unknown>, ledger?: LedgerDomain): string {
  const separator = separatorOf(offLedger.has(what) ? undefined : ledger);
  return keccak256(`0x1901${separator.slice(2)}${structHash(what, value).slice(2)}`);
}

/** EIP-712 struct hash: the identity of an act, whatever its signature's bytes. */
export function structHash(what: Signable, value: Record<string, unknown>): string {
  const hash = hashers.get(what) ?? structHasher(what, typedData[what]);
  hashers.set(what, hash);
  return hash(value);
}

// Kept, since what makes them is the same each time. There are few ledgers in one process.
const hashers = new Map<Signable, ReturnType<typeof structHasher>>();
const separators = new Map<string, string>();

const named: Field[] = [
  { name: "name", type: "string" },
  { name: "version", type: "string" },
];
const ofALedger: Field[] = [
  ...named,
  { name: "chainId", type: "uint256" },
  { name: "verifyingContract", type: "address" },
];

function separatorOf(ledger: LedgerDomain | undefined): string {
  const which = ledger ? `${ledger.chainId} ${ledger.address}` : "";
  const separator =
    separators.get(which) ??
    (ledger
      ? structHasher("EIP712Domain", ofALedger)(ledgerDomain(ledger))
      : structHasher("EIP712Domain", named)({ name: "Assent", version: "1" }));
  separators.set(which, separator);
  return separator;
}

export function consentId(consent: Consent): string {
  return structHash("Consent", consent);
}
