import type * as z from "zod/mini";
import type { LedgerDomain } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import type { AccessGranted } from "@/lib/records/content.ts";
import { readShared, readSharedRecord, sharedBlobPath } from "@/lib/records/share.ts";
import { NotWhatWasShared, openGrant, openSharedRecord } from "@/lib/records/sharing.ts";
import { Refusal } from "@/lib/refusal.ts";
import { ask } from "@/lib/wire.ts";
import { NotWhatWasSigned } from "./open-record.ts";
import type { SharedOpening } from "./use-opened.ts";

export interface SharedThere {
  share: z.infer<typeof readShared.answer>;
  grant: AccessGranted;
}

/** A share as its reader finds it: the patient's own words of who may read what, checked against the permission. */
export async function readShare(
  { visitId, shareId }: { visitId: string; shareId: string },
  keys: Keys,
  ledger: LedgerDomain,
): Promise<SharedThere> {
  const share = await ask(readShared, { visitId, shareId });
  return { share, grant: await openGrant(visitId, share, keys, ledger) };
}

/** How its records are opened: each asked for by itself, so that the patient sees each look. */
export function openingOf(
  { share, grant }: SharedThere,
  { visitId, shareId }: { visitId: string; shareId: string },
  keys: Keys,
  ledger: LedgerDomain,
): SharedOpening {
  return {
    visitId,
    keys,
    blobPath: (blob) => sharedBlobPath(visitId, shareId, blob),
    async openShared(id, signal) {
      const record = share.records.find((one) => one.id === id);
      if (!record || !grant.records.includes(id)) throw new NotWhatWasSigned("it is not among what was shared");
      const view = await ask(readSharedRecord, { visitId, shareId, id }, { signal });
      try {
        const content = await openSharedRecord({ visitId, shared: share, record, view, keys, ledger });
        return { id, author: record.author, kind: record.kind, content };
      } catch (fault) {
        throw fault instanceof NotWhatWasShared ? new NotWhatWasSigned(fault.message) : fault;
      }
    },
  };
}

/** Not shared any more, or never with this doctor. */
export const isOver = (fault: unknown): boolean =>
  fault instanceof Refusal && (fault.code === "share.over" || fault.code === "visit.not-found");
