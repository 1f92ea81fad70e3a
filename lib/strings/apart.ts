import { Refusal, type RefusalCode } from "../refusal.ts";
import { refusals } from "./en.ts";

/** What is refused on pages of the staff's own, of the pharmacist's and of a patient's records: nothing of it is carried on the way through a visit. */
const refusalsApart = {
  "erasure.asked": "You asked for this already. The practice has to confirm it.",
  "erasure.not-open": "This was already decided or taken back.",
  "evidence.none": "The patient gave no permission in this visit, so the ledger holds nothing of it.",
  "evidence.not-yet":
    "Some of this visit is still on its way to the ledger, or the ledger can’t be asked. Please try again in a minute.",
  "evidence.retained":
    "Lines of this visit are older than the practice keeps them. Their proofs are kept, and evidence that was made before still holds.",
  "notes.newer": "These notes were changed on another page meanwhile. What you wrote here is still here.",
  "share.over": "This is no longer shared with you: its time is over, or the patient took it back.",
  "prescription.not-found":
    "There is no such prescription here. Please scan the code again, or call the practice that is named on the paper.",
  "prescription.dispensed": "This prescription was already dispensed. Nothing was marked.",
  "prescription.cancelled": "The doctor took this prescription back. Nothing was marked.",
  "prescription.expired": "This prescription has run out. Nothing was marked.",
  "folder.newer": "Your list of visits was changed on another device meanwhile. We read it again.",
  "clinic.exists": "This clinic is already set up. Please sign in.",
  "auth.wrong": "That email and password don’t match. Please try again.",
  "auth.confirm": "This needs your password once more. Nothing was changed yet.",
  "invitation.not-found":
    "This invitation is not open: it was used or taken back, or a part of its link is missing. Ask the practice for a new one.",
  "invitation.expired": "This invitation has run out. Ask the practice for a new one.",
  "key.not-found": "There is no such key, or it is not yours to change.",
  "key.moved-on": "This key has been enrolled or removed meanwhile. The page shows where it is now.",
  "staff.exists": "Somebody with this email works here already, or is invited. Nothing was changed.",
  "staff.not-found": "Nobody here answers to this. They may have left meanwhile.",
  "staff.last-admin": "The practice needs an admin, and this is the only one. Make somebody else an admin first.",
  "erasure.changed": "The visit holds other records by now. Nothing was erased. Please look at the list once more.",
  "erasure.nothing-left": "Nothing of this visit is left that could be erased.",
  "export.over-limit": "So much leaves the practice only when a second admin agrees. Ask for it here, or choose less.",
  "export.own": "You asked for this yourself, so another admin has to decide.",
  "export.too-close":
    "Less than a week ago, or since this was asked for, one of you two made the other an admin, or the same person made you both. Another admin has to approve it. What is asked for a week after that, you can approve.",
  "export.not-found": "Nobody asked for this export.",
  "export.not-open": "This was already decided or taken back.",
  "export.expired": "The approval was good for a day, and that day is over. Please ask once more.",
  "export.used-up": "This was downloaded as often as it may be. Please ask once more.",
  "export.changed":
    "What this filter finds has changed since it was asked for, so it is not what was approved. Please ask once more.",
  "act.not-parked": "This is not held back any more.",
  "review.own":
    "This is about what you did yourself, so another admin has to dismiss or close it. Nothing was changed.",
  "review.newer":
    "Another admin was faster, or more has come since. It is shown as it is now; nothing of yours was saved.",
  "witness.no-key":
    "This is not a witness’s key. It looks like name+12345678+letters, and whoever runs the witness has it.",
  "witness.inside":
    "This address is inside a network. Whoever runs the server has to name it under WITNESS_HOSTS first.",
  "witness.known": "This witness has been added already.",
  "witness.too-many": "There are eight witnesses. Remove one to add another.",
  "audit.not-following": "Live was off for a while, so it ended. Switch it on again.",
  "view.too-many": "There are fifty views. Delete one to save another.",
  "view.not-found": "This view is not there any more.",
} as const satisfies Partial<Record<RefusalCode, string>>;

export type CodeApart = keyof typeof refusalsApart;

/** Every refusal's sentence, for who reads what others met. */
export const allRefusals: Record<RefusalCode, string> = { ...refusals, ...refusalsApart };

export const wordsFor = (fault: unknown): string => allRefusals[fault instanceof Refusal ? fault.code : "server.broke"];
