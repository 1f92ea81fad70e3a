import { takeBack } from "@/components/consent/revocation.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { assertKnownKey, KeyUnproven } from "@/lib/keyring/known.browser.ts";
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
import { wordsFor } from "@/lib/strings/apart.ts";
import { ask } from "@/lib/wire.ts";
import type { MyVisit } from "./use-mine.ts";

/** The ledger doesn't know the doctor's key: it could be anybody's. */
class NotEnrolled extends Error {}

export const whyNotShared = (fault: unknown): string =>
  fault instanceof NotEnrolled || fault instanceof NotTheirKey || fault instanceof KeyUnproven
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

type Signed = Awaited<ReturnType<typeof signShare>>;
/** What was signed and whose answer was lost, by what it is for: asked again, it is the same act. */
export type Unanswered = Map<string, Signed>;

/**
 * Signs, seals and sends what is shared of one visit. Throws before anything is sealed where the key is not the doctor's:
 * `KeyChanged` where they had another one when this browser met them.
 */
export async function shareOf(about: {
  visit: MyVisit;
  records: readonly RecordView[];
  reader: Colleague;
  /** In seconds from now. */
  lasts: number;
  from: string;
  unanswered: Unanswered;
}): Promise<void> {
  const { visit, reader, records, lasts, from, unanswered } = about;
  const { id: visitId, ledger } = visit.join;
  const what = JSON.stringify([visitId, reader.key.signer, records.map(({ id }) => id), lasts, from]);
  const asked = unanswered.get(what) ?? (await signed(about));
  unanswered.set(what, asked);
  const { consent, signature } = asked;
  try {
    await sendKept(
      shelf,
      { visitId, ledger, granted: null, act: { is: "grant", consent, signature } },
      () => ask(shareRecords, asked),
      (view) => view.consent.receipt,
    );
  } catch (fault) {
    if (fault instanceof Refusal && unsure.has(fault.code)) throw fault;
    unanswered.delete(what);
    // Kept already, by the press whose answer was lost.
    if (!(fault instanceof Refusal && fault.code === "consent.exists")) throw fault;
  }
  unanswered.delete(what);
}

/** After these nobody knows whether it was kept. */
const unsure: ReadonlySet<string> = new Set(["server.unreachable", "server.broke"]);

async function signed({ visit, records, reader, lasts, from }: Parameters<typeof shareOf>[0]): Promise<Signed> {
  const { join, keys } = visit;
  const { ledger } = join;
  assertKnownKey(`clinician/${reader.id}`, reader.key);
  const { enrolled } = await readClinician(askNode(chosenNode(ledger)), ledger, reader.key.signer);
  if (!enrolled) throw new NotEnrolled("the ledger does not know this signer");
  const opened = [];
  for (const record of records) {
    const { envelope } = await ask(readEnvelope, { visitId: join.id, id: record.id });
    opened.push({ record, envelope });
  }
  const validUntil = Math.floor(Date.now() / 1000) + lasts;
  return signShare({ visit: join, ledger, keys, reader, records: opened, validUntil, from });
}

/** Nothing more is handed out, then the ledger hears of it. */
export const takeShareBack = ({ id: shareId, visitId, consent }: ShareView, keys: Keys, ledger: LedgerOfFile) =>
  takeBack({ visitId, consent, keys, ledger }, (signature) => ask(revokeShare, { visitId, shareId, signature }));
