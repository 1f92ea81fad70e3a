import { digestOf } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { sendKept } from "@/lib/ledger/keep.ts";
import { askNode, chosenNode } from "@/lib/ledger/node.browser.ts";
import { readClinician } from "@/lib/ledger/read.ts";
import { shelf } from "@/lib/ledger/shelf.browser.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { readEnvelope } from "@/lib/records/api.ts";
import type { RecordView } from "@/lib/records/record.ts";
import { type Colleague, listColleagues, revokeShare, type ShareView, shareRecords } from "@/lib/records/share.ts";
import { NotTheirKey, signShare } from "@/lib/records/sharing.ts";
import { Refusal } from "@/lib/refusal.ts";
import { wordsFor } from "@/lib/strings/en.ts";
import { ask } from "@/lib/wire.ts";
import type { MyVisit } from "./use-mine.ts";

/** The ledger doesn't know the doctor's key: it could be anybody's. */
class NotEnrolled extends Error {}

export const whyNotShared = (fault: unknown): string =>
  fault instanceof NotEnrolled || fault instanceof NotTheirKey
    ? "The ledger doesn’t know this doctor’s key, so nothing was sealed for it. Ask the practice."
    : wordsFor(fault);

/** Doctors that records of these visits can be shared with, each once. */
export async function colleaguesFor(visits: readonly MyVisit[], signal: AbortSignal): Promise<Colleague[]> {
  const found = new Map<string, Colleague>();
  for (const { join } of visits) {
    const { colleagues } = await ask(listColleagues, { visitId: join.id }, { signal });
    for (const one of colleagues) found.set(one.key.signer, one);
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name));
}

/** Signs, seals and sends what is shared of one visit. Throws before anything is sealed where the key is not the doctor's. */
export async function shareOf(about: {
  visit: MyVisit;
  records: readonly RecordView[];
  reader: Colleague;
  validUntil: number;
  from: string;
}): Promise<void> {
  const { visit, reader } = about;
  const { join, keys } = visit;
  const { ledger } = join;
  const { enrolled } = await readClinician(askNode(chosenNode(ledger)), ledger, reader.key.signer);
  if (!enrolled) throw new NotEnrolled("the ledger does not know this signer");
  const records = [];
  for (const record of about.records) {
    const { envelope } = await ask(readEnvelope, { visitId: join.id, id: record.id });
    records.push({ record, envelope });
  }
  const { validUntil, from } = about;
  const asked = await signShare({ visit: join, ledger, keys, reader, records, validUntil, from });
  const { consent, signature } = asked;
  await sendKept(
    shelf,
    { visitId: join.id, ledger, granted: null, act: { is: "grant", consent, signature } },
    () => ask(shareRecords, asked),
    (view) => view.consent.receipt,
  );
}

/** The patient's no, signed: nothing more is handed out, then the ledger hears of it. Asked twice it is the same act. */
export async function takeShareBack(share: ShareView, keys: Keys, ledger: LedgerOfFile): Promise<void> {
  const { visitId, consent } = share;
  const signature = await keys.sign(digestOf("Revocation", { consent: consent.id }, ledger));
  try {
    await sendKept(
      shelf,
      { visitId, ledger, granted: consent.signature, act: { is: "revoke", consent: consent.consent, signature } },
      () => ask(revokeShare, { visitId, shareId: share.id, signature }),
      ({ receipt }) => receipt,
    );
  } catch (fault) {
    if (!(fault instanceof Refusal && fault.code === "consent.not-live")) throw fault;
  }
}
