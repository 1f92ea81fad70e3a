// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentLedger} from "../IConsentLedger.sol";
import {Base, Group, ILedger, Means, Person} from "./Base.sol";
import {Tree} from "./Tree.sol";

/// Four patients, three clinicians, an attacker and time, doing anything in any order; and a second, plainer account of
/// what the ledger must then hold. Every call is foretold: the ledger must agree each time.
contract World is Base {
    struct Account {
        IConsentLedger.Consent consent;
        uint256 patient;
        uint256 grantee;
        bool granted;
        bool revoked;
        bytes32[] records;
        uint32 granteeCount;
        uint32 patientCount;
        uint256 recordsWhenRevoked;
        Made[] made;
        IConsentLedger.Entry[] sent;
    }

    /// A record that the ledger took, and what spoke for it then.
    struct Made {
        uint8 kind;
        uint32 number;
        uint64 signedAt;
        bool byPatient;
        bool approved;
        bool enrolled;
    }

    Person[4] private _patients;
    Person[3] private _clinicians;
    uint32[3] private _epochs;
    uint64[3] private _activeFrom;

    bytes32[] public ids;
    mapping(bytes32 id => Account) private _accounts;
    mapping(bytes32 record => uint256 times) private _times;

    /// What has happened, so that a run in which nothing did is noticed.
    uint256 public tried;
    uint256 public recorded;
    uint256 public refused;
    uint256 public anchors;

    /// Of the entries of batches: those that stood beside a bad one and were good, and those of these that were taken.
    uint256 public goodBesideBad;
    uint256 public takenBesideBad;
    uint256 public dearestBatch;

    /// The log as it grew honestly, and every checkpoint that the ledger took.
    bytes32[] private _leaves;
    IConsentLedger.Checkpoint[] private _checkpoints;

    constructor(Means how) {
        _setUp(how);
        for (uint256 i; i < 4; ++i) _patients[i] = _person(1_000 + i);
        for (uint256 i; i < 3; ++i) _clinicians[i] = _person(2_000 + i);
        for (uint256 i; i < 3; ++i) enroll(i, true);
        vm.warp(block.timestamp + DELAY);
        for (uint256 p; p < 4; ++p) {
            for (uint256 c; c < 3; ++c) _draw(p, c, [ALLOW_ALL, ASK_ALL, 0x2a | (0x54 << 16)][c], 60);
        }
        for (uint256 i; i < 9; ++i) grant(i, 1);
        _leaves.push(
            sha256(abi.encodePacked(bytes1(0), "Assent audit log\n", block.chainid, address(ledger)))
        );
        _checkpoints.push(_checkpoint());
    }

    function _checkpoint() private view returns (IConsentLedger.Checkpoint memory) {
        return IConsentLedger.Checkpoint(uint64(_leaves.length), Tree.root(_leaves, _leaves.length));
    }

    function _draw(uint256 patient, uint256 grantee, uint32 scopes, uint64 length) private {
        IConsentLedger.Consent memory consent =
            _consentOf(_patients[patient], _clinicians[grantee], scopes, ids.length);
        consent.validFrom = uint64(block.timestamp - 2 days);
        consent.validUntil = uint64(block.timestamp + length * 1 days);
        bytes32 id = _id(consent);
        ids.push(id);
        Account storage account = _accounts[id];
        (account.consent, account.patient, account.grantee) = (consent, patient, grantee);
    }

    function _pick(uint256 dice) private view returns (Account storage account, bytes32 id) {
        id = ids[dice % ids.length];
        account = _accounts[id];
    }

    function _foretold(bytes memory call, bool expected) private {
        (bool done,) = address(ledger).call(call);
        require(done == expected, "the ledger does what was foretold");
        if (!done) ++refused;
    }

    // What people do

    function enroll(uint256 c, bool byOwner) public {
        c %= 3;
        bytes memory signature = _signEnrollment(byOwner ? owner : mallory, _clinicians[c], "credential", _epochs[c]);
        _foretold(abi.encodeCall(ledger.enroll, (_clinicians[c].signer, "credential", _epochs[c], signature)), byOwner);
        if (!byOwner) return;
        if (_activeFrom[c] == 0) _activeFrom[c] = uint64(block.timestamp) + DELAY;
        ++_epochs[c];
    }

    function remove(uint256 c, bool byOwner, uint256 seldom) public {
        if (seldom % 4 != 0) return;
        c %= 3;
        bytes memory signature = _signRemoval(byOwner ? owner : mallory, _clinicians[c], _epochs[c]);
        _foretold(abi.encodeCall(ledger.remove, (_clinicians[c].signer, _epochs[c], signature)), byOwner);
        if (!byOwner) return;
        _activeFrom[c] = 0;
        ++_epochs[c];
    }

    function draw(uint256 patient, uint256 grantee, uint32 scopes, uint64 length) public {
        if (ids.length < 24) _draw(patient % 4, grantee % 3, scopes, 1 + length % 390);
    }

    function grant(uint256 dice, uint256 signer) public {
        (Account storage account, bytes32 id) = _pick(dice);
        bool honest = signer % 4 != 0;
        bytes memory signature =
            _signConsent(honest ? _patients[account.patient] : _stranger(account, signer), account.consent);
        bool expected = honest && !account.granted && !account.revoked && account.consent.validUntil >= block.timestamp;
        _foretold(abi.encodeCall(ledger.grant, (account.consent, signature)), expected);
        if (expected) account.granted = true;
        require(_id(account.consent) == id);
    }

    function revoke(uint256 dice, uint256 signer, bool bySending, uint256 seldom) public {
        if (seldom % 3 != 0) return;
        (Account storage account,) = _pick(dice);
        bool honest = signer % 4 != 0;
        Person memory person = honest ? _patients[account.patient] : _stranger(account, signer);
        bool expected = honest && !account.revoked && !(bySending && !_haveAddresses());
        bytes memory signature = bySending ? bytes("") : _signRevocation(person, account.consent);
        if (bySending) vm.prank(_address(person));
        _foretold(abi.encodeCall(ledger.revoke, (account.consent, signature)), expected);
        if (expected) (account.revoked, account.recordsWhenRevoked) = (true, account.records.length);
    }

    function record(uint256 dice, uint256 how) public {
        (Account storage account, bytes32 id) = _pick(dice);
        (IConsentLedger.Entry memory entry, bool expected) = _attempt(account, id, how);
        _foretold(abi.encodeCall(ledger.record, (account.consent, entry)), expected);
        if (expected) _note(account, id, entry);
        account.sent.push(entry);
    }

    function recordBatch(uint256 dice, uint256 how) public {
        Group[] memory groups = new Group[](3);
        bool[] memory expected = new bool[](6);
        for (uint256 g; g < 3; ++g) {
            (Account storage account, bytes32 id) = _pick(dice >> (16 * g));
            groups[g].consent = account.consent;
            groups[g].entries = new IConsentLedger.Entry[](2);
            for (uint256 e; e < 2; ++e) {
                IConsentLedger.Entry memory entry;
                (entry, expected[2 * g + e]) = _attempt(account, id, uint256(keccak256(abi.encode(how, g, e))));
                groups[g].entries[e] = entry;
                if (expected[2 * g + e]) _note(account, id, entry);
                account.sent.push(entry);
            }
        }
        bytes memory batch = _pack(groups);
        uint256 before = gasleft();
        bytes4[] memory reasons = ledger.recordBatch(batch);
        uint256 spent = before - gasleft();
        if (spent > dearestBatch) dearestBatch = spent;
        uint256 good;
        uint256 taken;
        for (uint256 i; i < 6; ++i) {
            if (expected[i]) ++good;
            if (expected[i] && reasons[i] == 0) ++taken;
            if (!expected[i]) ++refused;
            require(expected[i] || reasons[i] != 0, "a bad entry is skipped");
        }
        if (good < 6) (goodBesideBad, takenBesideBad) = (goodBesideBad + good, takenBesideBad + taken);
    }

    /// The attacker sends again what was recorded before, and sends under another consent what was made for one.
    function replay(uint256 dice, uint256 which, uint256 under) public {
        (Account storage account, bytes32 id) = _pick(dice);
        if (account.sent.length == 0) return;
        (Account storage other, bytes32 otherId) = _pick(under);
        IConsentLedger.Entry memory entry = account.sent[which % account.sent.length];
        if (id == otherId && _times[_recordId(id, entry)] == 0) return;
        vm.prank(_address(mallory));
        _foretold(abi.encodeCall(ledger.record, (other.consent, entry)), false);
    }

    /// The log grows, honestly or not.
    function anchor(uint256 dice) public {
        if (_leaves.length > 24) return;
        IConsentLedger.Checkpoint memory from = _checkpoints[_checkpoints.length - 1];
        uint256 more = 1 + (dice >> 8) % 3;
        for (uint256 i; i < more; ++i) _leaves.push(keccak256(abi.encode(dice, i)));
        uint256 flaw = dice % 10;
        uint256 forged = (dice >> 16) % from.size;
        bytes32 honest = _leaves[forged];
        if (flaw == 1) _leaves[forged] = keccak256("forged");
        IConsentLedger.Checkpoint memory to = _checkpoint();
        bytes32[] memory proof = Tree.proof(_leaves, from.size, to.size);
        if (flaw == 1) _leaves[forged] = honest;
        if (flaw == 2) to.root = keccak256("another");
        if (flaw == 3) to.size = from.size;
        if (flaw == 4) proof[(dice >> 24) % proof.length] ^= bytes32(1 << (dice >> 32) % 256);
        if (flaw == 5) from.size += 1;
        if (flaw == 6) from = _checkpoints[(dice >> 24) % _checkpoints.length];
        bool isLast = from.size == _checkpoints[_checkpoints.length - 1].size;
        bytes32 structHash =
            keccak256(abi.encode(keccak256("Checkpoint(uint64 size,bytes32 root)"), to.size, to.root));
        bytes memory signature = _sign(flaw == 7 ? mallory : log, structHash);
        bool expected = isLast && flaw != 7 && (flaw == 0 || flaw > 5);
        _foretold(abi.encodeCall(ledger.anchor, (from, to, proof, signature)), expected);
        if (expected) {
            _checkpoints.push(to);
            ++anchors;
        } else {
            for (uint256 i; i < more; ++i) _leaves.pop();
        }
    }

    function send(uint256 amount) public {
        vm.deal(address(this), amount);
        (bool done,) = address(ledger).call{value: amount}("");
        require(!done, "it takes no money");
    }

    function pass(uint256 time) public {
        uint256[5] memory steps = [uint256(1), 12, 1 hours, 1 days, 20 days];
        vm.warp(block.timestamp + steps[time % 5]);
    }

    // What is foretold

    function _stranger(Account storage account, uint256 dice) private view returns (Person memory) {
        Person[3] memory strangers =
            [mallory, _clinicians[account.grantee], _patients[(account.patient + 1 + dice % 3) % 4]];
        return strangers[(dice >> 8) % 3];
    }

    /// Some entry, mostly a good one, and whether it must be recorded.
    function _attempt(Account storage account, bytes32 id, uint256 how)
        private
        returns (IConsentLedger.Entry memory entry, bool good)
    {
        ++tried;
        entry.byPatient = how % 3 == 0;
        uint32 next = 1 + (entry.byPatient ? account.patientCount : account.granteeCount);
        entry.kind = (how >> 8) % 16 == 0 ? uint8(how >> 16) : uint8(1 + (how >> 16) % 6);
        entry.number = (how >> 24) % 8 == 0 ? uint32((how >> 32) % 6) : next;
        entry.commitment = keccak256(abi.encode(how));
        uint256[6] memory offsets = [uint256(0), 24 hours, 24 hours + 1, 1 hours, 3 days, 12];
        entry.signedAt = (how >> 40) % 4 != 0
            ? uint64(block.timestamp)
            : uint64(block.timestamp + 120 + (how >> 48) % 2 - offsets[(how >> 56) % 6]);

        bool signed = (how >> 64) % 8 != 0;
        Person memory author = entry.byPatient ? _patients[account.patient] : _clinicians[account.grantee];
        if (!signed) author = entry.byPatient ? _clinicians[account.grantee] : _patients[account.patient];
        entry.signature = _sign(author, _recordId(id, entry));

        bool approved = (how >> 72) % 4 != 0;
        if (approved) entry.approval = _signApproval(_patients[account.patient], account.consent, entry);
        good = signed && entry.number == next && _mayBe(account, entry, approved);
    }

    function _mayBe(Account storage account, IConsentLedger.Entry memory entry, bool approved)
        private
        view
        returns (bool)
    {
        if (!account.granted || account.revoked) return false;
        if (entry.kind < SESSION_START || entry.kind > ACCESS_GRANTED) return false;
        bool allow = account.consent.scopes & (uint32(1) << entry.kind) != 0;
        bool ask = account.consent.scopes & (uint32(1) << (entry.kind + 16)) != 0;
        if (!allow && !(ask && (entry.byPatient || approved))) return false;
        if (entry.signedAt < account.consent.validFrom || entry.signedAt > account.consent.validUntil) return false;
        if (entry.signedAt + 24 hours < block.timestamp || entry.signedAt > block.timestamp + 2 minutes) return false;
        if (entry.byPatient) return entry.kind != PRESCRIPTION && entry.kind != PRESCRIPTION_CANCELLED;
        if (entry.kind != SESSION_START && entry.kind != PRESCRIPTION) return true;
        uint64 activeFrom = _activeFrom[account.grantee];
        return activeFrom != 0 && block.timestamp >= activeFrom;
    }

    function _note(Account storage account, bytes32 id, IConsentLedger.Entry memory entry) private {
        bytes32 record_ = _recordId(id, entry);
        account.records.push(record_);
        account.made.push(
            Made({
                kind: entry.kind,
                number: entry.number,
                signedAt: entry.signedAt,
                byPatient: entry.byPatient,
                approved: keccak256(entry.approval)
                    == keccak256(_signApproval(_patients[account.patient], account.consent, entry)),
                enrolled: _activeFrom[account.grantee] != 0 && block.timestamp >= _activeFrom[account.grantee]
            })
        );
        if (entry.byPatient) ++account.patientCount;
        else ++account.granteeCount;
        ++_times[record_];
        ++recorded;
    }

    // What must hold

    function book() external view returns (ILedger) {
        return ledger;
    }

    function authorized() external view {
        for (uint256 i; i < ids.length; ++i) {
            Account storage account = _accounts[ids[i]];
            uint256 counted = uint256(ledger.consentState(ids[i]).granteeCount) + ledger.consentState(ids[i]).patientCount;
            require(counted == account.made.length, "the ledger has no record but these");
            for (uint256 r; r < account.made.length; ++r) {
                Made storage made = account.made[r];
                require(account.granted, "its consent was granted");
                require(made.signedAt >= account.consent.validFrom && made.signedAt <= account.consent.validUntil);
                bool allowed = account.consent.scopes >> made.kind & 1 == 1;
                bool asked = account.consent.scopes >> (made.kind + 16) & 1 == 1;
                require(allowed || asked && (made.byPatient || made.approved), "covered, or approved");
                bool guarded = !made.byPatient && (made.kind == SESSION_START || made.kind == PRESCRIPTION);
                require(!guarded || made.enrolled, "by who was enrolled");
            }
        }
    }

    function nothingAfterRevocation() external view {
        for (uint256 i; i < ids.length; ++i) {
            Account storage account = _accounts[ids[i]];
            IConsentLedger.ConsentState memory state = ledger.consentState(ids[i]);
            require((state.status == IConsentLedger.Status.Revoked) == account.revoked, "a revocation stays");
            if (!account.revoked) continue;
            require(uint256(state.granteeCount) + state.patientCount == account.recordsWhenRevoked);
        }
    }

    function once() external view {
        uint256 counted;
        for (uint256 i; i < ids.length; ++i) {
            IConsentLedger.ConsentState memory state = ledger.consentState(ids[i]);
            counted += uint256(state.granteeCount) + state.patientCount;
            bytes32[] storage records = _accounts[ids[i]].records;
            for (uint256 r; r < records.length; ++r) require(_times[records[r]] == 1, "each act takes effect once");
        }
        require(counted == recorded, "and each that took effect is counted");
    }

    function numbered() external view {
        for (uint256 i; i < ids.length; ++i) {
            Account storage account = _accounts[ids[i]];
            uint32[2] memory last;
            for (uint256 r; r < account.made.length; ++r) {
                uint256 who = account.made[r].byPatient ? 1 : 0;
                require(account.made[r].number == ++last[who], "1, 2, 3 and so on");
            }
            IConsentLedger.ConsentState memory state = ledger.consentState(ids[i]);
            require(state.granteeCount == last[0] && state.patientCount == last[1]);
        }
    }

    function folded() external view {
        for (uint256 i; i < ids.length; ++i) {
            Account storage account = _accounts[ids[i]];
            bytes25 head = account.granted ? bytes25(ids[i]) : bytes25(0);
            for (uint256 r; r < account.records.length; ++r) head = _fold(head, account.records[r]);
            require(ledger.consentState(ids[i]).head == head, "whoever has the records can prove there are no others");
        }
    }

    function grown() external view {
        IConsentLedger.Checkpoint memory last = _checkpoints[_checkpoints.length - 1];
        require(ledger.anchored() == keccak256(abi.encode(last.size, last.root)), "nothing else was anchored");
        for (uint256 i; i < _checkpoints.length; ++i) {
            require(i == 0 || _checkpoints[i].size > _checkpoints[i - 1].size, "it only grows");
            require(_checkpoints[i].root == Tree.root(_leaves, _checkpoints[i].size), "old roots are of its beginnings");
        }
    }

    /// Whatever was called, each consent and clinician stands where only their own acts put them.
    function untouched() external view {
        require(address(ledger).balance == 0 && ledger.owner() == _address(owner) && ledger.logKey() == _address(log));
        for (uint256 i; i < ids.length; ++i) {
            Account storage account = _accounts[ids[i]];
            IConsentLedger.ConsentState memory state = ledger.consentState(ids[i]);
            require(state.granteeCount == account.granteeCount && state.patientCount == account.patientCount);
            bool live = account.granted && !account.revoked && block.timestamp >= account.consent.validFrom
                && block.timestamp <= account.consent.validUntil;
            require(ledger.isLive(account.consent) == live);
        }
        for (uint256 c; c < 3; ++c) {
            IConsentLedger.Clinician memory clinician = ledger.clinicianState(_clinicians[c].signer);
            require(clinician.epoch == _epochs[c] && clinician.activeFrom == _activeFrom[c]);
        }
    }
}

abstract contract Invariants {
    World internal world;

    function _means() internal pure virtual returns (Means);

    function setUp() public {
        world = new World(_means());
    }

    function targetContracts() public view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(world);
    }

    function targetSelectors() public view returns (FuzzSelector[] memory selectors) {
        bytes4[] memory acts = new bytes4[](15);
        (acts[0], acts[1], acts[2], acts[3]) =
            (World.grant.selector, World.grant.selector, World.record.selector, World.record.selector);
        (acts[4], acts[5], acts[6], acts[7]) =
            (World.record.selector, World.recordBatch.selector, World.recordBatch.selector, World.replay.selector);
        (acts[8], acts[9], acts[10], acts[11]) =
            (World.revoke.selector, World.enroll.selector, World.remove.selector, World.draw.selector);
        (acts[12], acts[13], acts[14]) = (World.pass.selector, World.send.selector, World.anchor.selector);
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(world), acts);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function invariant_1_behind_every_record_stands_what_authorizes_it() public view {
        world.authorized();
    }

    function invariant_2_after_a_revocation_nothing_more_is_recorded() public view {
        world.nothingAfterRevocation();
    }

    function invariant_3_each_act_takes_effect_at_most_once() public view {
        world.once();
    }

    function invariant_4_each_authors_records_are_numbered_without_a_gap() public view {
        world.numbered();
    }

    function invariant_5_the_head_is_folded_over_all_records() public view {
        world.folded();
    }

    function invariant_6_the_log_only_grows_and_old_roots_are_its_beginnings() public view {
        world.grown();
    }

    function invariant_7_nobody_changes_or_uses_up_what_is_anothers() public view {
        world.untouched();
    }

    function invariant_8_a_bad_entry_never_blocks_a_good_one() public view {
        require(world.takenBesideBad() == world.goodBesideBad(), "the good ones were taken");
        require(world.dearestBatch() < 6 * 2 * 75_000 + 1_000_000, "and the gas is bounded");
    }

    function afterInvariant() public view {
        if (world.tried() < 40) return;
        require(world.recorded() > 0 && world.refused() > 0, "some of it was recorded and some refused");
    }
}

contract InvariantsByKey is Invariants {
    function _means() internal pure override returns (Means) {
        return Means.Key;
    }
}

contract InvariantsByWallet is Invariants {
    function _means() internal pure override returns (Means) {
        return Means.Wallet;
    }
}

contract InvariantsByVerifier is Invariants {
    function _means() internal pure override returns (Means) {
        return Means.Verifier;
    }
}
