import type { Action } from "../audit/entry.ts";
import { Refusal, type RefusalCode } from "../refusal.ts";

/** What a refusal says to the person who meets it: what happened, what it means, what to do. */
export const refusals = {
  "request.malformed":
    "Something in this request was not as expected. Nothing was changed. Please check what you entered and try again.",
  "request.too-large": "This is larger than we can take. Nothing was changed.",
  "request.too-many": "That was too often in a short time. Please wait a minute and try again.",
  "request.foreign-origin": "This request came from another site, so it was not carried out.",
  "request.not-found": "There is nothing at this address.",
  "clinic.exists": "This clinic is already set up. Please sign in.",
  "auth.needed": "Please sign in to go on.",
  "auth.wrong": "That email and password don’t match. Please try again.",
  "auth.not-allowed": "Your account doesn’t allow this.",
  "key.not-enrolled": "This browser’s signing key is not enrolled at the clinic.",
  "visit.not-found": "There is no such visit, or it is not yours to see.",
  "visit.claimed": "This link is already in use on another device. Go on there, or ask the practice for a new link.",
  "visit.expired": "This link has expired. Ask the practice for a new one.",
  "visit.over": "This visit is over.",
  "visit.wrong-state": "The visit has moved on meanwhile. The page shows where it is now.",
  "consent.missing": "There is no permission for this visit yet.",
  "consent.exists": "You already gave your permission for this visit.",
  "consent.not-live": "The permission for this visit was taken back or has run out. Nothing was recorded.",
  "consent.kind-not-allowed": "The patient has not allowed this, so it was refused. Nothing was recorded.",
  "consent.ask-first": "The patient wants to be asked each time before this.",
  "consent.mismatch": "The permission doesn’t match what was shown. Nothing was recorded. Please reload and try again.",
  "signature.wrong": "The signature doesn’t match its signer. Nothing was recorded.",
  "signature.expired": "The signature is too old or from the future. Please check this device’s clock and try again.",
  "record.number-taken": "Another record was faster. Please try again.",
  "record.number-held": "An answer from the patient is still open. This goes on as soon as it is there.",
  "record.mismatch": "What was signed and what was sent differ. Nothing was recorded.",
  "record.not-found": "There is no such record, or it is not yours to see.",
  "ask.not-open": "This question was already answered or taken back.",
  "blob.not-found": "This file is not here, or it is not yours to see.",
  "blob.mismatch": "The file changed on its way. Please send it again.",
  "blob.too-large": "This file is larger than 1 GB. Please choose a smaller one.",
  "ledger.refused": "The ledger refused this. Nothing was recorded.",
  "ledger.read-only":
    "The ledger on this server doesn’t match what was kept. Nothing new can be recorded until the practice has looked at it.",
  "ledger.method-not-allowed": "This way of asking the ledger is not open.",
  "storage.full":
    "The server’s disk is full, so nothing new can be kept. What is there is safe. The practice has to make room first.",
  "server.broke": "Something went wrong on our side. Nothing was lost. Please try again.",
  "server.unreachable": "We can’t reach the practice right now. Check your connection; we keep what you typed.",
} as const satisfies Record<RefusalCode, string>;

export function wordsFor(fault: unknown): string {
  return fault instanceof Refusal ? refusals[fault.code] : refusals["server.broke"];
}

/** What a line of the trail says. */
export const actions = {
  "clinic.created": "Set up the clinic",
  "staff.signed-in": "Signed in",
  "staff.sign-in-refused": "Sign-in refused",
  "staff.signed-out": "Signed out",
  "key.enrolled": "Signing key enrolled",
  "key.removed": "Signing key removed",
  "visit.created": "Visit created",
  "visit.listed": "Looked at the list of visits",
  "visit.read": "Looked at the visit",
  "link.opened": "Opened the link",
  "link.claimed": "Took the link with this browser",
  "link.refused": "Link refused",
  "name.told": "Told the doctor a name",
  "consent.granted": "Permission given",
  "consent.refused": "Permission not accepted",
  "consent.revoked": "Permission revoked",
  "visit.admitted": "Admitted the patient",
  "visit.declined": "Declined the visit",
  "visit.ended": "Ended the visit",
  "call.entered": "Entered the call",
  "call.left": "Left the call",
  "record.added": "Recorded",
  "record.refused": "Record refused",
  "record.listed": "Looked at the list of records",
  "record.read": "Opened a record",
  "approval.asked": "Asked for approval",
  "approval.given": "Approved once",
  "approval.refused": "Refused",
  "approval.withdrawn": "Took the question back",
  "file.stored": "File stored",
  "file.read": "File opened",
  "access.refused": "Access refused",
  "audit.read": "Looked at the audit log",
  "audit.verified": "Verified the audit log",
} as const satisfies Record<Action, string>;

export const recordKinds = {
  "session-start": "Session started",
  "session-end": "Session ended",
  prescription: "Prescription signed",
  "prescription-cancelled": "Prescription cancelled",
  "file-share": "File shared",
  "access-granted": "Access granted",
} as const;
