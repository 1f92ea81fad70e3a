import { Interface } from "ethers";
import { credentialOf } from "../auth/credential.ts";
import type { Consent, Kind } from "../consent/grant.ts";
import { choicesOf, kinds, scopesOf } from "../consent/grant.ts";
import { guestChoices } from "../consent/guest-terms.ts";
import { consentId, digestOf, structHash } from "../consent/typed-data.ts";
import { randomHex } from "../keyring/bytes.ts";
import { clinicianKeys, type Keys, newSeed, patientKeys } from "../keyring/keyring.ts";
import { consentLedgerAbi } from "../ledger/abi.ts";
import { NodeSaysNo } from "../ledger/logs.ts";
import { type AskChain, foldHead } from "../ledger/read.ts";
import { visitTopic } from "../visits/link.ts";
import { pseudonymOf } from "../visits/pseudonym.ts";
import type { ActView, ConsentEvidence, Line, RecordEvidence, StoredEntry } from "./api.ts";
import { type ChainReader, openChain, slotOf } from "./chain.ts";
import type { TreeHead } from "./checkpoint.ts";
import { entryHash, GENESIS } from "./log.ts";
import type { Source } from "./source.ts";

export const ledger = { chainId: "31337", address: "0x00000000000000000000000000000000000000aa" };
export const visitId = "0123456789abcdef0123456789abcdef";
const link = "fedcba9876543210fedcba9876543210";
const role = "interpreter";
const contract = new Interface(consentLedgerAbi);

/** A clinic's whole trail with a real ledger's answers: every signature, hash and head is right until a test changes one. */
export interface Clinic {
  lines: Line[];
  consents: ConsentEvidence[];
  records: RecordEvidence[];
  logs: {
    address: string;
    topics: string[];
    data: string;
    blockNumber: string;
    blockHash: string;
    blockTimestamp?: string;
    transactionHash: string;
  }[];
  heads: Map<string, string>;
  /** The next number, as the trail's head has it. */
  last: number;
}

export async function aClinic(): Promise<Clinic & { ana: Keys; osei: Keys }> {
  const osei = await clinicianKeys(newSeed());
  const ana = await patientKeys(newSeed(), visitId);
  const clinic: Clinic = { lines: [], consents: [], records: [], logs: [], heads: new Map(), last: 0 };
  const start = Date.parse("2026-11-24T14:00:00.000Z");
  let seconds = 0;
  const doctor = { is: "staff", id: "esi" };
  const patient = { is: "patient", id: pseudonymOf(ana.signer) };

  async function line(
    entry: Pick<StoredEntry, "actor" | "action"> & Partial<Omit<StoredEntry, "ofVisit">>,
    act: ActView | null = null,
  ): Promise<string> {
    seconds += 20;
    const previous = clinic.lines.at(-1)?.entry.hash ?? GENESIS;
    const bare = {
      number: clinic.lines.length + 1,
      at: new Date(start + seconds * 1000).toISOString(),
      visitId: null,
      ofVisit: entry.visitId ? clinic.lines.filter((one) => one.entry.visitId === entry.visitId).length + 1 : null,
      object: null,
      consent: null,
      refusal: null,
      detail: {},
      salt: randomHex(16),
      ...entry,
      previous,
    };
    clinic.lines.push({ entry: { ...bare, hash: entryHash(bare as never) }, act });
    clinic.last = bare.number;
    return bare.at;
  }
  function mined(event: string, values: unknown[], kind: string, object: string): ActView {
    const block = 17 + clinic.logs.length;
    const seen = { transaction: randomHex(32), block, blockHash: randomHex(32) };
    const { topics, data } = contract.encodeEventLog(event, values);
    clinic.logs.push({
      address: ledger.address,
      topics,
      data,
      blockNumber: `0x${block.toString(16)}`,
      blockHash: seen.blockHash,
      transactionHash: seen.transaction,
    });
    return { id: randomHex(8), kind, object, state: "final", reason: null, ...seen };
  }
  const at = () => Math.floor(start / 1000) + seconds;

  await line({ actor: doctor, action: "clinic.created" });
  const credentialSalt = randomHex(32);
  const credential = await credentialOf("esi", credentialSalt);
  await line(
    {
      actor: doctor,
      action: "key.enrolled",
      object: osei.signer,
      detail: { credential, credentialSalt, person: "esi" },
    },
    mined("Enrolled", [randomHex(32), osei.signer, credential, 0, 1], "enroll", osei.signer),
  );
  await line({ actor: doctor, action: "visit.created", visitId });
  await line({ actor: { is: "nobody", id: "link" }, action: "link.opened", visitId });

  const choices = { video: "allow", prescriptions: "ask", files: "allow" } as const;
  const consent: Consent = {
    patient: ana.signer,
    grantee: osei.signer,
    visit: await visitTopic(visitId),
    scopes: scopesOf(choices),
    validFrom: at(),
    validUntil: at() + 36_000,
    terms: randomHex(32),
    salt: randomHex(32),
  };
  const id = consentId(consent);
  const grantedAt = await line(
    { actor: patient, action: "consent.granted", visitId, object: id, consent: id, detail: choicesOf(consent.scopes) },
    mined("Granted", [id], "grant", id),
  );
  const signature = await ana.sign(digestOf("Consent", { ...consent }, ledger));
  const row = { id, visitId, guest: null, share: null, consent, signature, state: "revoked" as const, grantedAt };

  const maria = await patientKeys(newSeed(), link);
  const forGuest = { ...consent, grantee: maria.signer, scopes: scopesOf(guestChoices), salt: randomHex(32) };
  const guestId = consentId(forGuest);
  const guest = { is: "guest", id: pseudonymOf(maria.signer) };
  await line({ actor: doctor, action: "guest.invited", visitId, object: link, consent: id, detail: { role } });
  await line({ actor: guest, action: "guest.asked", visitId, object: link, detail: { role } });
  const allowedAt = await line(
    {
      ...{ actor: patient, action: "guest.allowed", visitId, object: guestId, consent: guestId },
      detail: { ...guestChoices, role, guest: guest.id },
    },
    mined("Granted", [guestId], "grant", guestId),
  );
  await line({ actor: guest, action: "call.entered", visitId, consent: guestId });

  const ids: string[] = [];
  const next = { doctor: 1, patient: 1 };
  async function record(kind: Kind, author: Keys, asked: boolean) {
    const byPatient = author === ana;
    const who = byPatient ? "patient" : "doctor";
    const value = {
      consent: id,
      kind: kinds[kind],
      commitment: randomHex(32),
      number: next[who]++,
      signedAt: at() + 5,
    };
    const recordId = structHash("Record", value);
    ids.push(recordId);
    let blob: string | null = null;
    if (kind === "file-share") {
      blob = randomHex(32);
      await line({ actor: patient, action: "file.stored", visitId, object: blob, consent: id, detail: { bytes: 9 } });
    }
    await line(
      {
        actor: byPatient ? patient : doctor,
        action: "record.added",
        visitId,
        object: recordId,
        consent: id,
        detail: { kind, number: value.number },
      },
      mined(byPatient ? "RecordedByPatient" : "RecordedByGrantee", [id, recordId], "record", recordId),
    );
    clinic.records.push({
      id: recordId,
      visitId,
      author: author.signer,
      byPatient,
      signature: await author.sign(digestOf("Record", value, ledger)),
      approval: asked ? await ana.sign(digestOf("Approval", { record: recordId }, ledger)) : null,
      blob,
      ...value,
    });
  }
  await record("session-start", osei, false);
  await record("prescription", osei, true);
  await record("file-share", ana, false);
  await line({ actor: doctor, action: "file.read", visitId, object: clinic.records[2]!.blob, consent: id });
  await record("session-end", osei, false);
  const outAt = await line(
    { actor: patient, action: "guest.revoked", visitId, object: guestId, consent: guestId },
    mined("Revoked", [guestId], "revoke", guestId),
  );
  const revokedAt = await line(
    { actor: patient, action: "consent.revoked", visitId, object: id, consent: id },
    mined("Revoked", [id], "revoke", id),
  );
  const revocation = await ana.sign(digestOf("Revocation", { consent: id }, ledger));
  clinic.consents.push({ ...row, revokedAt, revocation });
  clinic.consents.push({
    ...{ id: guestId, visitId, guest: link, share: null, consent: forGuest, state: "revoked", grantedAt: allowedAt },
    signature: await ana.sign(digestOf("Consent", { ...forGuest }, ledger)),
    revokedAt: outAt,
    revocation: await ana.sign(digestOf("Revocation", { consent: guestId }, ledger)),
  });
  await line({ actor: { is: "staff", id: "mira" }, action: "audit.read", detail: { after: 0 } });
  clinic.heads.set(id, `${foldHead(id, ids)}00000300000102`);
  clinic.heads.set(guestId, `${foldHead(guestId, [])}00000000000002`);
  return { ...clinic, ana, osei };
}

/** What the contract says when it has anchored this. */
export function anchoredLog({ size, root }: TreeHead): Clinic["logs"][number] {
  return {
    ...contract.encodeEventLog("Anchored", [size, root]),
    address: ledger.address,
    blockNumber: "0x10",
    blockHash: randomHex(32),
    transactionHash: randomHex(32),
  };
}

/** A node over the clinic's ledger. It takes eight blocks a question, so that reading needs several. */
function nodeOf(clinic: Clinic): AskChain {
  return async (method, params) => {
    if (method === "eth_blockNumber") return "0x40";
    if (method === "eth_getProof") {
      const words = new Map([...clinic.heads].map(([id, word]) => [slotOf(id), word]));
      return { storageProof: (params[1] as string[]).map((slot) => ({ value: words.get(slot) })) };
    }
    const { fromBlock, toBlock, topics } = params[0] as { fromBlock: string; toBlock: string; topics?: unknown[] };
    if (!topics && Number(toBlock) - Number(fromBlock) > 8)
      throw new NodeSaysNo({ code: -32005, message: "query returned more than 10000 results" });
    return clinic.logs.filter(
      (log) =>
        Number(log.blockNumber) >= Number(fromBlock) &&
        Number(log.blockNumber) <= Number(toBlock) &&
        (!topics || (topics[1] as string[]).includes(log.topics[1]!)),
    );
  };
}

export const chainOf = (clinic: Clinic): ChainReader => openChain(nodeOf(clinic), ledger);

export function sourceOf(clinic: Clinic, page = 4): Source {
  return {
    lines: async (after) => {
      const rest = clinic.lines.filter(({ entry }) => entry.number > after);
      rest.sort((a, b) => a.entry.number - b.entry.number);
      return { lines: rest.slice(0, page), more: rest.length > page, last: clinic.last };
    },
    evidence: async ({ consents, records }) => ({
      consents: clinic.consents.filter(({ id }) => consents.includes(id)),
      records: clinic.records.filter(({ id }) => records.includes(id)),
    }),
  };
}
