// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {Base64} from "@openzeppelin/contracts/utils/Base64.sol";
import {P256} from "@openzeppelin/contracts/utils/cryptography/P256.sol";
import {ERC7913P256Verifier} from "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913P256Verifier.sol";
import {ERC7913WebAuthnVerifier} from
    "@openzeppelin/contracts/utils/cryptography/verifiers/ERC7913WebAuthnVerifier.sol";
import {IConsentLedger} from "../IConsentLedger.sol";
import {Verifier, Wallet} from "./Signers.sol";
import {Vm} from "./Vm.sol";

/// The ledger with everything it inherits.
interface ILedger is IConsentLedger {
    function owner() external view returns (address);
    function transferOwnership(address next) external;
    function acceptOwnership() external;
    function renounceOwnership() external;
    function MAX_ENTRIES() external view returns (uint256);
    function SIGNATURE_GAS() external view returns (uint256);
}

/// How the people of a test sign.
enum Means {
    Key,
    Wallet,
    // From here on people have no address of their own.
    Verifier,
    P256,
    Passkey
}

/// Someone who signs: what the ledger calls them, and the key behind it.
struct Person {
    bytes signer;
    uint256 key;
}

/// Entries under one consent, to be recorded in this order.
struct Group {
    IConsentLedger.Consent consent;
    IConsentLedger.Entry[] entries;
}

/// People, papers and signatures. Nothing here asks the ledger how to hash: the type strings are written out again, so
/// a test also holds the ledger to them.
abstract contract Base {
    Vm internal constant vm = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));

    uint8 internal constant SESSION_START = 1;
    uint8 internal constant SESSION_END = 2;
    uint8 internal constant PRESCRIPTION = 3;
    uint8 internal constant PRESCRIPTION_CANCELLED = 4;
    uint8 internal constant FILE_SHARE = 5;
    uint8 internal constant ACCESS_GRANTED = 6;
    uint32 internal constant ALLOW_ALL = 0x7e;
    uint32 internal constant ASK_ALL = 0x7e << 16;

    uint256 internal constant START = 1_800_000_000;
    uint64 internal constant DELAY = 1 days;
    uint256 internal constant CONSENTS_SLOT = 4;

    ILedger internal ledger;
    Means internal means;
    Person internal owner;
    Person internal log;
    Person internal ana;
    Person internal drOsei;
    Person internal mallory;
    address internal verifier;

    function _setUp(Means how) internal {
        vm.warp(START);
        means = how;
        if (how == Means.Verifier) verifier = address(new Verifier());
        if (how == Means.P256) verifier = address(new ERC7913P256Verifier());
        if (how == Means.Passkey) verifier = address(new ERC7913WebAuthnVerifier());
        owner = _person("owner");
        if (!_haveAddresses()) owner.signer = abi.encodePacked(vm.addr(owner.key));
        log = _person("audit log");
        if (!_haveAddresses()) log.signer = abi.encodePacked(vm.addr(log.key));
        ana = _person("ana");
        drOsei = _person("dr osei");
        mallory = _person("mallory");
        ledger = _deploy("LEDGER_BYTECODE", DELAY);
    }

    function _deploy(string memory code, uint64 delay) internal returns (ILedger deployed) {
        bytes memory creation = abi.encodePacked(vm.envBytes(code), abi.encode(_address(owner), delay, _address(log)));
        assembly {
            deployed := create(0, add(creation, 0x20), mload(creation))
        }
        require(address(deployed) != address(0), "the ledger deploys");
    }

    // People

    function _person(string memory name) internal returns (Person memory) {
        return _person(uint256(keccak256(bytes(name))));
    }

    function _person(uint256 key) internal returns (Person memory) {
        if (means == Means.Wallet) return Person(abi.encodePacked(new Wallet(vm.addr(key))), key);
        if (means == Means.Verifier) return Person(abi.encodePacked(verifier, abi.encode(vm.addr(key))), key);
        if (!_haveAddresses()) {
            (uint256 x, uint256 y) = vm.publicKeyP256(key);
            return Person(abi.encodePacked(verifier, x, y), key);
        }
        return Person(abi.encodePacked(vm.addr(key)), key);
    }

    function _haveAddresses() internal view returns (bool) {
        return means < Means.Verifier;
    }

    function _address(Person memory person) internal pure returns (address) {
        return address(bytes20(person.signer));
    }

    function _enrolled(Person memory clinician) internal {
        uint32 epoch = ledger.clinicianState(clinician.signer).epoch;
        ledger.enroll(clinician.signer, "credential", epoch, _signEnrollment(owner, clinician, "credential", epoch));
        vm.warp(block.timestamp + DELAY);
    }

    function _removed(Person memory clinician) internal {
        uint32 epoch = ledger.clinicianState(clinician.signer).epoch;
        ledger.remove(clinician.signer, epoch, _signRemoval(owner, clinician, epoch));
    }

    // Papers

    function _consent(uint32 scopes) internal view returns (IConsentLedger.Consent memory) {
        return _consentOf(ana, drOsei, scopes, 0);
    }

    function _consentOf(Person memory patient, Person memory grantee, uint32 scopes, uint256 salt)
        internal
        pure
        returns (IConsentLedger.Consent memory)
    {
        return IConsentLedger.Consent({
            patient: patient.signer,
            grantee: grantee.signer,
            visit: keccak256("visit"),
            scopes: scopes,
            validFrom: uint64(START - 30 days),
            validUntil: uint64(START + 30 days),
            terms: keccak256("terms"),
            salt: bytes32(salt)
        });
    }

    function _granted(uint32 scopes) internal returns (IConsentLedger.Consent memory consent) {
        consent = _consent(scopes);
        ledger.grant(consent, _signConsent(ana, consent));
    }

    /// The grantee's entry, signed by the grantee now.
    function _entry(IConsentLedger.Consent memory consent, uint8 kind, uint32 number)
        internal
        view
        returns (IConsentLedger.Entry memory)
    {
        return _entryBy(drOsei, consent, kind, number, uint64(block.timestamp), false);
    }

    /// The patient's entry, signed by the patient now.
    function _patientEntry(IConsentLedger.Consent memory consent, uint8 kind, uint32 number)
        internal
        view
        returns (IConsentLedger.Entry memory)
    {
        return _entryBy(ana, consent, kind, number, uint64(block.timestamp), true);
    }

    function _entryBy(
        Person memory author,
        IConsentLedger.Consent memory consent,
        uint8 kind,
        uint32 number,
        uint64 signedAt,
        bool byPatient
    ) internal view returns (IConsentLedger.Entry memory entry) {
        entry.kind = kind;
        entry.commitment = keccak256(abi.encode("content", kind, number, byPatient));
        entry.number = number;
        entry.signedAt = signedAt;
        entry.byPatient = byPatient;
        entry.signature = _sign(author, _recordId(_id(consent), entry));
    }

    function _one(IConsentLedger.Consent memory consent, IConsentLedger.Entry memory entry)
        internal
        pure
        returns (Group[] memory groups)
    {
        groups = new Group[](1);
        groups[0].consent = consent;
        groups[0].entries = new IConsentLedger.Entry[](1);
        groups[0].entries[0] = entry;
    }

    /// A batch, byte by byte as the interface says, with no grantee repeated.
    function _pack(Group[] memory groups) internal pure returns (bytes memory) {
        bytes[] memory pieces = new bytes[](groups.length);
        for (uint256 g; g < groups.length; ++g) {
            bytes memory grantee = groups[g].consent.grantee;
            bool same = g > 0 && keccak256(grantee) == keccak256(groups[g - 1].consent.grantee);
            pieces[g] = _packGroup(groups[g], same ? bytes("") : grantee);
        }
        return _joined(pieces);
    }

    function _joined(bytes[] memory pieces) internal pure returns (bytes memory all) {
        uint256 length;
        for (uint256 i; i < pieces.length; ++i) length += pieces[i].length;
        all = new bytes(length);
        uint256 place;
        for (uint256 i; i < pieces.length; ++i) {
            bytes memory piece = pieces[i];
            assembly {
                mcopy(add(add(all, 0x20), place), add(piece, 0x20), mload(piece))
            }
            place += piece.length;
        }
    }

    function _packGroup(Group memory group, bytes memory grantee) internal pure returns (bytes memory packed) {
        IConsentLedger.Consent memory c = group.consent;
        packed = abi.encodePacked(c.visit, c.terms, c.salt, c.scopes, c.validFrom, c.validUntil);
        packed = abi.encodePacked(
            packed,
            uint16(c.patient.length),
            uint16(grantee.length),
            uint8(group.entries.length),
            c.patient,
            grantee
        );
        for (uint256 i; i < group.entries.length; ++i) {
            IConsentLedger.Entry memory e = group.entries[i];
            packed = abi.encodePacked(packed, e.commitment, e.number, e.signedAt, e.kind, e.byPatient);
            packed = abi.encodePacked(
                packed, uint16(e.signature.length), uint16(e.approval.length), e.signature, e.approval
            );
        }
    }

    // Hashes, written out again

    function _id(IConsentLedger.Consent memory c) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256(
                    "Consent(bytes patient,bytes grantee,bytes32 visit,uint32 scopes,uint64 validFrom,uint64 validUntil,bytes32 terms,bytes32 salt)"
                ),
                keccak256(c.patient),
                keccak256(c.grantee),
                c.visit,
                c.scopes,
                c.validFrom,
                c.validUntil,
                c.terms,
                c.salt
            )
        );
    }

    function _recordId(bytes32 consent, IConsentLedger.Entry memory e) internal pure returns (bytes32) {
        return keccak256(
            abi.encode(
                keccak256("Record(bytes32 consent,uint8 kind,bytes32 commitment,uint32 number,uint64 signedAt)"),
                consent,
                e.kind,
                e.commitment,
                e.number,
                e.signedAt
            )
        );
    }

    function _approvalOf(bytes32 record) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("Approval(bytes32 record)"), record));
    }

    function _revocationOf(bytes32 consent) internal pure returns (bytes32) {
        return keccak256(abi.encode(keccak256("Revocation(bytes32 consent)"), consent));
    }

    function _digest(bytes32 structHash) internal view returns (bytes32) {
        return _digestFor("1", block.chainid, address(ledger), structHash);
    }

    function _digestFor(string memory version, uint256 chain, address place, bytes32 structHash)
        internal
        pure
        returns (bytes32)
    {
        bytes32 domain = keccak256(
            abi.encode(
                keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
                keccak256("Assent Consent Ledger"),
                keccak256(bytes(version)),
                chain,
                place
            )
        );
        return keccak256(abi.encodePacked("\x19\x01", domain, structHash));
    }

    // Signatures

    function _sign(Person memory person, bytes32 structHash) internal view returns (bytes memory) {
        return _signDigest(person, _digest(structHash));
    }

    function _signDigest(Person memory person, bytes32 digest) internal view returns (bytes memory) {
        if (person.signer.length > 20 && means == Means.P256) return _signP256(person.key, digest);
        if (person.signer.length > 20 && means == Means.Passkey) return _assert(person.key, digest);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(person.key, digest);
        return abi.encodePacked(r, s, v);
    }

    /// P-256, with the smaller of the two equal s.
    function _signP256(uint256 key, bytes32 digest) internal pure returns (bytes memory) {
        (bytes32 r, bytes32 s) = vm.signP256(key, digest);
        return abi.encodePacked(r, uint256(s) > P256.N / 2 ? bytes32(P256.N - uint256(s)) : s);
    }

    /// What an authenticator answers to the challenge (WebAuthn), as OpenZeppelin's verifier takes it.
    function _assert(uint256 key, bytes32 challenge) internal pure returns (bytes memory) {
        string memory encoded = Base64.encodeURL(abi.encodePacked(challenge));
        string memory client =
            string.concat('{"type":"webauthn.get","challenge":"', encoded, '","origin":"https://clinic.example"}');
        bytes memory authenticator = abi.encodePacked(sha256("clinic.example"), uint8(0x05), uint32(1));
        bytes memory signature =
            _signP256(key, sha256(abi.encodePacked(authenticator, sha256(bytes(client)))));
        (bytes32 r, bytes32 s) = abi.decode(signature, (bytes32, bytes32));
        return abi.encode(r, s, uint256(23), uint256(1), authenticator, client);
    }

    function _signConsent(Person memory patient, IConsentLedger.Consent memory consent)
        internal
        view
        returns (bytes memory)
    {
        return _sign(patient, _id(consent));
    }

    function _signRevocation(Person memory patient, IConsentLedger.Consent memory consent)
        internal
        view
        returns (bytes memory)
    {
        return _sign(patient, _revocationOf(_id(consent)));
    }

    function _signApproval(
        Person memory patient,
        IConsentLedger.Consent memory consent,
        IConsentLedger.Entry memory entry
    ) internal view returns (bytes memory) {
        return _sign(patient, _approvalOf(_recordId(_id(consent), entry)));
    }

    function _signEnrollment(Person memory by, Person memory clinician, bytes32 credential, uint32 epoch)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typeHash = keccak256("Enrollment(bytes clinician,bytes32 credential,uint32 epoch)");
        return _sign(by, keccak256(abi.encode(typeHash, keccak256(clinician.signer), credential, epoch)));
    }

    function _signRemoval(Person memory by, Person memory clinician, uint32 epoch)
        internal
        view
        returns (bytes memory)
    {
        bytes32 typeHash = keccak256("Removal(bytes clinician,uint32 epoch)");
        return _sign(by, keccak256(abi.encode(typeHash, keccak256(clinician.signer), epoch)));
    }

    // What must be

    function _word(bytes32 consent) internal view returns (bytes32) {
        return vm.load(address(ledger), keccak256(abi.encode(consent, CONSENTS_SLOT)));
    }

    /// The head after one more record.
    function _fold(bytes25 head, bytes32 record) internal pure returns (bytes25) {
        return bytes25(keccak256(abi.encodePacked(head, record)));
    }

    /// The call is refused with exactly this refusal, which is what `record` and the others answer.
    function _refused(bytes memory call, bytes memory refusal) internal {
        (bool done, bytes memory why) = address(ledger).call(call);
        require(!done, "it was refused");
        require(keccak256(why) == keccak256(refusal), "it was refused for this reason, with this evidence");
    }

    /// The entry is refused alone and skipped in a batch, for the same reason, and nothing is changed.
    function _notRecorded(
        IConsentLedger.Consent memory consent,
        IConsentLedger.Entry memory entry,
        bytes memory refusal
    ) internal {
        bytes32 id = _id(consent);
        bytes32 before = _word(id);
        _refused(abi.encodeCall(ledger.record, (consent, entry)), refusal);

        vm.recordLogs();
        bytes4[] memory reasons = ledger.recordBatch(_pack(_one(consent, entry)));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        require(reasons.length == 1 && reasons[0] == bytes4(refusal), "the batch names the reason");
        require(logs.length == 1 && logs[0].topics[0] == IConsentLedger.Skipped.selector, "the batch tells it skipped");
        require(logs[0].topics[1] == _recordId(id, entry), "it tells which");
        require(abi.decode(logs[0].data, (bytes4)) == bytes4(refusal), "it tells why");
        require(_word(id) == before, "nothing changed");
    }
}
