import type { actorOf } from "../../lib/audit/actor.ts";
import type { Principal } from "../../lib/auth/person.ts";
import { kinds } from "../../lib/consent/grant.ts";
import { digestOf, structHash } from "../../lib/consent/typed-data.ts";
import { signedBy } from "../../lib/keyring/signature.ts";
import { envelopeOf } from "../../lib/records/envelope.ts";
import { othersOf } from "../../lib/records/record.ts";
import { ciphertextOf, sealHolds } from "../../lib/records/seal.ts";
import { Refusal } from "../../lib/refusal.ts";
import type { LedgerCall } from "../ledger/act.ts";
import type { Ledger } from "../ledger/ledger.ts";
import * as tables from "../storage/schema.ts";
import type { Writer } from "../storage/storage.ts";
import type { Whole } from "../storage/whole.ts";
import type { New } from "./rules.ts";

/** `signedAt` may be this far from our clock, in seconds. Tighter than the contract: here nobody waits for a node. */
const CLOCK = { past: 600, future: 120 };

export type Keeping = ReturnType<typeof openKeeping>;

/** What a record goes through before it is one: its author's signatures, the contract's own no, its row and its act. */
export function openKeeping({ ledger, now }: { ledger: Ledger; now: () => Date }) {
  async function assertSigned(w: Whole, person: Principal, asked: New): Promise<string> {
    const signer = person.is === "staff" ? w.key.signer : person.signer;
    if (person.is === "staff" && !person.keys.some((own) => own.signer === signer))
      throw new Refusal("key.not-enrolled");
    const seconds = now().getTime() / 1000;
    if (asked.signedAt < seconds - CLOCK.past || asked.signedAt > seconds + CLOCK.future)
      throw new Refusal("signature.expired");
    const value = {
      consent: w.consent!.id,
      kind: kinds[asked.kind],
      commitment: asked.commitment,
      number: asked.number,
      signedAt: asked.signedAt,
    };
    if (!signedBy(signer, digestOf("Record", value, ledger.about), asked.signature))
      throw new Refusal("signature.wrong");
    const { kind, recipients, commitment, seal } = asked;
    for (const recipient of [w.claim!.recipient, w.key.recipient])
      if (!recipients.includes(recipient)) throw new Refusal("record.mismatch");
    if (recipients.length !== 2 + othersOf(kind)) throw new Refusal("record.mismatch");
    const ciphertext = await ciphertextOf(asked.envelope);
    const envelope = envelopeOf({ visit: asked.visitId, kind, ciphertext, recipients, commitment });
    if (!sealHolds(envelope, signer, seal)) throw new Refusal("record.mismatch");
    return structHash("Record", value);
  }

  /** The second lock, asked before anything is kept: what the contract would refuse is refused here, with its reason. */
  async function assertContractAgrees(
    w: Whole,
    person: Principal | null,
    asked: Pick<New, "kind" | "commitment" | "number" | "signedAt" | "signature">,
    approval: string | null,
  ): Promise<void> {
    const reason = await ledger.simulate(callOf(w, { ...asked, byPatient: person?.is === "patient", approval }));
    if (reason) throw new Refusal("ledger.refused", { reason });
  }

  /** Keeps it and queues it for the ledger; resolves to its line for the trail. */
  async function insert(
    tx: Writer,
    w: Whole,
    by: { author: ReturnType<typeof actorOf>; signer: string; byPatient: boolean },
    asked: Kept,
  ) {
    const { id, commitment, number, signedAt, signature, approval, envelope, recipients, seal, blob } = asked;
    const consentId = w.consent!.id;
    const visitId = w.visit.id;
    const [kept] = await tx
      .insert(tables.record)
      .values({
        id,
        visitId,
        consentId,
        kind: kinds[asked.kind],
        byPatient: by.byPatient,
        author: by.signer,
        commitment,
        number,
        signedAt,
        signature,
        approval,
        envelope,
        recipients,
        seal,
        blob,
        createdAt: now(),
      })
      .onConflictDoNothing()
      .returning({ id: tables.record.id });
    // A record does not name its author: the same one signed by both is one record, and the second comes too late.
    if (!kept) throw new Refusal("record.number-taken");
    if (asked.slip) await keepSlip(tx, { ...asked.slip, id, visitId });
    if (asked.cancels)
      await tx.insert(tables.cancellation).values({ prescriptionId: asked.cancels, visitId, recordId: id, at: now() });
    const { id: actId } = await ledger.queue(tx, {
      call: callOf(w, { ...asked, byPatient: by.byPatient }),
      visitId,
      object: id,
    });
    return {
      actor: by.author,
      action: "record.added",
      visitId,
      object: id,
      consent: consentId,
      actId,
      detail: { kind: asked.kind, number },
    } as const;
  }

  return { assertSigned, assertContractAgrees, insert };
}

/** What the paper of a prescription, or of a question for one, is known by. */
export async function keepSlip(
  tx: Writer,
  { id, visitId, until, ...slip }: NonNullable<New["slip"]> & { id: string; visitId: string },
): Promise<void> {
  await tx.insert(tables.slip).values({ recordId: id, visitId, ...slip, until: new Date(until * 1000) });
}

interface Kept
  extends Pick<
    New,
    "kind" | "commitment" | "number" | "signedAt" | "signature" | "envelope" | "recipients" | "seal" | "blob"
  > {
  id: string;
  approval: string | null;
  /** Null where it was kept with the question. */
  slip: New["slip"];
  cancels: New["cancels"];
}

function callOf(
  w: Whole,
  r: Pick<New, "kind" | "commitment" | "number" | "signedAt" | "signature"> & {
    byPatient: boolean;
    approval: string | null;
  },
): LedgerCall {
  const { commitment, number, signedAt, signature, byPatient, approval } = r;
  return {
    is: "record",
    consent: w.consent!.consent,
    entry: { kind: kinds[r.kind], commitment, number, signedAt, byPatient, signature, approval },
  };
}
