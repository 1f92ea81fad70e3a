import { Contract, id, JsonRpcProvider, type Log, TypedDataEncoder, verifyTypedData } from "ethers";

/** What a stranger needs to read the ledger: the interface, written by hand from its documentation, and any node. */
const CONSENT =
  "tuple(bytes patient, bytes grantee, bytes32 visit, uint32 scopes, uint64 validFrom, uint64 validUntil, bytes32 terms, bytes32 salt)";
const ENTRY =
  "tuple(uint8 kind, bytes32 commitment, uint32 number, uint64 signedAt, bool byPatient, bytes signature, bytes approval)";
const ABI = [
  "event Granted(bytes32 indexed consent)",
  "event Revoked(bytes32 indexed consent)",
  "event Recorded(bytes32 indexed consent, bytes32 indexed record, bool byPatient)",
  `function record(${CONSENT} consent, ${ENTRY} entry)`,
  `function recordBatch(tuple(${CONSENT} consent, ${ENTRY}[] entries)[] groups) returns (bytes4[])`,
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

  #logs(event: string): Promise<Log[]> {
    return this.provider.getLogs({ address: this.address, fromBlock: 0, toBlock: "latest", topics: [id(event)] });
  }

  async grants(): Promise<string[]> {
    return (await this.#logs("Granted(bytes32)")).map((log) => log.topics[1] ?? "");
  }

  async revocations(): Promise<string[]> {
    return (await this.#logs("Revoked(bytes32)")).map((log) => log.topics[1] ?? "");
  }

  /** Every record with what its transaction says of it, in the chain's order. */
  async records(): Promise<OnChain[]> {
    const found: OnChain[] = [];
    for (const log of await this.#logs("Recorded(bytes32,bytes32,bool)")) {
      const transaction = await this.provider.getTransaction(log.transactionHash);
      const call = transaction && this.contract.interface.parseTransaction(transaction);
      if (!call) throw new Error("A record without a call.");
      const groups = call.name === "record" ? [{ consent: call.args[0], entries: [call.args[1]] }] : [...call.args[0]];
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
            byPatient: entry.byPatient,
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
