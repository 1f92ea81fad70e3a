import { Contract, getBytes, hexlify, id, JsonRpcProvider, type Log, TypedDataEncoder, verifyTypedData } from "ethers";

/** What a stranger needs to read the ledger: the interface, written by hand from its documentation, and any node. */
const CONSENT =
  "tuple(bytes patient, bytes grantee, bytes32 visit, uint32 scopes, uint64 validFrom, uint64 validUntil, bytes32 terms, bytes32 salt)";
const ENTRY =
  "tuple(uint8 kind, bytes32 commitment, uint32 number, uint64 signedAt, bool byPatient, bytes signature, bytes approval)";
const ABI = [
  "event Granted(bytes32 indexed consent)",
  "event Revoked(bytes32 indexed consent)",
  "event RecordedByGrantee(bytes32 indexed consent, bytes32 indexed record)",
  "event RecordedByPatient(bytes32 indexed consent, bytes32 indexed record)",
  `function record(${CONSENT} consent, ${ENTRY} entry)`,
  "function recordBatch(bytes batch) returns (bytes4[])",
  "function isEnrolled(bytes clinician) view returns (bool)",
  "function consentState(bytes32) view returns (tuple(bytes25 head, uint24 granteeCount, uint24 patientCount, uint8 status))",
];
const RECORD = {
  Record: [
    { name: "consent", type: "bytes32" },
    { name: "kind", type: "uint8" },
    { name: "commitment", type: "bytes32" },
    { name: "number", type: "uint32" },
    { name: "signedAt", type: "uint64" },
  ],
};

export const KINDS = { sessionStart: 1, sessionEnd: 2, prescription: 3, fileShare: 5 };

export interface OnChain {
  consent: string;
  record: string;
  kind: number;
  number: number;
  byPatient: boolean;
  approved: boolean;
  scopes: number;
  /** Recovered from the author's signature here, not believed. */
  signedBy: string;
  author: string;
}

/** A batch's groups, of which only what is asked for here: read byte by byte as the interface's documentation says. */
function unpack(batch: string) {
  const bytes = getBytes(batch);
  let place = 0;
  const take = (length: number) => {
    place += length;
    return hexlify(bytes.slice(place - length, place));
  };
  const number = (length: number) => Number(take(length));
  const groups = [];
  let grantee = "0x";
  while (place < bytes.length) {
    place += 96; // visit, terms, salt
    const scopes = number(4);
    place += 16; // validFrom, validUntil
    const [patientLength, granteeLength, count] = [number(2), number(2), number(1)];
    const patient = take(patientLength);
    if (granteeLength > 0) grantee = take(granteeLength);
    const entries = Array.from({ length: count }, () => {
      const signed = { commitment: take(32), number: number(4), signedAt: number(8), kind: number(1) };
      const byPatient = number(1) !== 0;
      const [signatureLength, approvalLength] = [number(2), number(2)];
      return { ...signed, byPatient, signature: take(signatureLength), approval: take(approvalLength) };
    });
    groups.push({ consent: { scopes, patient, grantee }, entries });
  }
  return groups;
}

/** Reads the ledger the way a stranger would: logs, calldata, signatures. */
export class Chain {
  readonly contract: Contract;
  readonly provider: JsonRpcProvider;
  readonly chainId: bigint;
  readonly address: string;
  private constructor(provider: JsonRpcProvider, address: string, chainId: bigint) {
    this.provider = provider;
    this.address = address;
    this.chainId = chainId;
    this.contract = new Contract(address, ABI, provider);
  }

  static async of(origin: string): Promise<Chain> {
    const about = (await (await fetch(`${origin}/api/clinic`)).json()) as {
      ledger: { address: string; chainId: string };
    };
    const chainId = BigInt(about.ledger.chainId);
    const provider = new JsonRpcProvider(`${origin}/api/ledger/rpc`, chainId, {
      staticNetwork: true,
      batchMaxCount: 1,
    });
    return new Chain(provider, about.ledger.address, chainId);
  }

  #logs(...events: string[]): Promise<Log[]> {
    const topics = [events.map((event) => id(event))];
    return this.provider.getLogs({ address: this.address, fromBlock: 0, toBlock: "latest", topics });
  }

  async grants(): Promise<string[]> {
    return (await this.#logs("Granted(bytes32)")).map((log) => log.topics[1] ?? "");
  }

  async revocations(): Promise<string[]> {
    return (await this.#logs("Revoked(bytes32)")).map((log) => log.topics[1] ?? "");
  }

  /** All that the contract was ever told and said. */
  async everything(): Promise<unknown[]> {
    const logs = await this.provider.getLogs({ address: this.address, fromBlock: 0, toBlock: "latest" });
    const hashes = [...new Set(logs.map((log) => log.transactionHash))];
    return [...logs, ...(await Promise.all(hashes.map((hash) => this.provider.getTransaction(hash))))];
  }

  /** Every record with what its transaction says of it, in the chain's order. */
  async records(): Promise<OnChain[]> {
    const found: OnChain[] = [];
    const byPatient = "RecordedByPatient(bytes32,bytes32)";
    for (const log of await this.#logs("RecordedByGrantee(bytes32,bytes32)", byPatient)) {
      const transaction = await this.provider.getTransaction(log.transactionHash);
      const call = transaction && this.contract.interface.parseTransaction(transaction);
      if (!call) throw new Error("A record without a call.");
      const groups =
        call.name === "record" ? [{ consent: call.args[0], entries: [call.args[1]] }] : unpack(call.args[0]);
      for (const { consent, entries } of groups) {
        for (const entry of entries) {
          const value = {
            consent: log.topics[1],
            kind: entry.kind,
            commitment: entry.commitment,
            number: entry.number,
            signedAt: entry.signedAt,
          };
          if (TypedDataEncoder.hashStruct("Record", RECORD, value) !== log.topics[2]) continue;
          const domain = {
            name: "Assent Consent Ledger",
            version: "1",
            chainId: this.chainId,
            verifyingContract: this.address,
          };
          found.push({
            consent: log.topics[1] ?? "",
            record: log.topics[2] ?? "",
            kind: Number(entry.kind),
            number: Number(entry.number),
            byPatient: log.topics[0] === id(byPatient),
            approved: entry.approval !== "0x",
            scopes: Number(consent.scopes),
            signedBy: verifyTypedData(domain, RECORD, value, entry.signature).toLowerCase(),
            author: (entry.byPatient ? consent.patient : consent.grantee) as string,
          });
        }
      }
    }
    return found;
  }

  isEnrolled(clinician: string): Promise<boolean> {
    return this.contract.getFunction("isEnrolled")(clinician);
  }
}
