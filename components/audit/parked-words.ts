import type { consentLedgerAbi } from "@/lib/ledger/abi.ts";
import { wordsForContract } from "@/lib/strings/ledger.ts";

/** Why the ledger refused an act, by the contract's own names, and what can be done about it. */
interface Words {
  why: string;
  what: string;
}

/** Nothing is wrong with the act itself: the ledger or a clock was not where it should be. */
const later = "Try again: it may go through now.";
/** The act can't become right any more: it stays here as evidence, with its signatures. */
const stays = "Trying again won’t change that. It stays on this server as evidence, and the log tells of it.";
const anew = "Trying again won’t change that. If it still matters, do it anew: a new act is signed anew.";
/** Our own server let through what it should have refused. */
const ours = "This should not happen. Please tell whoever runs this server, with the name below.";
const owner =
  "Put back secrets/ledger.json from the backup that belongs to this clinic’s ledger, restart, then try again.";

type ContractError = Extract<(typeof consentLedgerAbi)[number], { type: "error" }>["name"];

/** What to do about each of the contract’s refusals; why it refused is told to everybody in the same words. */
const remedies = {
  ClinicianIsNotEnrolled:
    "Once the key is on the ledger and active, try again. If it was removed, this act stays here as evidence.",
  EpochIsNotCurrent: later,
  NotSignedByOwner: owner,
  RegistryNeedsAnOwner: ours,
  OwnableInvalidOwner: ours,
  OwnableUnauthorizedAccount: owner,
  NotSignedByPatient: stays,
  NotSignedByAuthor: stays,
  NotApprovedByPatient: anew,
  GranteeIsPatient: stays,
  SignerLengthIsWrong: ours,
  WindowIsEmpty: stays,
  WindowIsTooLong: stays,
  WindowIsOver: stays,
  ConsentIsAlreadyGranted: later,
  ConsentIsRevoked: stays,
  ConsentIsNotGranted: "If the permission is held back too, try that one first, then this one.",
  ConsentIsFull: anew,
  KindIsUnknown: ours,
  KindIsNotAllowed: stays,
  KindIsNotForPatients: stays,
  SignedOutsideWindow: stays,
  SignedTooLongAgo: anew,
  SignedInTheFuture: "A device’s clock or this server’s is wrong: set them right, then try again.",
  NumberIsUsed: anew,
  NumberLeavesGap: "If the earlier one is held back too, try that one first, then this one.",
  TooManyEntries: later,
  BatchIsCutOff: later,
  GasIsTooLow: later,
  InvalidShortString: ours,
  StringTooLong: ours,
  CheckpointIsNotTheLast: later,
  LogDoesNotGrow: later,
  LogIsNotConsistent:
    "Lines that were anchored before were changed or taken out. Verify the whole log now, and keep the database as it is until somebody has looked.",
  NotSignedByLog: owner,
} as const satisfies Record<ContractError, string>;

/** What no contract says: the act doesn’t fit the contract’s types, or it failed without a reason. */
const nameless: Record<string, Words> = {
  Malformed: { why: "It doesn’t have the form the ledger’s contract takes.", what: ours },
  Reverted: { why: "The ledger refused it and gave no reason.", what: later },
};

/** Total: a name we don’t know is told as it stands. */
export function parkedWords(reason: string): Words {
  if (Object.hasOwn(remedies, reason))
    return { why: wordsForContract(reason), what: remedies[reason as ContractError] };
  if (Object.hasOwn(nameless, reason)) return nameless[reason]!;
  return { why: "The ledger refused it for a reason this version has no words for.", what: ours };
}
