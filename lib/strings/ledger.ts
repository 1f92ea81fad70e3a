import type { consentLedgerAbi } from "../ledger/abi.ts";

type ContractError = Extract<(typeof consentLedgerAbi)[number], { type: "error" }>["name"];

/** What the contract's refusals say to the person who meets them. */
const contractRefusals = {
  BatchIsCutOff: "These records reached the ledger incomplete.",
  CheckpointIsNotTheLast: "Another checkpoint of the audit log was anchored last.",
  ClinicianIsNotEnrolled: "The clinician’s key is not enrolled on this ledger.",
  ConsentIsAlreadyGranted: "This permission is on the ledger already.",
  ConsentIsFull: "This permission has as many records as it can hold.",
  ConsentIsNotGranted: "The permission this belongs to is not on the ledger.",
  ConsentIsRevoked: "The patient took this permission back. Nothing more can be recorded under it.",
  EpochIsNotCurrent: "The clinician’s enrollment has changed since this was signed.",
  GasIsTooLow: "The transaction may spend too little for its signatures to be checked.",
  GranteeIsPatient: "Nobody gives a permission to themselves.",
  InvalidShortString: "The contract could not read a name.",
  KindIsNotAllowed: "The permission does not allow this kind of record.",
  KindIsNotForPatients: "Only the clinician may record this.",
  KindIsUnknown: "The ledger knows no such kind of record.",
  LogDoesNotGrow: "The audit log’s new checkpoint is not larger than the last.",
  LogIsNotConsistent: "The audit log’s new checkpoint does not begin with the last.",
  NotApprovedByPatient: "The patient has not approved exactly this record.",
  NotSignedByAuthor: "The signature is not its author’s.",
  NotSignedByLog: "The signature is not the audit log’s.",
  NotSignedByOwner: "The signature is not the registry owner’s.",
  NotSignedByPatient: "The signature is not the patient’s.",
  NumberIsUsed: "Another record of the same author has this number.",
  NumberLeavesGap: "An earlier record of the same author is missing; it has to come first.",
  OwnableInvalidOwner: "This can’t be the registry’s owner.",
  OwnableUnauthorizedAccount: "Only the registry’s owner may do this.",
  RegistryNeedsAnOwner: "The registry needs an owner.",
  SignedInTheFuture: "It was signed at a time that has not come yet.",
  SignedOutsideWindow: "It was signed before the permission began, or after it had ended.",
  SignedTooLongAgo: "It was signed more than a day ago, and the ledger takes no record that old.",
  SignerLengthIsWrong: "A signer’s key has a length the ledger does not know.",
  StringTooLong: "The contract could not read a name.",
  TooManyEntries: "These are more records than one transaction may hold.",
  WindowIsEmpty: "The permission ends before it begins.",
  WindowIsOver: "The permission had run out before it was submitted.",
  WindowIsTooLong: "The permission lasts longer than the ledger allows.",
} as const satisfies Record<ContractError, string>;

/** The words for a contract's error by its name; a name that is not the contract's says no more than that it refused. */
export function wordsForContract(error: string): string {
  return Object.hasOwn(contractRefusals, error)
    ? contractRefusals[error as ContractError]
    : "The contract refused it without a reason.";
}
