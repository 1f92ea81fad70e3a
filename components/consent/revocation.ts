import type { ConsentView } from "@/lib/consent/grant.ts";
import { digestOf } from "@/lib/consent/typed-data.ts";
import type { Keys } from "@/lib/keyring/keyring.ts";
import { sendKept } from "@/lib/ledger/keep.ts";
import type { Receipt } from "@/lib/ledger/receipt.ts";
import { shelf } from "@/lib/ledger/shelf.browser.ts";
import type { LedgerOfFile } from "@/lib/ledger/submission.ts";
import { Refusal } from "@/lib/refusal.ts";

/** The patient's no to a permission, signed: effective at once at the server, then on the ledger. Asked twice it is the same act. */
export async function takeBack(
  about: { visitId: string; consent: ConsentView; keys: Keys; ledger: LedgerOfFile },
  send: (signature: string) => Promise<{ receipt: Receipt | null }>,
): Promise<void> {
  const { visitId, ledger, consent } = about;
  const signature = await about.keys.sign(digestOf("Revocation", { consent: consent.id }, ledger));
  try {
    await sendKept(
      shelf,
      { visitId, ledger, granted: consent.signature, act: { is: "revoke", consent: consent.consent, signature } },
      () => send(signature),
      ({ receipt }) => receipt,
    );
  } catch (fault) {
    // Taken back already: by this very press, whose answer was lost, or on another page.
    if (!(fault instanceof Refusal && fault.code === "consent.not-live")) throw fault;
  }
}
