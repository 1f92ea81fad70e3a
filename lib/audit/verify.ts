import { credentialOf } from "../auth/credential.ts";
import type { LedgerDomain } from "../consent/typed-data.ts";
import type { ActView, Line, StoredEntry } from "./api.ts";
import type { Chain, Seen } from "./chain.ts";
import { type Difference, type Evidence, text } from "./difference.ts";
import type { Action, Entry } from "./entry.ts";
import { entryHash } from "./log.ts";
import { type EmptiedDetail, emptiedIn, wasOldEnough } from "./retained.ts";
import { grantDiffers, revokeDiffers } from "./verify-consent.ts";
import { recordDiffers } from "./verify-record.ts";

/**
 * `holds` was held against the ledger. `chained` never went there: it was held against the log's own chain. `pending` is
 * kept here and not on the ledger, so it does not hold yet.
 */
export type Verdict =
  | { readonly is: "holds" }
  | { readonly is: "chained" }
  | { readonly is: "pending"; readonly reason: string | null }
  | { readonly is: "changed"; readonly differs: readonly Difference[] };

const actOf: Partial<Record<Action, ActView["kind"]>> = {
  "consent.granted": "grant",
  "consent.revoked": "revoke",
  "guest.allowed": "grant",
  "share.granted": "grant",
  "share.revoked": "revoke",
  "guest.revoked": "revoke",
  "record.added": "record",
  "key.enrolled": "enroll",
  "key.removed": "remove",
};

/** A line that gives a permission: the doctor’s, a guest’s or another doctor’s. */
export const isGrant = (action: string): boolean => actOf[action as Action] === "grant";

/** The kind of act this line must have queued; null for a line that never goes to the ledger. */
export function actFor(entry: StoredEntry): string | null {
  return entry.refusal === null ? (actOf[entry.action as Action] ?? null) : null;
}

/** One line by itself and against the ledger. Its place among its neighbours is `walk`'s to check. */
export async function verifyLine(line: Line, evidence: Evidence, chain: Chain, ledger: LedgerDomain): Promise<Verdict> {
  const { entry, act } = line;
  const differs: Difference[] = [];
  const emptied = emptiedIn(entry);
  // Its hash is held by its neighbours, by the tree, and by the line of the go in which it was emptied: see `walk`.
  if (emptied) return wasOldEnough(entry, emptied) ? { is: "chained" } : youngerThanKept(entry, emptied);
  const now = hashOf(entry);
  if (now !== entry.hash) differs.push({ what: "hash", sealed: entry.hash, now });

  const kind = actFor(entry);
  if (kind === null) {
    if (act) differs.push({ what: "act", sealed: null, now: act.kind });
    return differs.length > 0 ? { is: "changed", differs } : { is: "chained" };
  }
  if (!act || act.kind !== kind || act.object !== entry.object) {
    differs.push({ what: "act", sealed: kind, now: act?.kind ?? null });
  }
  const seen = seenOf(kind, entry, act, chain);
  if (act) differs.push(...actDiffers(act, seen));
  if (kind === "grant") differs.push(...(await grantDiffers(entry, evidence, chain, ledger)));
  if (kind === "revoke") differs.push(...(await revokeDiffers(entry, evidence, ledger)));
  if (kind === "record") differs.push(...recordDiffers(entry, evidence, chain, ledger));
  if (kind === "enroll") differs.push(...(await enrollDiffers(entry, act, chain)));
  if (differs.length > 0) return { is: "changed", differs };
  return seen && act && isOn(act) ? { is: "holds" } : { is: "pending", reason: act?.reason ?? null };
}

const youngerThanKept = ({ at }: StoredEntry, { since }: EmptiedDetail): Verdict => ({
  is: "changed",
  differs: [{ what: "retained", sealed: at, now: since }],
});

function hashOf(entry: StoredEntry): string | null {
  try {
    return entryHash(entry as Entry);
  } catch {
    return null; // holds something that has no canonical form, so it was never sealed
  }
}

const isOn = (act: ActView) => act.state === "ledger" || act.state === "final";

/** Where the act of this kind is that a line queued; null while it is nowhere. */
export function seenOf(kind: string | null, entry: StoredEntry, act: ActView | null, chain: Chain): Seen | null {
  if (kind === null) return null;
  const object = entry.object ?? "";
  if (kind === "grant") return chain.granted(object);
  if (kind === "revoke") return chain.revoked(object);
  if (kind === "record") return chain.recorded(object);
  // A key may come and go more than once.
  const turns = chain.keys(object).filter((turn) => turn.is === kind);
  return turns.find((turn) => turn.transaction === act?.transaction) ?? turns[0] ?? null;
}

function actDiffers(act: ActView, seen: Seen | null): Difference[] {
  const differs: Difference[] = [];
  if (isOn(act)) {
    if (act.transaction !== (seen?.transaction ?? null))
      differs.push({ what: "transaction", sealed: seen?.transaction ?? null, now: act.transaction });
    if (act.block !== (seen?.block ?? null))
      differs.push({ what: "block", sealed: text(seen?.block), now: text(act.block) });
    if (act.blockHash !== (seen?.blockHash ?? null))
      differs.push({ what: "block-hash", sealed: seen?.blockHash ?? null, now: act.blockHash });
    if (!seen && differs.length === 0) differs.push({ what: "state", sealed: null, now: act.state });
  } else if (act.block !== null || (act.state === "parked" && seen)) {
    // What is not on the ledger has no block, and what is there is not held back.
    differs.push({ what: "state", sealed: seen ? "ledger" : null, now: act.state });
  }
  return differs;
}

/** The ledger holds a commitment to whose key it is; the line holds what opens it. */
async function enrollDiffers(entry: StoredEntry, act: ActView | null, chain: Chain): Promise<Difference[]> {
  const turns = chain.keys(entry.object ?? "").filter((turn) => turn.is === "enroll");
  const turn = turns.find((one) => one.transaction === act?.transaction) ?? turns[0];
  if (!turn) return [];
  const detail = (entry.detail ?? {}) as Record<string, unknown>;
  if (detail.credential !== turn.credential)
    return [{ what: "credential", sealed: turn.credential, now: String(detail.credential ?? "") }];
  const owner = ownerIn(entry);
  const opened = await credentialOf(owner ?? "", String(detail.credentialSalt ?? ""));
  if (opened === turn.credential) return [];
  return [{ what: "who", sealed: null, now: owner }];
}

/** Whose key a line enrolled, as the line says; who enrolled it is its actor. */
export function ownerIn(entry: StoredEntry): string | null {
  const { person } = (entry.detail ?? {}) as Record<string, unknown>;
  return typeof person === "string" ? person : null;
}
