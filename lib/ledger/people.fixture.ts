import { AbiCoder, computeAddress, Interface, SigningKey } from "ethers";
import { type Consent, kinds } from "../consent/grant.ts";
import { consentId, digestOf } from "../consent/typed-data.ts";
import { consentLedgerAbi } from "./abi.ts";
import { merged, type Shelf } from "./keep.ts";
import { type Kept, receiptDigest } from "./promise.ts";
import type { AskChain } from "./read.ts";
import type { Receipt } from "./receipt.ts";
import { type Act, actId } from "./submission.ts";

export const word = (byte: string) => `0x${byte.repeat(32)}`;
export const ledger = { label: "Test chain", chainId: "140737488355400", address: `0x${"ab".repeat(20)}`, local: true };

export type Key = ReturnType<typeof key>;
function key(byte: string) {
  const signing = new SigningKey(word(byte));
  const address = computeAddress(signing).toLowerCase();
  return { address, sign: (digest: string) => signing.sign(digest).serialized };
}
export const ana = key("01");
export const drOsei = key("02");
export const log = key("03");
export const mallory = key("04");

export const consent: Consent = {
  patient: ana.address,
  grantee: drOsei.address,
  visit: word("10"),
  scopes: 0b111110,
  validFrom: 1_000,
  validUntil: 90_000,
  terms: word("11"),
  salt: word("12"),
};
export const grant = {
  is: "grant",
  consent,
  signature: ana.sign(digestOf("Consent", consent, ledger)),
} as const satisfies Act;
export const revocation = {
  is: "revoke",
  consent,
  signature: ana.sign(digestOf("Revocation", { consent: consentId(consent) }, ledger)),
} as const satisfies Act;
export function record(number: number, author: Key = drOsei, approval: string | null = null): Act {
  const bare = { kind: kinds.prescription, commitment: word("20"), number, signedAt: 2_000 };
  const signature = author.sign(digestOf("Record", { consent: consentId(consent), ...bare }, ledger));
  return { is: "record", consent, entry: { ...bare, byPatient: author === ana, signature, approval } };
}

/** Unix seconds at which every test begins. */
export const NOW = 2_000;

export function receiptFor(act: Act, by: Key = log, change: Partial<Receipt> = {}, on = ledger): Receipt {
  const bare = { act: actId(act), number: 7, deadline: NOW + 600, ...change };
  return { savedAt: NOW, ...bare, signature: by.sign(receiptDigest(bare, on)) };
}

export const visitId = "0".repeat(32);
export const kept = (act: Act, change: Partial<Kept> = {}): Kept => ({
  id: actId(act),
  visitId,
  ledger,
  act,
  granted: null,
  receipt: receiptFor(act),
  answered: true,
  since: NOW,
  ...change,
});

/** A shelf in memory. */
export function openShelf(...acts: Kept[]): Shelf & { ids(): string[] } {
  const all = new Map(acts.map((one) => [one.id, one]));
  const listeners = new Set<() => void>();
  const told = () => {
    for (const listener of listeners) listener();
  };
  const forget = async (id: string) => {
    all.delete(id);
    told();
  };
  return {
    ids: () => [...all.keys()],
    keep: async (one) => {
      all.set(one.id, merged(all.get(one.id), one));
      told();
    },
    of: async (visit) => [...all.values()].filter((one) => one.visitId === visit),
    forget,
    settle: forget,
    onChange: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
}

const contract = new Interface(consentLedgerAbi);

/** A node whose chain holds what it is told to: an act's identity and its block. `head` is the last block. */
export function openNode(logKey: string = log.address) {
  const on = new Map<string, number>();
  const state = { head: 10, down: false, asked: 0 };
  const place = (block: number) => ({
    address: ledger.address,
    blockNumber: `0x${block.toString(16)}`,
    blockHash: word("b0"),
    transactionHash: word("70"),
  });
  const rpc: AskChain = async (method, params) => {
    state.asked += 1;
    if (state.down) throw new Error("The node does not answer.");
    if (method === "eth_chainId") return `0x${BigInt(ledger.chainId).toString(16)}`;
    if (method === "eth_getBlockByNumber") {
      if (params[0] !== "latest") throw new Error("unknown tag");
      return { number: `0x${state.head.toString(16)}` };
    }
    if (method === "eth_getLogs") {
      const [{ topics }] = params as [{ topics: [string | string[], ...string[]] }];
      const [topic] = [topics[0]].flat() as [string];
      const event = contract.getEvent(topic)!.name;
      const id = event === "RecordedByGrantee" ? topics[2]! : topics[1]!;
      const at = on.get(event === "Revoked" ? `revoked ${id}` : id);
      if (at === undefined) return [];
      const rest = event === "RecordedByGrantee" ? [consentId(consent), id] : [id];
      return [{ ...place(at), topics: [topic, ...rest], data: "0x" }];
    }
    const { data } = params[0] as { data: string };
    if (data === contract.encodeFunctionData("logKey")) return AbiCoder.defaultAbiCoder().encode(["address"], [logKey]);
    const id = consentId(consent);
    const status = on.has(`revoked ${id}`) ? 2 : on.has(id) ? 1 : 0;
    const tuple = [`0x${"00".repeat(25)}`, 0, 0, status];
    return AbiCoder.defaultAbiCoder().encode(["tuple(bytes25,uint24,uint24,uint8)"], [tuple]);
  };
  return {
    rpc,
    state,
    put: (act: Act, block: number) =>
      void on.set(act.is === "revoke" ? `revoked ${consentId(act.consent)}` : actId(act), block),
  };
}
