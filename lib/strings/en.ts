import { Refusal, type RefusalCode } from "../refusal.ts";
import type { CodeApart } from "./apart.ts";

/** What a refusal says to the person who meets it: what happened, what it means, what to do. */
export const refusals = {
  "request.malformed":
    "Something in this request was not as expected. Nothing was changed. Please check what you entered and try again.",
  "request.too-large": "This is larger than we can take. Nothing was changed.",
  "request.too-many": "That was too often in a short time. Please wait a minute and try again.",
  "request.too-slow": "The line was too slow for this. What arrived is kept; please go on from there.",
  "request.foreign-origin": "This request came from another site, so it was not carried out.",
  "request.not-found": "There is nothing at this address.",
  "auth.needed": "Please sign in to go on.",
  "auth.not-allowed": "Your account doesn’t allow this.",
  "key.not-enrolled": "This browser’s signing key is not enrolled at the clinic.",
  "visit.not-found": "There is no such visit, or it is not yours to see.",
  "visit.claimed": "This link is already in use on another device. Go on there, or ask the practice for a new link.",
  "visit.expired": "This link has expired. Ask the practice for a new one.",
  "visit.over": "This visit is over.",
  "visit.wrong-state": "The visit has moved on meanwhile. The page shows where it is now.",
  "call.full": "There is no free place in this call. We try again by ourselves.",
  "guest.full": "Two guests are asked for or here already. One has to leave before another can be asked.",
  "guest.too-many": "Twenty guests were asked for in this visit. Another visit can have more.",
  "guest.not-asking": "This guest’s question was already answered or taken back.",
  "consent.missing": "There is no permission for this visit yet.",
  "consent.exists": "You already gave your permission for this visit.",
  "consent.not-live": "The permission for this visit was taken back or has run out. Nothing was recorded.",
  "consent.kind-not-allowed": "The patient has not allowed this, so it was refused. Nothing was recorded.",
  "consent.ask-first": "The patient wants to be asked each time before this.",
  "consent.device-removed":
    "Your doctor’s device was replaced, and the new one has to open this visit first. Nothing was recorded. Please try again in a while, or call the practice.",
  "consent.mismatch": "The permission doesn’t match what was shown. Nothing was recorded. Please reload and try again.",
  "signature.wrong": "The signature doesn’t match its signer. Nothing was recorded.",
  "signature.expired": "The signature is too old or from the future. Please check this device’s clock and try again.",
  "record.number-taken": "Another record was faster. Please try again.",
  "record.number-held": "An answer from the patient is still open. This goes on as soon as it is there.",
  "record.mismatch": "What was signed and what was sent differ. Nothing was recorded.",
  "record.not-found": "There is no such record, or it is not yours to see.",
  "record.erased": "This was erased at its patient’s wish. Nobody has it any more.",
  "ask.not-open": "This question was already answered or taken back.",
  "locker.taken": "This passkey already opens another key. Please make a new passkey.",
  "locker.not-found": "This passkey opens no records here. Try another one, or your recovery kit.",
  "call.rated": "You already said how this call was. Thank you.",
  "blob.not-found": "This file is not here, or it is not yours to see.",
  "blob.mismatch": "The file changed on its way. Please send it again.",
  "blob.too-large": "This file is larger than 1 GB. Please choose a smaller one.",
  "blob.visit-full":
    "As many files as a visit may hold are here from your side: 50, or 3 GB in all. This one was not kept; what is here stays.",
  "blob.person-full":
    "As many files as one person may store in a day are stored: 16 GB in all. This one was not kept. Tomorrow there is room again.",
  "ledger.refused": "The ledger refused this. Nothing was recorded.",
  "ledger.read-only":
    "The ledger on this server doesn’t match what was kept. Nothing new can be recorded until the practice has looked at it.",
  "ledger.method-not-allowed": "The ledger is not asked this way.",
  "trail.closed":
    "The server can’t write down what happens right now, so it does nothing. Nothing was changed. Please try again in a moment.",
  "storage.full":
    "The server’s disk is full, so nothing new can be kept. What is there is safe. The practice has to make room first.",
  "storage.away":
    "The place where the practice keeps files can’t be reached right now. This file was not kept; nothing else is affected. Please try again in a while.",
  "ledger.too-many-acts":
    "So much was recorded in this visit that nothing more can be. Permission can still be taken back.",
  "server.broke": "Something went wrong on our side. Nothing was lost. Please try again.",
  "server.unreachable": "We can’t reach the practice right now. Check your connection; we keep what you typed.",
} as const satisfies Record<Exclude<RefusalCode, CodeApart>, string>;

export function wordsFor(fault: unknown): string {
  return sentenceOf(fault instanceof Refusal ? fault.code : "server.broke");
}

/** Of a code that no page on the way through a visit meets, it is said that something went wrong. */
export const sentenceOf = (code: RefusalCode): string =>
  code in refusals ? refusals[code as keyof typeof refusals] : refusals["server.broke"];

/** How a call was, by its score. */
export const ratingWords = { 1: "Very bad", 2: "Bad", 3: "So-so", 4: "Good", 5: "Very good" } as const;

export const recordKinds = {
  "session-start": "Session started",
  "session-end": "Session ended",
  prescription: "Prescription signed",
  "prescription-cancelled": "Prescription cancelled",
  "file-share": "File shared",
  "access-granted": "Access granted",
} as const;
