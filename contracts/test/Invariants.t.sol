// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentLedger} from "../IConsentLedger.sol";
import {Base, Group, ILedger, Means, Person} from "./Base.sol";
import {Vm} from "./Vm.sol";

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
        IConsentLedger.Entry[] sent;
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
        if (expected) account.revoked = true;
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
        bytes4[] memory reasons = ledger.recordBatch(_pack(groups));
        for (uint256 i; i < 6; ++i) {
            require((reasons[i] == 0) == expected[i], "the ledger does what was foretold");
            if (!expected[i]) ++refused;
        }
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
        if (entry.byPatient) ++account.patientCount;
        else ++account.granteeCount;
        ++_times[record_];
        ++recorded;
    }

    // What must hold

    function book() external view returns (ILedger) {
        return ledger;
    }

    /// I1, I2, I5 and I6: the ledger holds exactly what was foretold, of all that was ever recorded, in that order.
    function agrees() external view {
        for (uint256 i; i < ids.length; ++i) {
            Account storage account = _accounts[ids[i]];
            IConsentLedger.ConsentState memory state = ledger.consentState(ids[i]);
            bytes25 head = account.granted ? bytes25(ids[i]) : bytes25(0);
            for (uint256 r; r < account.records.length; ++r) head = _fold(head, account.records[r]);
            require(state.head == head, "whoever has the records can prove that there are no others");
            require(state.granteeCount == account.granteeCount && state.patientCount == account.patientCount);
            require(
                state.status
                    == (account.revoked
                        ? IConsentLedger.Status.Revoked
                        : account.granted ? IConsentLedger.Status.Granted : IConsentLedger.Status.Unknown)
            );
            require(
                ledger.isLive(account.consent)
                    == (account.granted && !account.revoked && block.timestamp >= account.consent.validFrom
                        && block.timestamp <= account.consent.validUntil)
            );
        }
        for (uint256 c; c < 3; ++c) {
            IConsentLedger.Clinician memory clinician = ledger.clinicianState(_clinicians[c].signer);
            require(clinician.epoch == _epochs[c] && clinician.activeFrom == _activeFrom[c]);
        }
    }

    /// I3: no record is there twice.
    function unique() external view {
        for (uint256 i; i < ids.length; ++i) {
            bytes32[] storage records = _accounts[ids[i]].records;
            for (uint256 r; r < records.length; ++r) require(_times[records[r]] == 1, "each act takes effect once");
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
        bytes4[] memory acts = new bytes4[](14);
        (acts[0], acts[1], acts[2], acts[3]) =
            (World.grant.selector, World.grant.selector, World.record.selector, World.record.selector);
        (acts[4], acts[5], acts[6], acts[7]) =
            (World.record.selector, World.recordBatch.selector, World.recordBatch.selector, World.replay.selector);
        (acts[8], acts[9], acts[10], acts[11]) =
            (World.revoke.selector, World.enroll.selector, World.remove.selector, World.draw.selector);
        (acts[12], acts[13]) = (World.pass.selector, World.send.selector);
        selectors = new FuzzSelector[](1);
        selectors[0] = FuzzSelector(address(world), acts);
    }

    struct FuzzSelector {
        address addr;
        bytes4[] selectors;
    }

    function invariant_I1_I2_I5_I6_the_ledger_holds_exactly_what_was_authorized() public view {
        world.agrees();
    }

    function invariant_I3_each_act_takes_effect_once() public view {
        world.unique();
    }

    function invariant_I7_the_ledger_holds_no_money() public view {
        require(address(world.book()).balance == 0);
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
