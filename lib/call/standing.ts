import type { Consent } from "../consent/grant.ts";
import { consentId } from "../consent/typed-data.ts";
import { type MemberId, sideOf } from "./member.ts";
import type { Permission } from "./permission.ts";

interface StandingOptions {
  /** Everyone whom the page has a leg with. */
  others: () => readonly MemberId[];
  /** Nothing goes to them or comes from them any more. */
  drop: (member: MemberId) => void;
  /** They may come back. */
  restore: (member: MemberId) => void;
  /** The whole call ends for this page. */
  leave: () => void;
  signal: AbortSignal;
}

/** Ends at the page itself what its permissions no longer carry, also while the server says otherwise or nothing. */
export interface Standing {
  /** Those that were not taken back here. Each ends when its time is over. */
  still(permissions: readonly Permission[]): Permission[];
  /** The page's newest: a guest whom the list before named and this one does not is out. */
  now(permissions: readonly Permission[]): void;
  /** Taken back here: it counts no more for anyone, and whom it let in is out before the server knows. */
  refuse(member: MemberId, consent: Consent): void;
  /** Not taken back after all: it counts as before, and whom `refuse` put out may come back. */
  keep(consent: Consent): void;
}

/** Browsers take a longer wait for none. */
const LONGEST_MS = 2 ** 31 - 1;

export function openStanding({ others, drop, restore, leave, signal }: StandingOptions): Standing {
  /** What was taken back here, and whom that put out. */
  const refused = new Map<string, readonly MemberId[]>();
  const timed = new Set<string>();
  let named: MemberId[] = [];

  const time = (id: string, { member, consent }: Permission) => {
    if (timed.has(id) || signal.aborted) return;
    timed.add(id);
    const left = (consent.validUntil + 1) * 1_000 - Date.now();
    const timer = setTimeout(() => (member === "clinician" ? leave() : drop(member)), Math.min(left, LONGEST_MS));
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  };

  const still = (permissions: readonly Permission[]) =>
    permissions.filter((permission) => {
      const id = consentId(permission.consent);
      if (refused.has(id)) return false;
      time(id, permission);
      return true;
    });

  return {
    still,
    now(permissions) {
      const members = still(permissions).map(({ member }) => member);
      for (const gone of named) if (sideOf(gone) === "guest" && !members.includes(gone)) drop(gone);
      named = members;
    },
    refuse(member, consent) {
      // On the doctor's permission stands everyone else's.
      const out = member === "clinician" ? [...others()] : [member];
      const id = consentId(consent);
      refused.set(id, [...(refused.get(id) ?? []), ...out]);
      for (const other of out) drop(other);
    },
    keep(consent) {
      const id = consentId(consent);
      const out = refused.get(id) ?? [];
      refused.delete(id);
      for (const member of out) restore(member);
    },
  };
}
