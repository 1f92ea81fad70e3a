import { kinds } from "./grant.ts";
import { utc } from "./terms.ts";

/** All that a share allows on the ledger: one record of the patient's, which says what was shared. The other doctor records nothing. */
export const SHARE_SCOPES = 1 << kinds["access-granted"];

/** What the text of a share's permission is made from. `validUntil` in seconds since 1970. */
interface ShareTerms {
  readonly version: 1;
  readonly clinic: string;
  /** Who may read, and whose visit the records are of. */
  readonly reader: string;
  readonly clinician: string;
  readonly records: number;
  readonly validUntil: number;
}

/**
 * The exact text a patient agrees to when another doctor may read. What the records are is not in it, since the server, which
 * makes the text anew, can't read it: the record of this access names each of them. Never change what a version says, add the next.
 */
export function shareTermsText({ clinic, reader, clinician, records, validUntil }: ShareTerms): string {
  const what = records === 1 ? "1 record" : `${records} records`;
  return [
    `Permission for ${reader}, ${clinic}, to read ${what} of my video visit with ${clinician}.`,
    "",
    "What I decided",
    `${reader} may open the ${what} that I chose, and no others. ${reader} can’t change them and can’t record anything.`,
    "",
    "What is recorded",
    "That I gave this permission, which records it is for, and each time one of them is opened or refused. Their content stays locked for those who may read it.",
    "",
    "For how long",
    `Until ${utc(validUntil)} (world time, UTC). I can take this permission back at any time; from then on nothing more is handed out. A copy that was saved before can’t be taken back.`,
    "",
    "Text version 1.",
  ].join("\n");
}
