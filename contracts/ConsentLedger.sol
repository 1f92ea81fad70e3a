// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {IConsentLedger} from "./IConsentLedger.sol";

/// @title The consent ledger, as IConsentLedger describes it
contract ConsentLedger is IConsentLedger, EIP712, Ownable2Step {
    bytes32 public constant CONSENT_TYPEHASH = keccak256(
        "Consent(bytes patient,bytes grantee,bytes32 visit,uint32 scopes,uint64 validFrom,uint64 validUntil,bytes32 terms,bytes32 salt)"
    );
    bytes32 public constant REVOCATION_TYPEHASH = keccak256("Revocation(bytes32 consent)");
    bytes32 public constant RECORD_TYPEHASH =
        keccak256("Record(bytes32 consent,uint8 kind,bytes32 commitment,uint32 number,uint64 signedAt)");
    bytes32 public constant APPROVAL_TYPEHASH = keccak256("Approval(bytes32 record)");
    bytes32 public constant ENROLLMENT_TYPEHASH =
        keccak256("Enrollment(bytes clinician,bytes32 credential,uint32 epoch)");
    bytes32 public constant REMOVAL_TYPEHASH = keccak256("Removal(bytes clinician,uint32 epoch)");

    uint256 public constant MAX_WINDOW = 400 days;
    uint256 public constant MAX_AGE = 24 hours;
    uint256 public constant MAX_LEAD = 2 minutes;
    uint256 public constant MAX_SIGNER_LENGTH = 1024;
    uint256 public constant MAX_SIGNATURE_LENGTH = 2048;
    uint256 public constant MAX_ENTRIES = 100;
    /// What a signer's contract may spend on one answer. A passkey needs about 44,000, and a full batch in which every
    /// signer spends all of it twice still fits into one transaction (EIP-7825).
    uint256 public constant SIGNATURE_GAS = 70_000;

    uint8 private constant SESSION_START = 1;
    uint8 private constant PRESCRIPTION = 3;
    uint8 private constant PRESCRIPTION_CANCELLED = 4;
    uint8 private constant LAST_KIND = 6;
    uint256 private constant ASK_SHIFT = 16;

    uint64 public immutable enrollmentDelay;

    mapping(bytes32 id => ConsentState) private _consents;
    mapping(bytes32 clinicianHash => Clinician) private _clinicians;

    constructor(address owner, uint64 delay) EIP712("Assent Consent Ledger", "1") Ownable(owner) {
        enrollmentDelay = delay;
    }

    function enroll(bytes calldata clinician, bytes32 credential, uint32 epoch, bytes calldata signature) external {
        bytes32 key = keccak256(clinician);
        _checkLength(clinician);
        _checkOwnerSigned(keccak256(abi.encode(ENROLLMENT_TYPEHASH, key, credential, epoch)), signature);
        Clinician storage stored = _advance(key, epoch);

        if (stored.activeFrom == 0) stored.activeFrom = uint64(block.timestamp) + enrollmentDelay;
        emit Enrolled(key, clinician, credential, epoch, stored.activeFrom);
    }

    function remove(bytes calldata clinician, uint32 epoch, bytes calldata signature) external {
        bytes32 key = keccak256(clinician);
        _checkOwnerSigned(keccak256(abi.encode(REMOVAL_TYPEHASH, key, epoch)), signature);

        _advance(key, epoch).activeFrom = 0;
        emit Removed(key, clinician, epoch);
    }

    function grant(Consent calldata consent, bytes calldata signature) external returns (bytes32 id) {
        id = consentId(consent);
        ConsentState storage state = _consents[id];
        if (state.status == Status.Granted) revert ConsentIsAlreadyGranted(id);
        if (state.status == Status.Revoked) revert ConsentIsRevoked(id);
        _checkLength(consent.patient);
        _checkLength(consent.grantee);
        if (keccak256(consent.patient) == keccak256(consent.grantee)) revert GranteeIsPatient(consent.patient);
        (uint64 from, uint64 until) = (consent.validFrom, consent.validUntil);
        if (from >= until) revert WindowIsEmpty(from, until);
        if (until - from > MAX_WINDOW) revert WindowIsTooLong(from, until);
        if (until < block.timestamp) revert WindowIsOver(until, block.timestamp);
        bytes32 digest = _hashTypedDataV4(id);
        if (!_signed(consent.patient, digest, signature)) revert NotSignedByPatient(consent.patient, digest);

        (state.head, state.status) = (bytes25(id), Status.Granted);
        emit Granted(id);
    }

    function revoke(Consent calldata consent, bytes calldata signature) external returns (bytes32 id) {
        id = consentId(consent);
        ConsentState storage state = _consents[id];
        if (state.status == Status.Revoked) revert ConsentIsRevoked(id);
        if (signature.length != 0 || !_sent(consent.patient)) {
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(REVOCATION_TYPEHASH, id)));
            if (!_signed(consent.patient, digest, signature)) revert NotSignedByPatient(consent.patient, digest);
        }

        state.status = Status.Revoked;
        emit Revoked(id);
    }

    function record(Consent calldata consent, Entry calldata entry) external returns (bytes32 id) {
        bytes32 parent = consentId(consent);
        ConsentState memory state = _consents[parent];
        id = recordId(parent, entry);
        bytes memory refusal = _refusal(consent, parent, state, entry, id);
        if (refusal.length != 0) {
            assembly ("memory-safe") {
                revert(add(refusal, 0x20), mload(refusal))
            }
        }

        _append(state, entry, parent, id);
        _consents[parent] = state;
    }

    function recordBatch(Group[] calldata groups) external returns (bytes4[] memory reasons) {
        uint256 total;
        for (uint256 g; g < groups.length; ++g) total += groups[g].entries.length;
        if (total > MAX_ENTRIES) revert TooManyEntries(total);
        reasons = new bytes4[](total);

        uint256 position;
        for (uint256 g; g < groups.length; ++g) {
            Consent calldata consent = groups[g].consent;
            Entry[] calldata entries = groups[g].entries;
            bytes32 parent = consentId(consent);
            ConsentState memory state = _consents[parent];
            bool changed;
            for (uint256 e; e < entries.length; ++e) {
                bytes32 id = recordId(parent, entries[e]);
                bytes memory refusal = _refusal(consent, parent, state, entries[e], id);
                if (refusal.length == 0) {
                    _append(state, entries[e], parent, id);
                    changed = true;
                } else {
                    reasons[position] = bytes4(refusal);
                    emit Skipped(id, bytes4(refusal));
                }
                ++position;
            }
            if (changed) _consents[parent] = state;
        }
    }

    function consentState(bytes32 id) external view returns (ConsentState memory) {
        return _consents[id];
    }

    function isLive(Consent calldata consent) external view returns (bool) {
        return _consents[consentId(consent)].status == Status.Granted && block.timestamp >= consent.validFrom
            && block.timestamp <= consent.validUntil;
    }

    function clinicianState(bytes calldata clinician) external view returns (Clinician memory) {
        return _clinicians[keccak256(clinician)];
    }

    function isEnrolled(bytes calldata clinician) external view returns (bool) {
        return _isActive(_clinicians[keccak256(clinician)].activeFrom);
    }

    function isSignedBy(bytes calldata signer, bytes32 digest, bytes calldata signature) external view returns (bool) {
        return SignatureChecker.isValidSignatureNow(signer, digest, signature);
    }

    function consentId(Consent calldata consent) public pure returns (bytes32) {
        return keccak256(
            abi.encode(
                CONSENT_TYPEHASH,
                keccak256(consent.patient),
                keccak256(consent.grantee),
                consent.visit,
                consent.scopes,
                consent.validFrom,
                consent.validUntil,
                consent.terms,
                consent.salt
            )
        );
    }

    function recordId(bytes32 consent, Entry calldata entry) public pure returns (bytes32) {
        return keccak256(
            abi.encode(RECORD_TYPEHASH, consent, entry.kind, entry.commitment, entry.number, entry.signedAt)
        );
    }

    function renounceOwnership() public pure override {
        revert RegistryNeedsAnOwner();
    }

    /// Why the entry may not be recorded, as an encoded error; empty if it may.
    function _refusal(
        Consent calldata consent,
        bytes32 parent,
        ConsentState memory state,
        Entry calldata entry,
        bytes32 id
    ) private view returns (bytes memory) {
        if (state.status == Status.Revoked) return abi.encodeWithSelector(ConsentIsRevoked.selector, parent);
        if (state.status != Status.Granted) return abi.encodeWithSelector(ConsentIsNotGranted.selector, parent);

        uint8 kind = entry.kind;
        if (kind == 0 || kind > LAST_KIND) return abi.encodeWithSelector(KindIsUnknown.selector, kind);
        bool allowed = (consent.scopes >> kind) & 1 == 1;
        if (!allowed && (consent.scopes >> (kind + ASK_SHIFT)) & 1 == 0) {
            return abi.encodeWithSelector(KindIsNotAllowed.selector, kind, consent.scopes);
        }

        uint64 signedAt = entry.signedAt;
        if (signedAt < consent.validFrom || signedAt > consent.validUntil) {
            return abi.encodeWithSelector(
                SignedOutsideWindow.selector, signedAt, consent.validFrom, consent.validUntil
            );
        }
        if (signedAt + MAX_AGE < block.timestamp) {
            return abi.encodeWithSelector(SignedTooLongAgo.selector, signedAt, block.timestamp);
        }
        if (signedAt > block.timestamp + MAX_LEAD) {
            return abi.encodeWithSelector(SignedInTheFuture.selector, signedAt, block.timestamp);
        }

        uint256 next = uint256(entry.byPatient ? state.patientCount : state.granteeCount) + 1;
        if (entry.number < next) return abi.encodeWithSelector(NumberIsUsed.selector, entry.number, next);
        if (entry.number > next) return abi.encodeWithSelector(NumberLeavesGap.selector, entry.number, next);
        if (next > type(uint24).max) return abi.encodeWithSelector(ConsentIsFull.selector, parent);

        if (entry.byPatient) {
            if (kind == PRESCRIPTION || kind == PRESCRIPTION_CANCELLED) {
                return abi.encodeWithSelector(KindIsNotForPatients.selector, kind);
            }
        } else if (kind == SESSION_START || kind == PRESCRIPTION) {
            uint64 activeFrom = _clinicians[keccak256(consent.grantee)].activeFrom;
            if (!_isActive(activeFrom)) {
                return abi.encodeWithSelector(ClinicianIsNotEnrolled.selector, consent.grantee, activeFrom);
            }
        }

        bytes calldata author = entry.byPatient ? consent.patient : consent.grantee;
        bytes32 digest = _hashTypedDataV4(id);
        if (!_signed(author, digest, entry.signature)) {
            return abi.encodeWithSelector(NotSignedByAuthor.selector, author, digest);
        }
        if (!allowed && !entry.byPatient) {
            digest = _hashTypedDataV4(keccak256(abi.encode(APPROVAL_TYPEHASH, id)));
            if (!_signed(consent.patient, digest, entry.approval)) {
                return abi.encodeWithSelector(NotApprovedByPatient.selector, consent.patient, digest);
            }
        }
        return "";
    }

    /// Counts the record, folds it into the head, and tells.
    function _append(ConsentState memory state, Entry calldata entry, bytes32 parent, bytes32 id) private {
        if (entry.byPatient) state.patientCount = uint24(entry.number);
        else state.granteeCount = uint24(entry.number);
        state.head = bytes25(keccak256(abi.encodePacked(state.head, id)));
        emit Recorded(parent, id, entry.byPatient);
    }

    /// Uses up the clinician's epoch.
    function _advance(bytes32 key, uint32 epoch) private returns (Clinician storage stored) {
        stored = _clinicians[key];
        if (epoch != stored.epoch) revert EpochIsNotCurrent(epoch, stored.epoch);
        stored.epoch = epoch + 1;
    }

    function _checkOwnerSigned(bytes32 structHash, bytes calldata signature) private view {
        bytes32 digest = _hashTypedDataV4(structHash);
        bytes memory signer = abi.encodePacked(owner());
        if (!SignatureChecker.isValidSignatureNow(signer, digest, signature)) revert NotSignedByOwner(owner(), digest);
    }

    function _checkLength(bytes calldata signer) private pure {
        if (signer.length < 20 || signer.length > MAX_SIGNER_LENGTH) revert SignerLengthIsWrong(signer.length);
    }

    function _isActive(uint64 activeFrom) private view returns (bool) {
        return activeFrom != 0 && block.timestamp >= activeFrom;
    }

    function _sent(bytes calldata signer) private view returns (bool) {
        return signer.length == 20 && address(bytes20(signer)) == msg.sender;
    }

    /// Asks a signer's contract in a call of its own, so that it can neither spend more nor revert more than that.
    function _signed(bytes calldata signer, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (signature.length > MAX_SIGNATURE_LENGTH) return false;
        if (signer.length == 20 && address(bytes20(signer)).code.length == 0) {
            return SignatureChecker.isValidSignatureNowCalldata(address(bytes20(signer)), digest, signature);
        }
        bytes memory question = abi.encodeCall(this.isSignedBy, (signer, digest, signature));
        if (gasleft() < SIGNATURE_GAS * 64 / 63 + 1_000) revert GasIsTooLow(gasleft());
        (bool answered, bytes memory answer) = address(this).staticcall{gas: SIGNATURE_GAS}(question);
        return answered && abi.decode(answer, (bool));
    }
}
