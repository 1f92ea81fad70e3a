import type { consentLedgerAbi } from "@/lib/ledger/abi.ts";

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
/** What no contract says: the act doesn’t fit the contract’s types, or it failed without a reason. */
type Nameless = "Malformed" | "Reverted";

const known = {
  ClinicianIsNotEnrolled: {
    why: "The doctor’s signing key is not enrolled on the ledger, or its enrollment is not active yet.",
    what: "Once the key is on the ledger and active, try again. If it was removed, this act stays here as evidence.",
  },
  EpochIsNotCurrent: { why: "The doctor’s key was enrolled or removed meanwhile by another act.", what: later },
  NotSignedByOwner: { why: "This server’s key is not the one the ledger’s contract belongs to.", what: owner },
  RegistryNeedsAnOwner: { why: "The contract’s owner would have been nobody.", what: ours },
  OwnableInvalidOwner: { why: "The contract’s owner would have been nobody.", what: ours },
  OwnableUnauthorizedAccount: { why: "Only the contract’s owner may do this, and it was not them.", what: owner },
  NotSignedByPatient: { why: "The patient’s signature doesn’t match what it stands under.", what: stays },
  NotSignedByAuthor: { why: "The author’s signature doesn’t match what it stands under.", what: stays },
  NotApprovedByPatient: {
    why: "The patient wanted to be asked before each of these, and did not approve exactly this one.",
    what: anew,
  },
  GranteeIsPatient: { why: "The doctor and the patient have the same key; nobody can permit themselves.", what: stays },
  SignerLengthIsWrong: { why: "A key in it is not of a length the ledger takes.", what: ours },
  WindowIsEmpty: { why: "The permission ends before it begins.", what: stays },
  WindowIsTooLong: { why: "The permission lasts longer than the ledger takes.", what: stays },
  WindowIsOver: { why: "The permission had run out before it came to the ledger.", what: stays },
  ConsentIsAlreadyGranted: { why: "The permission is on the ledger already.", what: later },
  ConsentIsRevoked: { why: "The patient had revoked the permission before this came to the ledger.", what: stays },
  ConsentIsNotGranted: {
    why: "The permission it stands under is not on the ledger.",
    what: "If the permission is held back too, try that one first, then this one.",
  },
  ConsentIsFull: { why: "No more records fit under this permission.", what: anew },
  KindIsUnknown: { why: "The ledger’s contract doesn’t know this kind of record.", what: ours },
  KindIsNotAllowed: { why: "The patient did not allow this kind of record.", what: stays },
  KindIsNotForPatients: {
    why: "Only a doctor may make this kind of record, and it was signed by the patient.",
    what: stays,
  },
  SignedOutsideWindow: { why: "It was signed at a time at which the permission was not valid.", what: stays },
  SignedTooLongAgo: { why: "It came to the ledger too long after it was signed.", what: anew },
  SignedInTheFuture: {
    why: "It bears a time that is still to come: a device’s clock or this server’s is wrong.",
    what: "Set the clocks right, then try again.",
  },
  NumberIsUsed: { why: "The same author already has another record with this number.", what: anew },
  NumberLeavesGap: {
    why: "An earlier record of the same author is not on the ledger.",
    what: "If the earlier one is held back too, try that one first, then this one.",
  },
  TooManyEntries: { why: "It travelled in a batch larger than the ledger takes.", what: later },
  BatchIsCutOff: { why: "The batch it travelled in came to the ledger incomplete.", what: later },
  GasIsTooLow: { why: "Too little was paid for the ledger to ask a signer’s contract.", what: later },
  InvalidShortString: { why: "The contract’s own name is broken.", what: ours },
  StringTooLong: { why: "The contract’s own name is too long.", what: ours },
  CheckpointIsNotTheLast: { why: "The log’s last anchor on the ledger is not the one this one follows.", what: later },
  LogDoesNotGrow: { why: "The log was not longer than at its last anchor.", what: later },
  LogIsNotConsistent: {
    why: "The log no longer contains what was anchored before: lines were changed or taken out.",
    what: "Verify the whole log now, and keep the database as it is until somebody has looked.",
  },
  NotSignedByLog: { why: "This server’s log key is not the one the ledger knows.", what: owner },
  Malformed: { why: "It doesn’t have the form the ledger’s contract takes.", what: ours },
  Reverted: { why: "The ledger refused it and gave no reason.", what: later },
} as const satisfies Record<ContractError | Nameless, Words>;

/** Total: a name we don’t know is told as it stands. */
export function parkedWords(reason: string): Words {
  if (Object.hasOwn(known, reason)) return known[reason as keyof typeof known];
  return { why: "The ledger refused it for a reason this version has no words for.", what: ours };
}
