import { concat, dataLength, toBeHex } from "ethers";
import type { Consent } from "../../lib/consent/grant.ts";
import type { LedgerEntry } from "./act.ts";

/** Entries under one consent, in the order in which they are to be recorded. */
interface Group {
  consent: Consent;
  entries: LedgerEntry[];
}

/** What `recordBatch` takes, byte by byte as contracts/IConsentLedger.sol says. Throws when a value has no room in it. */
export function pack(groups: readonly Group[]): string {
  return concat(
    groups.flatMap(({ consent, entries }, i) => {
      // A grantee of no length is the one of the group before.
      const grantee = consent.grantee === groups[i - 1]?.consent.grantee ? "0x" : consent.grantee;
      return [
        word(consent.visit),
        word(consent.terms),
        word(consent.salt),
        toBeHex(consent.scopes, 4),
        toBeHex(consent.validFrom, 8),
        toBeHex(consent.validUntil, 8),
        toBeHex(dataLength(consent.patient), 2),
        toBeHex(dataLength(grantee), 2),
        toBeHex(entries.length, 1),
        consent.patient,
        grantee,
        ...entries.flatMap(packEntry),
      ];
    }),
  );
}

function packEntry({ commitment, number, signedAt, kind, byPatient, signature, approval }: LedgerEntry): string[] {
  return [
    word(commitment),
    toBeHex(number, 4),
    toBeHex(signedAt, 8),
    toBeHex(kind, 1),
    byPatient ? "0x01" : "0x00",
    toBeHex(dataLength(signature), 2),
    toBeHex(dataLength(approval ?? "0x"), 2),
    signature,
    approval ?? "0x",
  ];
}

function word(data: string): string {
  if (dataLength(data) !== 32) throw new RangeError("A word has 32 bytes.");
  return data;
}
