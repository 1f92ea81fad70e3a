import { type ConsentView, kinds } from "../consent/grant.ts";
import type { RecordView } from "../records/record.ts";
import { Refusal, type RefusalCode } from "../refusal.ts";
import { type Kept, TOO_OLD } from "./promise.ts";
import type { Receipt } from "./receipt.ts";
import { type Act, actId, inOrder, type LedgerOfFile, type Submission, wrongSignature } from "./submission.ts";

/** Where this browser keeps signed acts until it has seen them on the ledger. */
export interface Shelf {
  /** Adds the act, or what is new about it. */
  keep(kept: Kept): Promise<void>;
  of(visitId: string): Promise<Kept[]>;
  forget(id: string): Promise<void>;
  /** Forgets what was seen on the ledger for good; while the page lasts it is not taken again. */
  settle(id: string): Promise<void>;
  /** Calls back after each change; returns how to stop. */
  onChange(listener: () => void): () => void;
}

export interface About {
  visitId: string;
  ledger: LedgerOfFile;
  /** The patient's signature under the permission; null where the act is the permission. */
  granted: string | null;
}

/** What is known together: the first receipt stays, so that no later one can put off its deadline. */
export function merged(before: Kept | undefined, now: Kept): Kept {
  if (!before) return now;
  return {
    ...now,
    since: before.since,
    granted: before.granted ?? now.granted,
    receipt: before.receipt ?? now.receipt,
    answered: before.answered || now.answered,
  };
}

/** After these nobody knows whether the act was kept. */
const unsure: ReadonlySet<RefusalCode> = new Set(["server.unreachable", "server.broke"]);

/**
 * Sends a signed act that is on the shelf before it leaves, so that no answer is needed to remember it, and keeps the
 * receipt. What the server refuses is forgotten, as the screen says so; but a refused revocation is one it has not promised.
 */
export async function sendKept<T>(
  shelf: Shelf,
  { act, ...about }: About & { act: Act },
  send: () => Promise<T>,
  receiptOf: (answer: T) => Receipt | null,
): Promise<T> {
  const kept: Kept = { ...about, act, id: actId(act), receipt: null, answered: false, since: seconds() };
  await shelf.keep(kept);
  try {
    const answer = await send();
    await shelf.keep({ ...kept, receipt: receiptOf(answer), answered: true });
    return answer;
  } catch (fault) {
    if (fault instanceof Refusal && !unsure.has(fault.code)) {
      if (act.is !== "revoke") await shelf.forget(kept.id);
      else if (fault.code !== "consent.not-live") await shelf.keep({ ...kept, answered: true });
    }
    throw fault;
  }
}

/**
 * What the server says is kept, of either person: for acts whose answer was lost, or that the other signed. Of what is older
 * than a day and said to be final only that is looked up which this browser remembers by itself.
 */
export async function adopt(
  shelf: Shelf,
  about: { visitId: string; ledger: LedgerOfFile; consent: ConsentView; records?: readonly RecordView[] | undefined },
): Promise<void> {
  const { visitId, ledger, consent } = about;
  const known = new Set((await shelf.of(visitId)).map(({ id }) => id));
  const fresh = seconds() - TOO_OLD;
  const take = async (act: Act, receipt: Receipt | null, state: string) => {
    const id = actId(act);
    const signedAt = act.is === "record" ? act.entry.signedAt : act.consent.validFrom;
    if (state === "final" && signedAt < fresh && !known.has(id)) return;
    if (wrongSignature(act, ledger)) return;
    const granted = act.is === "grant" ? null : consent.signature;
    await shelf.keep({ id, visitId, ledger, act, granted, receipt, answered: true, since: seconds() });
  };
  await take({ is: "grant", consent: consent.consent, signature: consent.signature }, consent.receipt, consent.ledger);
  for (const record of about.records ?? []) {
    const { commitment, number, signedAt, byPatient, signature, approval } = record;
    const entry = { kind: kinds[record.kind], commitment, number, signedAt, byPatient, signature, approval };
    await take({ is: "record", consent: consent.consent, entry }, record.receipt, record.ledger);
  }
  if (consent.revokedAt === null) return;
  for (const kept of await shelf.of(visitId))
    if (kept.act.is === "revoke" && !kept.answered)
      await shelf.keep({ ...kept, receipt: consent.revocationReceipt, answered: true });
}

/** The file of "Submit it myself" for acts of one visit; the permission they stand under comes first, lest it is missing too. */
export function submissionOf(kept: readonly [Kept, ...Kept[]]): Submission {
  const acts = new Map(kept.map(({ id, act, receipt }) => [id, { act, receipt }]));
  for (const { act, granted } of kept) {
    if (act.is !== "record" || granted === null) continue;
    const permission: Act = { is: "grant", consent: act.consent, signature: granted };
    const id = actId(permission);
    if (!acts.has(id)) acts.set(id, { act: permission, receipt: null });
  }
  return { assent: "submission/1", ledger: kept[0].ledger, acts: inOrder([...acts.values()]) };
}

export const seconds = (): number => Math.floor(Date.now() / 1000);
