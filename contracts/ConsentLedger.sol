// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Ownable, Ownable2Step} from "@openzeppelin/contracts/access/Ownable2Step.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {SignatureChecker} from "@openzeppelin/contracts/utils/cryptography/SignatureChecker.sol";
import {Consistency} from "./Consistency.sol";
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

    uint8 private constant SESSION_START = 1;
    uint8 private constant PRESCRIPTION = 3;
    uint8 private constant PRESCRIPTION_CANCELLED = 4;
    uint8 private constant LAST_KIND = 6;
    uint256 private constant ASK_SHIFT = 16;
    uint256 private constant GRANTEE_SHIFT = 32;
    uint256 private constant PATIENT_SHIFT = 8;
    uint256 private constant ONE_BY_GRANTEE = 1 << GRANTEE_SHIFT;
    uint256 private constant ONE_BY_PATIENT = 1 << PATIENT_SHIFT;

    uint64 public immutable enrollmentDelay;
    address public immutable logKey;

    /// Head (25 bytes), the grantee's count (3), the patient's count (3), status (1).
    mapping(bytes32 id => uint256 word) private _consents;
    mapping(bytes32 clinicianHash => Clinician) private _clinicians;
    bytes32 public anchored;

    constructor(address owner, uint64 delay, address log) EIP712("Assent Consent Ledger", "1") Ownable(owner) {
        enrollmentDelay = delay;
        logKey = log;
        bytes memory leaf = abi.encodePacked("Assent audit log\n", block.chainid, address(this));
        _anchor(Checkpoint(1, sha256(abi.encodePacked(bytes1(0), leaf))));
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
        Status status = _status(_consents[id]);
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

        _consents[id] = uint256(bytes32(bytes25(id))) | uint256(Status.Granted);
        emit Granted(id);
    }

    function revoke(Consent calldata consent, bytes calldata signature) external returns (bytes32 id) {
        id = consentId(consent);
        uint256 word = _consents[id];
        if (_status(word) == Status.Revoked) revert ConsentIsRevoked(id);
        if (signature.length != 0 || !_sent(consent.patient)) {
            bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(REVOCATION_TYPEHASH, id)));
            if (!_signed(consent.patient, digest, signature)) revert NotSignedByPatient(consent.patient, digest);
        }

        _consents[id] = word >> PATIENT_SHIFT << PATIENT_SHIFT | uint256(Status.Revoked);
        emit Revoked(id);
    }

    function record(Consent calldata consent, Entry calldata entry) external returns (bytes32 id) {
        bytes32 parent = consentId(consent);
        uint256 word;
        bytes memory refusal;
        (id, word, refusal) = _take(consent, parent, _consents[parent], entry);
        if (refusal.length != 0) {
            assembly ("memory-safe") {
                revert(add(refusal, 0x20), mload(refusal))
            }
        }
        _consents[parent] = word;
    }

    function recordBatch(Group[] calldata groups) external returns (bytes4[] memory reasons) {
        reasons = new bytes4[](MAX_ENTRIES);
        uint256 count;
        for (uint256 g; g < groups.length; ++g) {
            Group calldata group = groups[g];
            Consent calldata consent = group.consent;
            Entry[] calldata entries = group.entries;
            if (count + entries.length > MAX_ENTRIES) revert TooManyEntries(count + entries.length);

            bytes32 parent = consentId(consent);
            uint256 stored = _consents[parent];
            uint256 word = stored;
            for (uint256 e; e < entries.length; ++e) {
                bytes32 id;
                bytes memory refusal;
                (id, word, refusal) = _take(consent, parent, word, entries[e]);
                if (refusal.length != 0) {
                    reasons[count + e] = bytes4(refusal);
                    emit Skipped(id, bytes4(refusal));
                }
            }
            if (word != stored) _consents[parent] = word;
            count += entries.length;
        }
        assembly ("memory-safe") {
            mstore(reasons, count)
        }
    }

    function anchor(
        Checkpoint calldata from,
        Checkpoint calldata to,
        bytes32[] calldata proof,
        bytes calldata signature
    ) external {
        if (_hash(from) != anchored) revert CheckpointIsNotTheLast(from, anchored);
        if (to.size <= from.size) revert LogDoesNotGrow(from.size, to.size);
        bytes32 digest = _hashTypedDataV4(keccak256(abi.encode(CHECKPOINT_TYPEHASH, to.size, to.root)));
        if (!SignatureChecker.isValidSignatureNowCalldata(logKey, digest, signature)) {
            revert NotSignedByLog(logKey, digest);
        }
        if (!Consistency.holds(from.size, from.root, to.size, to.root, proof)) revert LogIsNotConsistent(from, to);
        _anchor(to);
    }

    function consentState(bytes32 id) external view returns (ConsentState memory) {
        uint256 word = _consents[id];
        return ConsentState(
            bytes25(bytes32(word)), uint24(word >> GRANTEE_SHIFT), uint24(word >> PATIENT_SHIFT), _status(word)
        );
    }

    function isLive(Consent calldata consent) external view returns (bool) {
        return _status(_consents[consentId(consent)]) == Status.Granted && block.timestamp >= consent.validFrom
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

    function consentId(Consent calldata consent) public pure returns (bytes32 id) {
        bytes32 typeHash = CONSENT_TYPEHASH;
        bytes32 patientHash = _hash(consent.patient);
        bytes32 granteeHash = _hash(consent.grantee);
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

    /// Counts the record, folds it into the head, and tells; or says why not, as an encoded error.
    function _take(Consent calldata consent, bytes32 parent, uint256 word, Entry calldata entry)
        private
        returns (bytes32 id, uint256 next, bytes memory refusal)
    {
        id = recordId(parent, entry);
        bool byPatient = entry.byPatient;
        refusal = _refusal(consent, parent, word, entry, id, byPatient);
        if (refusal.length != 0) return (id, word, refusal);

        bytes25 head = bytes25(keccak256(abi.encodePacked(bytes25(bytes32(word)), id)));
        next = uint256(bytes32(head)) | uint56(word) + (byPatient ? ONE_BY_PATIENT : ONE_BY_GRANTEE);
        emit Recorded(parent, id, byPatient);
    }

    function _refusal(
        Consent calldata consent,
        bytes32 parent,
        uint256 word,
        Entry calldata entry,
        bytes32 id,
        bool byPatient
    ) private view returns (bytes memory refusal) {
        if (_status(word) != Status.Granted) {
            bytes4 why = _status(word) == Status.Revoked ? ConsentIsRevoked.selector : ConsentIsNotGranted.selector;
            return abi.encodeWithSelector(why, parent);
        }

        uint256 kind = entry.kind;
        uint256 scopes = consent.scopes;
        if (kind == 0 || kind > LAST_KIND) return abi.encodeWithSelector(KindIsUnknown.selector, kind);
        bool allowed = (scopes >> kind) & 1 == 1;
        if (!allowed && (scopes >> (kind + ASK_SHIFT)) & 1 == 0) {
            return abi.encodeWithSelector(KindIsNotAllowed.selector, kind, scopes);
        }

        {
            uint256 signedAt = entry.signedAt;
            (uint256 from, uint256 until) = (consent.validFrom, consent.validUntil);
            if (signedAt < from || signedAt > until) {
                return abi.encodeWithSelector(SignedOutsideWindow.selector, signedAt, from, until);
            }
            if (signedAt + MAX_AGE < block.timestamp) {
                return abi.encodeWithSelector(SignedTooLongAgo.selector, signedAt, block.timestamp);
            }
            if (signedAt > block.timestamp + MAX_LEAD) {
                return abi.encodeWithSelector(SignedInTheFuture.selector, signedAt, block.timestamp);
            }
        }

        {
            uint256 number = entry.number;
            uint256 count = uint24(word >> (byPatient ? PATIENT_SHIFT : GRANTEE_SHIFT));
            if (count == type(uint24).max) return abi.encodeWithSelector(ConsentIsFull.selector, parent);
            if (number <= count) return abi.encodeWithSelector(NumberIsUsed.selector, number, count + 1);
            if (number > count + 1) return abi.encodeWithSelector(NumberLeavesGap.selector, number, count + 1);
        }

        bytes calldata author = byPatient ? consent.patient : consent.grantee;
        if (byPatient) {
            if (kind == PRESCRIPTION || kind == PRESCRIPTION_CANCELLED) {
                return abi.encodeWithSelector(KindIsNotForPatients.selector, kind);
            }
        } else if (kind == SESSION_START || kind == PRESCRIPTION) {
            uint64 activeFrom = _clinicians[_hash(author)].activeFrom;
            if (!_isActive(activeFrom)) {
                return abi.encodeWithSelector(ClinicianIsNotEnrolled.selector, author, activeFrom);
            }
        }

        bytes32 digest = _hashTypedDataV4(id);
        if (!_signed(author, digest, entry.signature)) {
            return abi.encodeWithSelector(NotSignedByAuthor.selector, author, digest);
        }
        if (!allowed && !byPatient) {
            digest = _hashTypedDataV4(keccak256(abi.encode(APPROVAL_TYPEHASH, id)));
            if (!_signed(consent.patient, digest, entry.approval)) {
                return abi.encodeWithSelector(NotApprovedByPatient.selector, consent.patient, digest);
            }
        }
    }

    function _anchor(Checkpoint memory checkpoint) private {
        anchored = _hash(checkpoint);
        emit Anchored(checkpoint.size, checkpoint.root);
    }

    function _hash(Checkpoint memory checkpoint) private pure returns (bytes32) {
        return keccak256(abi.encode(checkpoint.size, checkpoint.root));
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
        if (signature.length > MAX_SIGNATURE_LENGTH) return false;
        address account = address(bytes20(signer));
        if (signer.length == 20 && account.code.length == 0) {
            return SignatureChecker.isValidSignatureNowCalldata(account, digest, signature);
        }
        bytes memory question = abi.encodeCall(this.isSignedBy, (signer, digest, signature));
        if (gasleft() < SIGNATURE_GAS * 64 / 63 + 1_000) revert GasIsTooLow(gasleft());
        (bool answered, bytes memory answer) = address(this).staticcall{gas: SIGNATURE_GAS}(question);
        return answered && abi.decode(answer, (bool));
    }
}
