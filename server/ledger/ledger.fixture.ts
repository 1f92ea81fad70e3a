import { computeAddress, hexlify, randomBytes, SigningKey, Wallet } from "ethers";
import { type Consent, kinds } from "../../lib/consent/grant.ts";
import { consentId, digestOf, type LedgerDomain } from "../../lib/consent/typed-data.ts";
import { actId } from "../../lib/ledger/submission.ts";
import { madeFolder, migrations } from "../storage/made.fixture.ts";
import { openStorage, type Storage } from "../storage/storage.ts";
import type { LedgerCall, Moved } from "./act.ts";
import { type Ledger, type LedgerOptions, openLedger } from "./ledger.ts";
import type { AtPoint } from "./points.ts";

/** A ledger on real parts, in a folder that a later one can open again. */
export interface House {
  folder: string;
  storage: Storage;
  ledger: Ledger;
  moves: Moved[];
  /** What was logged at `info` and at `error`. */
  news: object[];
  alarms: string[];
  /** Queues in one transaction and says so; resolves to the ids. */
  queue(calls: LedgerCall[]): Promise<string[]>;
  close(): Promise<void>;
}

const quiet = () => undefined;

export async function openHouse(folder?: string, at?: AtPoint, more: Partial<LedgerOptions> = {}): Promise<House> {
  const home = folder ?? (await madeFolder("ledger"));
  const storage = await openStorage(home, migrations);
  const moves: Moved[] = [];
  const alarms: string[] = [];
  const news: object[] = [];
  const log = {
    info: (facts: object) => news.push(facts),
    warn: quiet,
    error: (facts: object, text: string) => alarms.push(text + JSON.stringify(facts)),
  };
  const ledger = await openLedger({ storage, folder: home, log, onMoved: (act) => moves.push(act), at, ...more }).catch(
    async (error: unknown) => {
      await storage.close();
      throw error;
    },
  );
  return {
    folder: home,
    storage,
    ledger,
    moves,
    news,
    alarms,
    queue: async (calls) => {
      const ids = await storage.keepBooks(async (tx) => {
        const queued: string[] = [];
        for (const call of calls) queued.push((await ledger.queue(tx, { call, object: objectOf(call) })).id);
        return queued;
      });
      ledger.kick();
      return ids;
    },
    close: async () => {
      await ledger.close();
      await storage.close();
    },
  };
}

function objectOf(call: LedgerCall): string {
  if (call.is === "enroll" || call.is === "remove") return call.clinician;
  if (call.is === "anchor") return call.to.root;
  if (call.is === "record") return actId(call);
  return consentId(call.consent);
}

export interface Person {
  address: string;
  sign(digest: string): string;
}

export function person(privateKey: string = Wallet.createRandom().privateKey): Person {
  const key = new SigningKey(privateKey);
  return { address: computeAddress(key).toLowerCase(), sign: (digest) => key.sign(digest).serialized };
}

export const bytes32 = () => hexlify(randomBytes(32));
export const enroll = (clinician: Person): LedgerCall => ({
  is: "enroll",
  clinician: clinician.address,
  credential: bytes32(),
});

export type Grant = Extract<LedgerCall, { is: "grant" }>;
export type Record = Extract<LedgerCall, { is: "record" }>;

/** Allows sessions and prescriptions for an hour; files one by one. */
export function grant(ledger: LedgerDomain, patient: Person, grantee: Person): Grant {
  const now = Math.floor(Date.now() / 1000);
  const consent: Consent = {
    patient: patient.address,
    grantee: grantee.address,
    visit: bytes32(),
    scopes: (1 << 1) | (1 << 2) | (1 << 3) | (1 << (16 + 5)),
    validFrom: now - 60,
    validUntil: now + 3_600,
    terms: bytes32(),
    salt: bytes32(),
  };
  return { is: "grant", consent, signature: patient.sign(digestOf("Consent", { ...consent }, ledger)) };
}

export function revoke(ledger: LedgerDomain, { consent }: Grant, patient: Person): LedgerCall {
  return {
    is: "revoke",
    consent,
    signature: patient.sign(digestOf("Revocation", { consent: consentId(consent) }, ledger)),
  };
}

export function record(
  ledger: LedgerDomain,
  { consent }: Grant,
  author: Person,
  number: number,
  kind: keyof typeof kinds = "prescription",
): Record {
  const byPatient = author.address === consent.patient;
  const bare = { kind: kinds[kind], commitment: bytes32(), number, signedAt: Math.floor(Date.now() / 1000) };
  const signature = author.sign(digestOf("Record", { consent: consentId(consent), ...bare }, ledger));
  return { is: "record", consent, entry: { ...bare, byPatient, signature, approval: null } };
}
