// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentLedger} from "../IConsentLedger.sol";
import {Base, Group, ILedger, Means, Person} from "./Base.sol";
import {Hostile} from "./Signers.sol";
import {Vm} from "./Vm.sol";

/// The attacks that must fail, by their names in the threat model.
abstract contract Attacks is Base {
    uint256 private constant N = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141;

    // T-C1: replay elsewhere

    /// Every act that was signed for another ledger is refused by this one.
    function _meansNothing(string memory version, uint256 chain, address place) private {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        bytes32 id = _id(consent);
        bytes memory signature = _signDigest(ana, _digestFor(version, chain, place, id));
        _refused(
            abi.encodeCall(ledger.grant, (consent, signature)),
            abi.encodeWithSelector(IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(id))
        );
        ledger.grant(consent, _signConsent(ana, consent));

        IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, 1);
        entry.signature = _signDigest(drOsei, _digestFor(version, chain, place, _recordId(id, entry)));
        _notRecorded(
            consent,
            entry,
            abi.encodeWithSelector(
                IConsentLedger.NotSignedByAuthor.selector, drOsei.signer, _digest(_recordId(id, entry))
            )
        );
        signature = _signDigest(ana, _digestFor(version, chain, place, _revocationOf(id)));
        _refused(
            abi.encodeCall(ledger.revoke, (consent, signature)),
            abi.encodeWithSelector(IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(_revocationOf(id)))
        );
        bytes32 enrollment = keccak256(
            abi.encode(
                keccak256("Enrollment(bytes clinician,bytes32 credential,uint32 epoch)"),
                keccak256(drOsei.signer),
                bytes32("credential"),
                uint32(0)
            )
        );
        signature = _signDigest(owner, _digestFor(version, chain, place, enrollment));
        _refused(
            abi.encodeCall(ledger.enroll, (drOsei.signer, "credential", 0, signature)),
            abi.encodeWithSelector(IConsentLedger.NotSignedByOwner.selector, _address(owner), _digest(enrollment))
        );
    }

    function testFuzz_TC1_what_was_signed_for_another_address_means_nothing(address place) public {
        vm.assume(place != address(ledger));
        _meansNothing("1", block.chainid, place);
    }

    function testFuzz_TC1_what_was_signed_for_another_chain_means_nothing(uint256 chain) public {
        vm.assume(chain != block.chainid);
        _meansNothing("1", chain, address(ledger));
    }

    function test_TC1_when_the_chain_takes_another_id_what_was_signed_before_means_nothing() public {
        uint256 before = block.chainid;
        vm.chainId(before + 1);
        _meansNothing("1", before, address(ledger));
    }

    function test_TC1_two_ledgers_share_no_signature() public {
        ILedger first = ledger;
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        bytes memory signature = _signConsent(ana, consent);
        ledger = _deploy("LEDGER_BYTECODE", DELAY);
        require(address(first) != address(ledger));
        _refused(
            abi.encodeCall(ledger.grant, (consent, signature)),
            abi.encodeWithSelector(IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(_id(consent)))
        );
    }

    // T-C2: malleability

    function test_TC2_another_form_of_a_signature_is_no_second_act_and_mostly_no_signature() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ana.key, _digest(_id(consent)));
        bytes32 flipped = bytes32(N - uint256(s));
        bytes[10] memory forms = [
            abi.encodePacked(r, flipped, v),
            abi.encodePacked(r, flipped, uint8(v ^ 7)),
            abi.encodePacked(r, s, uint8(v ^ 7)),
            abi.encodePacked(r, s, uint8(0)),
            abi.encodePacked(r, s, uint8(1)),
            abi.encodePacked(r, bytes32(uint256(s) | uint256(v - 27) << 255)),
            abi.encodePacked(r, s, v, uint8(0)),
            abi.encodePacked(bytes32(0), bytes32(0), uint8(27)),
            abi.encodePacked(r, s),
            bytes("")
        ];
        bytes memory refusal =
            abi.encodeWithSelector(IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(_id(consent)));
        for (uint256 i; i < forms.length; ++i) _refused(abi.encodeCall(ledger.grant, (consent, forms[i])), refusal);
        ledger.grant(consent, abi.encodePacked(r, s, v));
        refusal = abi.encodeWithSelector(IConsentLedger.ConsentIsAlreadyGranted.selector, _id(consent));
        for (uint256 i; i < forms.length; ++i) _refused(abi.encodeCall(ledger.grant, (consent, forms[i])), refusal);
    }

    function test_TC2_nobody_signs_for_the_zero_address() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        consent.patient = abi.encodePacked(address(0));
        bytes[3] memory forms =
            [bytes(""), new bytes(65), abi.encodePacked(bytes32(uint256(1)), bytes32(uint256(1)), uint8(29))];
        for (uint256 i; i < forms.length; ++i) {
            _refused(
                abi.encodeCall(ledger.grant, (consent, forms[i])),
                abi.encodeWithSelector(
                    IConsentLedger.NotSignedByPatient.selector, consent.patient, _digest(_id(consent))
                )
            );
        }
    }

    function test_TC2_a_signature_of_one_act_is_none_of_another() public {
        IConsentLedger.Consent memory consent = _granted(ASK_ALL);
        IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, 1);
        bytes32 id = _id(consent);
        bytes32 record = _recordId(id, entry);
        // Whatever else the patient signed approves nothing, and their approval revokes nothing.
        bytes32[4] memory acts = [id, _revocationOf(id), record, _approvalOf(id)];
        for (uint256 i; i < acts.length; ++i) {
            entry.approval = _sign(ana, acts[i]);
            _notRecorded(
                consent,
                entry,
                abi.encodeWithSelector(
                    IConsentLedger.NotApprovedByPatient.selector, ana.signer, _digest(_approvalOf(record))
                )
            );
        }
        bytes32[4] memory others = [id, record, _approvalOf(record), _approvalOf(id)];
        for (uint256 i; i < others.length; ++i) {
            _refused(
                abi.encodeCall(ledger.revoke, (consent, _sign(ana, others[i]))),
                abi.encodeWithSelector(
                    IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(_revocationOf(id))
                )
            );
        }
    }

    function testFuzz_TC2_a_changed_signature_is_no_signature(uint256 position, uint8 change, bytes memory tail) public {
        vm.assume(change != 0);
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, 1);
        if (position % 2 == 0) {
            position = (position / 2) % 65;
            entry.signature[position] = bytes1(uint8(entry.signature[position]) ^ change);
        } else {
            vm.assume(tail.length > 0);
            entry.signature = abi.encodePacked(entry.signature, tail);
        }
        _notRecorded(
            consent,
            entry,
            abi.encodeWithSelector(
                IConsentLedger.NotSignedByAuthor.selector, drOsei.signer, _digest(_recordId(_id(consent), entry))
            )
        );
    }

    // T-C3: order and repetition

    function testFuzz_TC3_in_whatever_order_acts_arrive_each_counts_once_and_all_end_alike(uint256 seed) public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        bytes[7] memory calls;
        bytes25 head = bytes25(_id(consent));
        calls[0] = abi.encodeCall(ledger.grant, (consent, _signConsent(ana, consent)));
        for (uint32 number = 1; number <= 6; ++number) {
            IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, number);
            calls[number] = abi.encodeCall(ledger.record, (consent, entry));
            head = _fold(head, _recordId(_id(consent), entry));
        }
        uint256 counted;
        for (uint256 round; round < 7; ++round) {
            seed = uint256(keccak256(abi.encode(seed)));
            for (uint256 i = 7; i > 1; --i) {
                uint256 j = (seed >> (i * 8)) % i;
                (calls[i - 1], calls[j]) = (calls[j], calls[i - 1]);
            }
            for (uint256 i; i < 7; ++i) {
                (bool done,) = address(ledger).call(calls[i]);
                if (done) ++counted;
            }
        }
        require(counted == 7, "each act took effect once");
        IConsentLedger.ConsentState memory state = ledger.consentState(_id(consent));
        require(state.granteeCount == 6 && state.head == head);
    }

    // T-C4: someone else sends it first

    function testFuzz_TC4_who_sends_changes_nothing_and_a_repeat_says_so(address sender) public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        bytes memory signature = _signConsent(ana, consent);
        IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, 1);
        bytes memory revocation = _signRevocation(ana, consent);
        uint256 snapshot = vm.snapshotState();
        ledger.grant(consent, signature);
        ledger.record(consent, entry);
        bytes32 word = _word(_id(consent));
        vm.revertToState(snapshot);

        vm.prank(sender);
        ledger.grant(consent, signature);
        _refused(
            abi.encodeCall(ledger.grant, (consent, signature)),
            abi.encodeWithSelector(IConsentLedger.ConsentIsAlreadyGranted.selector, _id(consent))
        );
        vm.prank(sender);
        ledger.record(consent, entry);
        _notRecorded(consent, entry, abi.encodeWithSelector(IConsentLedger.NumberIsUsed.selector, 1, 2));
        require(_word(_id(consent)) == word);
        vm.prank(sender);
        ledger.revoke(consent, revocation);
        _refused(
            abi.encodeCall(ledger.revoke, (consent, revocation)),
            abi.encodeWithSelector(IConsentLedger.ConsentIsRevoked.selector, _id(consent))
        );
    }

    // T-C5: a revocation wins wherever it comes

    function test_TC5_in_all_six_orders_nothing_follows_a_revocation() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        bytes[3] memory calls = [
            abi.encodeCall(ledger.grant, (consent, _signConsent(ana, consent))),
            abi.encodeCall(ledger.revoke, (consent, _signRevocation(ana, consent))),
            abi.encodeCall(ledger.record, (consent, _entry(consent, FILE_SHARE, 1)))
        ];
        uint8[3][6] memory orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
        for (uint256 o; o < orders.length; ++o) {
            uint256 snapshot = vm.snapshotState();
            bool granted;
            bool revoked;
            for (uint256 i; i < 3; ++i) {
                uint8 act = orders[o][i];
                (bool done, bytes memory why) = address(ledger).call(calls[act]);
                if (act == 0) {
                    require(done == !revoked);
                    granted = done;
                } else if (act == 1) {
                    require(done);
                    revoked = true;
                } else {
                    require(done == (granted && !revoked));
                }
                if (!done && revoked) require(bytes4(why) == IConsentLedger.ConsentIsRevoked.selector);
            }
            require(ledger.consentState(_id(consent)).status == IConsentLedger.Status.Revoked);
            vm.revertToState(snapshot);
        }
    }

    function testFuzz_TC5_in_any_schedule_nothing_follows_a_revocation(uint256 schedule) public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        bool granted;
        bool revoked;
        uint32 count;
        for (uint256 step; step < 16; ++step) {
            uint256 act = (schedule >> (step * 8)) % 8;
            bool done;
            if (act == 0) {
                (done,) = address(ledger).call(abi.encodeCall(ledger.revoke, (consent, _signRevocation(ana, consent))));
                require(done == !revoked);
                revoked = true;
            } else if (act < 3) {
                (done,) = address(ledger).call(abi.encodeCall(ledger.grant, (consent, _signConsent(ana, consent))));
                require(done == (!granted && !revoked));
                granted = granted || done;
            } else if (act < 5) {
                vm.warp(block.timestamp + 12);
            } else {
                IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, count + 1);
                if (act == 7) {
                    done = ledger.recordBatch(_pack(_one(consent, entry)))[0] == 0;
                } else {
                    (done,) = address(ledger).call(abi.encodeCall(ledger.record, (consent, entry)));
                }
                require(done == (granted && !revoked));
                if (done) ++count;
            }
        }
        require(ledger.consentState(_id(consent)).granteeCount == count);
    }

    // T-C6: windows

    function testFuzz_TC6_no_window_lets_a_record_out_of_it(uint64 from, uint64 until, uint64 now_, uint64 signedAt)
        public
    {
        vm.warp(now_);
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        (consent.validFrom, consent.validUntil) = (from, until);
        (bool granted,) = address(ledger).call(abi.encodeCall(ledger.grant, (consent, _signConsent(ana, consent))));
        require(granted == (from < until && until - from <= 400 days && until >= now_));
        IConsentLedger.Entry memory entry = _entryBy(drOsei, consent, FILE_SHARE, 1, signedAt, false);
        (bool recorded,) = address(ledger).call(abi.encodeCall(ledger.record, (consent, entry)));
        bool fresh = uint256(signedAt) + 24 hours >= now_ && signedAt <= uint256(now_) + 2 minutes;
        require(recorded == (granted && signedAt >= from && signedAt <= until && fresh));
    }

    /// The same near the edges, where chance seldom goes.
    function testFuzz_TC6_to_the_second(uint256 dice) public {
        uint64 from = uint64(START - 1 days + dice % 5);
        uint64 until = from + uint64((dice >> 8) % 4) + uint64((dice >> 16) % 2 == 0 ? 0 : 400 days - 2);
        uint64 now_ = uint64(START - 2 + (dice >> 24) % 5);
        uint64 signedAt = (dice >> 32) % 2 == 0 ? from + 3 - uint64((dice >> 40) % 6) : until + 3 - uint64((dice >> 40) % 6);
        if ((dice >> 48) % 3 == 0) signedAt = now_ + 2 minutes + 2 - uint64((dice >> 40) % 4);
        testFuzz_TC6_no_window_lets_a_record_out_of_it(from, until, now_, signedAt);
    }

    // T-C7: clocks

    function testFuzz_TC7_a_clock_that_is_off_or_stands_still_changes_nothing(uint256 dice) public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        // Half an hour in which the chain stood still: all of it carries one time, or times that run backwards.
        for (uint32 number = 1; number <= 6; ++number) {
            uint64 signedAt = uint64(START - 15 + (dice >> (number * 8)) % 31);
            IConsentLedger.Entry memory entry = _entryBy(drOsei, consent, FILE_SHARE, number, signedAt, false);
            uint256 snapshot = vm.snapshotState();
            vm.warp(START + 30 minutes);
            ledger.record(consent, entry);
            vm.revertToState(snapshot);
            ledger.record(consent, entry);
        }
        require(ledger.consentState(_id(consent)).granteeCount == 6);
    }

    // T-C8: what the relayer withholds

    function test_TC8_what_the_relayer_drops_stops_the_numbers_until_anyone_sends_it() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        IConsentLedger.Entry memory withheld = _entry(consent, FILE_SHARE, 1);
        IConsentLedger.Entry memory later = _entry(consent, FILE_SHARE, 2);
        _notRecorded(consent, later, abi.encodeWithSelector(IConsentLedger.NumberLeavesGap.selector, 2, 1));
        vm.prank(_address(mallory));
        ledger.record(consent, withheld);
        ledger.record(consent, later);
    }

    // T-C9: the registry

    function test_TC9_a_clinician_counts_after_the_delay_and_until_the_removal() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        ledger.enroll(drOsei.signer, "credential", 0, _signEnrollment(owner, drOsei, "credential", 0));
        uint64 activeFrom = uint64(START) + DELAY;
        vm.warp(activeFrom - 1);
        _notRecorded(
            consent,
            _entry(consent, PRESCRIPTION, 1),
            abi.encodeWithSelector(IConsentLedger.ClinicianIsNotEnrolled.selector, drOsei.signer, activeFrom)
        );
        vm.warp(activeFrom);
        ledger.record(consent, _entry(consent, PRESCRIPTION, 1));
        bytes32 word = _word(_id(consent));
        _removed(drOsei);
        require(_word(_id(consent)) == word, "what was recorded stands");
        bytes memory refusal =
            abi.encodeWithSelector(IConsentLedger.ClinicianIsNotEnrolled.selector, drOsei.signer, 0);
        _notRecorded(consent, _entry(consent, PRESCRIPTION, 2), refusal);
        _notRecorded(consent, _entry(consent, SESSION_START, 2), refusal);
        ledger.record(consent, _entry(consent, PRESCRIPTION_CANCELLED, 2));
        ledger.record(consent, _entry(consent, SESSION_END, 3));
    }

    function test_TC9_without_a_delay_an_enrollment_counts_at_once() public {
        ledger = _deploy("LEDGER_BYTECODE", 0);
        require(ledger.enrollmentDelay() == 0);
        ledger.enroll(drOsei.signer, "credential", 0, _signEnrollment(owner, drOsei, "credential", 0));
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        ledger.record(consent, _entry(consent, PRESCRIPTION, 1));
    }

    // T-C10: a bad item in a batch

    uint256 private constant BATCH = 50;
    uint256 private constant FLAWS = 10;

    function _goodBatch() private returns (Group[] memory groups) {
        _enrolled(drOsei);
        groups = new Group[](BATCH);
        for (uint256 i; i < BATCH; ++i) {
            IConsentLedger.Consent memory consent = _consentOf(ana, drOsei, i % 2 == 0 ? ALLOW_ALL : ASK_ALL, i);
            ledger.grant(consent, _signConsent(ana, consent));
            groups[i].consent = consent;
            groups[i].entries = new IConsentLedger.Entry[](1);
            groups[i].entries[0] = _entry(consent, PRESCRIPTION, 1);
            groups[i].entries[0].approval = _signApproval(ana, consent, groups[i].entries[0]);
        }
    }

    function _flaw(Group memory good, uint256 flaw, bytes memory hostile)
        private
        pure
        returns (Group memory bad)
    {
        bad = abi.decode(abi.encode(good), (Group));
        IConsentLedger.Entry memory entry = bad.entries[0];
        if (flaw == 0) bad.consent.salt = keccak256("never granted");
        if (flaw == 1) entry.kind = 9;
        if (flaw == 2) entry.kind = PRESCRIPTION_CANCELLED;
        if (flaw == 3) entry.signedAt += 1 hours;
        if (flaw == 4) entry.number = 2;
        if (flaw == 5) entry.byPatient = true;
        if (flaw == 6) entry.signature = new bytes(65);
        if (flaw == 7) entry.signature = new bytes(4096);
        if (flaw == 8) entry.signature[64] = 0;
        if (flaw == 9) bad.consent.grantee = hostile;
    }

    function test_TC10_one_bad_item_at_any_place_costs_no_other() public {
        Group[] memory groups = _goodBatch();
        bytes memory hostile = abi.encodePacked(new Hostile(Hostile.Manner.SpendsAll));
        bytes[] memory pieces = new bytes[](BATCH);
        bytes32[] memory ids = new bytes32[](BATCH);
        for (uint256 i; i < BATCH; ++i) {
            pieces[i] = _packGroup(groups[i], groups[i].consent.grantee);
            ids[i] = _id(groups[i].consent);
        }
        for (uint256 place; place < BATCH; ++place) {
            for (uint256 flaw; flaw < FLAWS; ++flaw) {
                uint256 snapshot = vm.snapshotState();
                bytes memory good = pieces[place];
                Group memory bad = _flaw(groups[place], flaw, hostile);
                pieces[place] = _packGroup(bad, bad.consent.grantee);
                bytes4[] memory reasons = ledger.recordBatch(_joined(pieces));
                pieces[place] = good;
                for (uint256 i; i < BATCH; ++i) {
                    require((reasons[i] == 0) == (i != place), "49 of 50");
                    require(ledger.consentState(ids[i]).granteeCount == (i == place ? 0 : 1));
                }
                vm.revertToState(snapshot);
            }
        }
    }

    function _hostileGroup(Hostile.Manner manner, bool withKey, uint256 salt)
        private
        returns (Group memory group)
    {
        Person memory rogue = Person(abi.encodePacked(new Hostile(manner)), 1);
        if (withKey) rogue.signer = abi.encodePacked(rogue.signer, bytes32(salt));
        group.consent = _consentOf(ana, rogue, ALLOW_ALL, salt);
        ledger.grant(group.consent, _signConsent(ana, group.consent));
        group.entries = new IConsentLedger.Entry[](1);
        group.entries[0] = _entryBy(rogue, group.consent, FILE_SHARE, 1, uint64(block.timestamp), false);
    }

    function test_TC10_a_signers_contract_can_neither_stop_a_batch_nor_spend_more_than_its_share() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        for (uint256 m; m <= uint256(type(Hostile.Manner).max); ++m) {
            for (uint256 k; k < 2; ++k) {
                uint256 snapshot = vm.snapshotState();
                Group[] memory groups = new Group[](3);
                groups[0] = _hostileGroup(Hostile.Manner(m), k == 1, 2 * m + k + 1);
                groups[1] = _one(consent, _entry(consent, FILE_SHARE, 1))[0];
                groups[2] = _one(consent, _entry(consent, FILE_SHARE, 2))[0];
                uint256 before = gasleft();
                bytes4[] memory reasons = ledger.recordBatch(_pack(groups));
                require(before - gasleft() < ledger.SIGNATURE_GAS() + 200_000, "it spent its share at most");
                bool agrees = Hostile.Manner(m) == Hostile.Manner.AgreesToAnything
                    || Hostile.Manner(m) == Hostile.Manner.SpendsMuchThenAgrees
                    || Hostile.Manner(m) == Hostile.Manner.AgreesIfGivenEnough;
                require(reasons[0] == (agrees ? bytes4(0) : IConsentLedger.NotSignedByAuthor.selector));
                require(reasons[1] == 0 && reasons[2] == 0, "the others went through");
                vm.revertToState(snapshot);
            }
        }
    }

    function test_TC10_a_full_batch_in_which_every_signer_spends_all_fits_into_one_transaction() public {
        Person memory patient = Person(abi.encodePacked(new Hostile(Hostile.Manner.AgreesToAnything)), 1);
        Person memory rogue = Person(abi.encodePacked(new Hostile(Hostile.Manner.SpendsMuchThenAgrees)), 1);
        Group[] memory groups = new Group[](100);
        for (uint256 i; i < 100; ++i) {
            IConsentLedger.Consent memory consent = _consentOf(patient, rogue, ASK_ALL, i);
            ledger.grant(consent, "");
            groups[i] = _one(consent, _entryBy(rogue, consent, FILE_SHARE, 1, uint64(START), false))[0];
        }
        vm.etch(_address(patient), address(new Hostile(Hostile.Manner.SpendsAll)).code);
        bytes memory call = abi.encodeCall(ledger.recordBatch, (_pack(groups)));
        uint256 calldataGas;
        for (uint256 i; i < call.length; ++i) calldataGas += call[i] == 0 ? 4 : 16;
        uint256 before = gasleft();
        (bool done, bytes memory answer) = address(ledger).call(call);
        uint256 spent = 21_000 + calldataGas + before - gasleft();
        require(done && spent < 1 << 24, "EIP-7825");
        bytes4[] memory reasons = abi.decode(answer, (bytes4[]));
        for (uint256 i; i < 100; ++i) require(reasons[i] == IConsentLedger.NotApprovedByPatient.selector);
    }

    function testFuzz_TC10_too_little_gas_skips_nothing_that_is_good(uint256 gasLimit) public {
        Group[] memory groups = new Group[](1);
        groups[0] = _hostileGroup(Hostile.Manner.AgreesIfGivenEnough, gasLimit % 2 == 0, 1);
        (bool done, bytes memory answer) =
            address(ledger).call{gas: 20_000 + gasLimit % 150_000}(abi.encodeCall(ledger.recordBatch, (_pack(groups))));
        if (done) require(abi.decode(answer, (bytes4[]))[0] == 0);
        else require(answer.length == 0 || bytes4(answer) == IConsentLedger.GasIsTooLow.selector);
    }

    function test_TC10_a_signature_has_at_most_2048_bytes() public {
        Group memory group = _hostileGroup(Hostile.Manner.AgreesToAnything, false, 1);
        group.entries[0].signature = new bytes(2049);
        bytes32 record = _recordId(_id(group.consent), group.entries[0]);
        _notRecorded(
            group.consent,
            group.entries[0],
            abi.encodeWithSelector(
                IConsentLedger.NotSignedByAuthor.selector, group.consent.grantee, _digest(record)
            )
        );
        group.entries[0].signature = new bytes(2048);
        ledger.record(group.consent, group.entries[0]);
    }

    /// Otherwise one key would be as many signers as there are endings.
    function test_TC2_a_key_is_no_verifier_of_itself() public {
        Person memory nobody = Person(abi.encodePacked(vm.addr(mallory.key), bytes32("key")), mallory.key);
        IConsentLedger.Consent memory consent = _consentOf(ana, nobody, ALLOW_ALL, 0);
        ledger.grant(consent, _signConsent(ana, consent));
        IConsentLedger.Entry memory entry = _entryBy(nobody, consent, FILE_SHARE, 1, uint64(START), false);
        _notRecorded(
            consent,
            entry,
            abi.encodeWithSelector(
                IConsentLedger.NotSignedByAuthor.selector, nobody.signer, _digest(_recordId(_id(consent), entry))
            )
        );
    }

    // T-C11: junk

    function testFuzz_TC11_junk_changes_nothing(
        IConsentLedger.Consent memory consent,
        IConsentLedger.Entry memory entry,
        bytes memory junk,
        address sender
    ) public {
        vm.assume(consent.patient.length != 20 || address(bytes20(consent.patient)) != sender);
        vm.assume(sender != address(0));
        if (consent.patient.length > 0) vm.assume(uint160(bytes20(consent.patient)) > 0xffff); // precompiles
        if (consent.grantee.length > 0) vm.assume(uint160(bytes20(consent.grantee)) > 0xffff);
        IConsentLedger.Consent memory live = _granted(ALLOW_ALL);
        bytes32 word = _word(_id(live));
        bytes[6] memory calls = [
            abi.encodeCall(ledger.grant, (consent, junk)),
            abi.encodeCall(ledger.revoke, (consent, junk)),
            abi.encodeCall(ledger.record, (consent, entry)),
            abi.encodeCall(ledger.record, (live, entry)),
            abi.encodeCall(ledger.revoke, (live, junk)),
            abi.encodeCall(ledger.enroll, (consent.grantee, keccak256(junk), 0, junk))
        ];
        for (uint256 i; i < calls.length; ++i) {
            vm.prank(sender);
            (bool done,) = address(ledger).call(calls[i]);
            require(!done);
        }
        require(ledger.recordBatch(_pack(_one(live, entry)))[0] != 0);
        require(_word(_id(live)) == word && _word(_id(consent)) == 0);
        (bool known,) = address(ledger).call(junk);
        require(!known || junk.length >= 4, "there is no fallback");
    }

    // T-C13: the next version

    function testFuzz_TC13_what_was_signed_for_one_version_means_nothing_to_the_next(uint8 version) public {
        vm.assume(version != 1);
        _meansNothing(vm.toString(version), block.chainid, address(ledger));
    }

    function test_TC13_version_2_refuses_what_version_1_took_even_at_its_address() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        bytes memory signature = _signConsent(ana, consent);
        uint256 snapshot = vm.snapshotState();
        ledger.grant(consent, signature);
        vm.revertToState(snapshot);
        vm.etch(address(ledger), address(_deploy("LEDGER_BYTECODE_V2", DELAY)).code);
        (bool done, bytes memory why) = address(ledger).call(abi.encodeCall(ledger.grant, (consent, signature)));
        require(!done && bytes4(why) == IConsentLedger.NotSignedByPatient.selector);
        ledger.grant(consent, _signDigest(ana, _digestFor("2", block.chainid, address(ledger), _id(consent))));
    }
}

contract AttacksByKey is Attacks {
    function setUp() public {
        _setUp(Means.Key);
    }
}

/// forge-config: ci.fuzz.runs = 1000
contract AttacksByWallet is Attacks {
    function setUp() public {
        _setUp(Means.Wallet);
    }
}

/// forge-config: ci.fuzz.runs = 1000
contract AttacksByVerifier is Attacks {
    function setUp() public {
        _setUp(Means.Verifier);
    }
}
