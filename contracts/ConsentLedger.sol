// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Batch, Claim, Terms} from "./Batch.sol";
import {Consistency} from "./Consistency.sol";
import {IConsentLedger} from "./IConsentLedger.sol";

/// @title The consent ledger, as IConsentLedger describes it
contract ConsentLedger is IConsentLedger, EIP712, Ownable2Step {
    bytes32 public constant CONSENT_TYPEHASH = keccak256(
        "Consent(bytes patient,bytes grantee,bytes32 visit,uint32 scopes,uint64 validFrom,uint64 validUntil,bytes32 terms,bytes32 salt)"
    );
    bytes32 public constant RECORD_TYPEHASH = keccak256("Record(bytes32 consent,uint8 kind,bytes32 commitment,uint32 number,uint64 signedAt)");
    bytes32 public constant REVOCATION_TYPEHASH = keccak256("Revocation(bytes32 consent)");
    bytes32 public constant APPROVAL_TYPEHASH = keccak256("Approval(bytes32 record)");
    bytes32 public constant ENROLLMENT_TYPEHASH =
        keccak256("Enrollment(bytes clinician,bytes32 credential,uint32 epoch)");
    bytes32 public constant REMOVAL_TYPEHASH = keccak256("Removal(bytes clinician,uint32 epoch)");
    bytes32 public constant CHECKPOINT_TYPEHASH = keccak256("Checkpoint(uint64 size,bytes32 root)");

    uint256 public constant MAX_WINDOW = 400 days;
    uint256 public constant MAX_AGE = 24 hours;
    uint256 public constant MAX_LEAD = 2 minutes;
    uint256 public constant MAX_SIGNER_LENGTH = 1024;
    uint256 public constant MAX_SIGNATURE_LENGTH = 2048;
    uint256 public constant MAX_ENTRIES = 100;
    /// What a signer's contract may spend on one answer. A passkey needs about 44,000, and a full batch in which every
    /// signer spends all of it twice still fits into one transaction (EIP-7825).
    uint256 public constant SIGNATURE_GAS = 70_000;

    // Sets of kinds: bit k is kind k, as in scopes.
    uint256 private constant KINDS = 0x7e;
    uint256 private constant FOR_GRANTEES = 1 << 3 | 1 << 4;
    uint256 private constant FOR_ENROLLED = 1 << 1 | 1 << 3;
    uint256 private constant ASK_SHIFT = 16;
    uint256 private constant GRANTEE_SHIFT = 32;
    uint256 private constant PATIENT_SHIFT = 8;

    uint64 public immutable enrollmentDelay;
    address public immutable logKey;

    struct Word {
        uint256 value;
    }

    /// Head (25 bytes), the grantee's count (3), the patient's count (3), status (1).
    mapping(bytes32 id => Word) private _consents;
    mapping(bytes32 clinicianHash => Clinician) private _clinicians;
    bytes32 public anchored;

    constructor(address owner, uint64 delay, address log) EIP712("Assent Consent Ledger", "1") Ownable(owner) {
        enrollmentDelay = delay;
        logKey = log;
        bytes memory leaf = abi.encodePacked("Assent audit log\n", block.chainid, address(this));
        _anchor(1, sha256(abi.encodePacked(bytes1(0), leaf)));
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
        Status status = _status(_consents[id].value);
        if (status == Status.Granted) revert ConsentIsAlreadyGranted(id);
        if (status == Status.Revoked) revert ConsentIsRevoked(id);
        _checkLength(consent.patient);
        _checkLength(consent.grantee);
        if (keccak256(consent.patient) == keccak256(consent.grantee)) revert GranteeIsPatient(consent.patient);
        (uint64 from, uint64 until) = (consent.validFrom, consent.validUntil);
        if (from >= until) revert WindowIsEmpty(from, until);
        if (until - from > MAX_WINDOW) revert WindowIsTooLong(from, until);
        if (until < block.timestamp) revert WindowIsOver(until, block.timestamp);
        bytes32 digest = _hashTypedDataV4(id);
        if (!_signed(consent.patient, digest, signature)) revert NotSignedByPatient(consent.patient, digest);

        _consents[id].value = uint256(bytes32(bytes25(id))) | uint256(Status.Granted);
        emit Granted(id);
    }

    function revoke(Consent calldata consent, bytes calldata signature) external returns (bytes32 id) {
        id = consentId(consent);
        uint256 word = _consents[id].value;
        if (_status(word) == Status.Revoked) revert ConsentIsRevoked(id);
        if (signature.length != 0 || !_sent(consent.patient)) {
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(REVOCATION_TYPEHASH, id)));
            if (!_signed(consent.patient, digest, signature)) revert NotSignedByPatient(consent.patient, digest);
        }

        _consents[id].value = word >> PATIENT_SHIFT << PATIENT_SHIFT | uint256(Status.Revoked);
        emit Revoked(id);
    }

    function record(Consent calldata consent, Entry calldata entry) external returns (bytes32 id) {
        Terms memory terms;
        (bytes calldata patient, bytes calldata grantee) = (consent.patient, consent.grantee);
        terms.id = _id(consent, _hash(patient), _hash(grantee));
        (terms.scopes, terms.validFrom, terms.validUntil) = (consent.scopes, consent.validFrom, consent.validUntil);
        (terms.patient, terms.grantee) = (Batch.pieceOf(patient), Batch.pieceOf(grantee));
        Claim memory claim;
        id = recordId(terms.id, entry);
        (claim.consent, claim.id, claim.byPatient) = (terms.id, id, entry.byPatient);
        (claim.kind, claim.number, claim.signedAt) = (entry.kind, entry.number, entry.signedAt);
        (claim.signature, claim.approval) = (Batch.pieceOf(entry.signature), Batch.pieceOf(entry.approval));

        Word storage stored = _consents[terms.id];
        uint256 word = stored.value;
        bytes memory refusal = _refusal(terms, claim, word, _domainSeparatorV4());
        if (refusal.length != 0) {
            assembly ("memory-safe") {
                revert(add(refusal, 0x20), mload(refusal))
            }
        }
        stored.value = _record(claim, word);
    }

    function recordBatch(bytes calldata batch) external returns (bytes4[] memory) {
        bytes4[] memory reasons = new bytes4[](MAX_ENTRIES);
        bytes32 domain = _domainSeparatorV4();
        (Terms memory terms, Claim memory claim) = Batch.start(CONSENT_TYPEHASH, RECORD_TYPEHASH);
        (uint256 place, uint256 end) = Batch.placesOf(batch);
        uint256 count;
        while (place < end) {
            uint256 last;
            (place, last) = Batch.readConsent(place, terms);
            claim.consent = terms.id;
            unchecked {
                last += count;
            }
            if (last > MAX_ENTRIES) revert TooManyEntries(last);
            Word storage stored = _consents[terms.id];
            uint256 word = stored.value;
            while (count < last) {
                place = Batch.readEntry(place, claim);
                bytes memory refusal = _refusal(terms, claim, word, domain);
                if (refusal.length == 0) {
                    word = _record(claim, word);
                } else {
                    reasons[count] = bytes4(refusal);
                    emit Skipped(claim.id, bytes4(refusal));
                }
                unchecked {
                    ++count;
                }
            }
            stored.value = word;
        }
        if (place != end) revert BatchIsCutOff(place - end);
        // What `return reasons` does, in one piece.
        assembly {
            let answer := sub(reasons, 0x20)
            mstore(answer, 0x20)
            mstore(reasons, count)
            return(answer, add(0x40, shl(5, count)))
        }
    }

    function anchor(
        Checkpoint calldata from,
        Checkpoint calldata to,
        bytes32[] calldata proof,
        bytes calldata signature
    ) external {
        if (_hash(from.size, from.root) != anchored) revert CheckpointIsNotTheLast(from, anchored);
        if (to.size <= from.size) revert LogDoesNotGrow(from.size, to.size);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CHECKPOINT_TYPEHASH, to.size, to.root)));
        if (!SignatureChecker.isValidSignatureNowCalldata(logKey, digest, signature)) {
            revert NotSignedByLog(logKey, digest);
        }
        if (!Consistency.holds(from.size, from.root, to.size, to.root, proof)) revert LogIsNotConsistent(from, to);
        _anchor(to.size, to.root);
    }

    function consentState(bytes32 id) external view returns (ConsentState memory) {
        uint256 word = _consents[id].value;
        return ConsentState(
            bytes25(bytes32(word)), uint24(word >> GRANTEE_SHIFT), uint24(word >> PATIENT_SHIFT), _status(word)
        );
    }

    function isLive(Consent calldata consent) external view returns (bool) {
        return _status(_consents[consentId(consent)].value) == Status.Granted && block.timestamp >= consent.validFrom
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
        return _id(consent, _hash(consent.patient), _hash(consent.grantee));
    }

    function _id(Consent calldata consent, bytes32 patientHash, bytes32 granteeHash) private pure returns (bytes32 id) {
        bytes32 typeHash = CONSENT_TYPEHASH;
        // The six fields after the two signers are words, in the order in which they are hashed.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mstore(add(free, 0x20), patientHash)
            mstore(add(free, 0x40), granteeHash)
            calldatacopy(add(free, 0x60), add(consent, 0x40), 0xc0)
            id := keccak256(free, 0x120)
        }
    }

    function recordId(bytes32 consent, Entry calldata entry) public pure returns (bytes32 id) {
        bytes32 typeHash = RECORD_TYPEHASH;
        // The record's fields are the entry's first four words.
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore(free, typeHash)
            mstore(add(free, 0x20), consent)
            calldatacopy(add(free, 0x40), entry, 0x80)
            id := keccak256(free, 0xc0)
        }
    }

    function renounceOwnership() public pure override {
        revert RegistryNeedsAnOwner();
    }

    /// Counts the record and folds it into the head: the consent's next word.
    function _record(Claim memory claim, uint256 word) private returns (uint256 next) {
        bytes32 id = claim.id;
        bytes32 head;
        // keccak256(abi.encodePacked(bytes25(word), id)), in scratch space
        assembly ("memory-safe") {
            mstore(0, word)
            mstore(25, id)
            head := keccak256(0, 57)
        }
        next = uint256(bytes32(bytes25(head))) | uint56(word);
        unchecked {
            if (claim.byPatient) {
                next += 1 << PATIENT_SHIFT;
                emit RecordedByPatient(claim.consent, id);
            } else {
                next += 1 << GRANTEE_SHIFT;
                emit RecordedByGrantee(claim.consent, id);
            }
        }
    }

    /// Why the record may not be made, as an encoded error; empty if it may.
    function _refusal(Terms memory terms, Claim memory claim, uint256 word, bytes32 domain)
        private
        view
        returns (bytes memory refusal)
    {
        if (uint8(word) != uint8(Status.Granted)) {
            bytes4 why = _status(word) == Status.Revoked ? ConsentIsRevoked.selector : ConsentIsNotGranted.selector;
            return abi.encodeWithSelector(why, terms.id);
        }

        (uint256 kind, uint256 scopes) = (claim.kind, terms.scopes);
        if (KINDS >> kind & 1 == 0) return abi.encodeWithSelector(KindIsUnknown.selector, kind);
        bool allowed = (scopes >> kind) & 1 == 1;
        if (!allowed && (scopes >> (kind + ASK_SHIFT)) & 1 == 0) {
            return abi.encodeWithSelector(KindIsNotAllowed.selector, kind, scopes);
        }

        {
            uint256 signedAt = claim.signedAt;
            if (signedAt < terms.validFrom || signedAt > terms.validUntil) {
                return abi.encodeWithSelector(
                    SignedOutsideWindow.selector, signedAt, terms.validFrom, terms.validUntil
                );
            }
            unchecked {
                if (signedAt + MAX_AGE < block.timestamp) {
                    return abi.encodeWithSelector(SignedTooLongAgo.selector, signedAt, block.timestamp);
                }
                if (signedAt > block.timestamp + MAX_LEAD) {
                    return abi.encodeWithSelector(SignedInTheFuture.selector, signedAt, block.timestamp);
                }
            }
        }

        bool byPatient = claim.byPatient;
        {
            uint256 number = claim.number;
            uint256 count = uint24(word >> (byPatient ? PATIENT_SHIFT : GRANTEE_SHIFT));
            if (count == type(uint24).max) return abi.encodeWithSelector(ConsentIsFull.selector, terms.id);
            unchecked {
                ++count;
            }
            if (number != count) {
                bytes4 why = number < count ? NumberIsUsed.selector : NumberLeavesGap.selector;
                return abi.encodeWithSelector(why, number, count);
            }
        }

        bytes calldata author = Batch.read(byPatient ? terms.patient : terms.grantee);
        if (byPatient) {
            if (FOR_GRANTEES >> kind & 1 == 1) return abi.encodeWithSelector(KindIsNotForPatients.selector, kind);
        } else if (FOR_ENROLLED >> kind & 1 == 1) {
            uint64 activeFrom = _clinicians[_hash(author)].activeFrom;
            if (!_isActive(activeFrom)) {
                return abi.encodeWithSelector(ClinicianIsNotEnrolled.selector, author, activeFrom);
            }
        }

        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, claim.id);
        if (!_signed(author, digest, Batch.read(claim.signature))) {
            return abi.encodeWithSelector(NotSignedByAuthor.selector, author, digest);
        }
        if (allowed) return refusal; // which is empty
        if (!byPatient) {
            digest = MessageHashUtils.toTypedDataHash(domain, keccak256(abi.encode(APPROVAL_TYPEHASH, claim.id)));
            bytes calldata patient = Batch.read(terms.patient);
            if (!_signed(patient, digest, Batch.read(claim.approval))) {
                return abi.encodeWithSelector(NotApprovedByPatient.selector, patient, digest);
            }
        }
    }

    function _anchor(uint64 size, bytes32 root) private {
        anchored = _hash(size, root);
        emit Anchored(size, root);
    }

    function _hash(uint64 size, bytes32 root) private pure returns (bytes32) {
        return keccak256(abi.encode(size, root));
    }

    function _status(uint256 word) private pure returns (Status) {
        return Status(uint8(word));
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

    /// As keccak256(data), but without keeping the copy in memory.
    function _hash(bytes calldata data) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            calldatacopy(free, data.offset, data.length)
            hash := keccak256(free, data.length)
        }
    }

    function _isActive(uint64 activeFrom) private view returns (bool) {
        return activeFrom != 0 && block.timestamp >= activeFrom;
    }

    function _sent(bytes calldata signer) private view returns (bool) {
        return signer.length == 20 && address(bytes20(signer)) == msg.sender;
    }

    /// Asks a signer's contract in a call of its own, so that it can neither spend more nor revert more than that.
    function _signed(bytes calldata signer, bytes32 digest, bytes calldata signature) private view returns (bool) {
        if (signer.length == 20) {
            address account;
            assembly ("memory-safe") {
                account := shr(96, calldataload(signer.offset))
            }
            if (account.code.length == 0) {
                return SignatureChecker.isValidSignatureNowCalldata(account, digest, signature);
            }
        }
        if (signature.length > MAX_SIGNATURE_LENGTH) return false;
        bytes memory question = abi.encodeCall(this.isSignedBy, (signer, digest, signature));
        if (gasleft() < SIGNATURE_GAS * 64 / 63 + 1_000) revert GasIsTooLow(gasleft());
        (bool answered, bytes memory answer) = address(this).staticcall{gas: SIGNATURE_GAS}(question);
        return answered && abi.decode(answer, (bool));
    }
}
