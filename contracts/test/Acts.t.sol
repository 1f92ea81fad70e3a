// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentLedger} from "../IConsentLedger.sol";
import {Base, Group, Means, Person} from "./Base.sol";
import {Vm} from "./Vm.sol";

/// What each act does, and every reason for which it is refused; the same whatever people sign with.
abstract contract Acts is Base {
    // Ids

    function test_ids_are_the_struct_hashes_of_the_written_types() public view {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, 7);
        require(ledger.consentId(consent) == _id(consent));
        require(ledger.recordId(_id(consent), entry) == _recordId(_id(consent), entry));
    }

    function testFuzz_ids_bind_every_field(IConsentLedger.Consent memory consent, IConsentLedger.Entry memory entry)
        public
        view
    {
        require(ledger.consentId(consent) == _id(consent));
        require(ledger.recordId(_id(consent), entry) == _recordId(_id(consent), entry));
    }

    // Grant

    function test_a_granted_consent_is_live_and_its_head_is_its_id() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        require(!ledger.isLive(consent));
        vm.recordLogs();
        require(ledger.grant(consent, _signConsent(ana, consent)) == _id(consent));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        require(logs.length == 1 && logs[0].topics[0] == IConsentLedger.Granted.selector);
        require(logs[0].topics[1] == _id(consent) && logs[0].data.length == 0);

        IConsentLedger.ConsentState memory state = ledger.consentState(_id(consent));
        require(state.status == IConsentLedger.Status.Granted);
        require(state.head == bytes25(_id(consent)) && state.granteeCount == 0 && state.patientCount == 0);
        require(ledger.isLive(consent));
    }

    function test_a_consent_is_live_in_its_window_and_at_both_its_ends() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        vm.warp(consent.validFrom - 1);
        require(!ledger.isLive(consent));
        vm.warp(consent.validFrom);
        require(ledger.isLive(consent));
        vm.warp(consent.validUntil);
        require(ledger.isLive(consent));
        vm.warp(consent.validUntil + 1);
        require(!ledger.isLive(consent));
    }

    function test_a_consent_can_be_granted_before_the_grantee_is_enrolled_and_before_it_begins() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        (consent.validFrom, consent.validUntil) = (uint64(START + 1 days), uint64(START + 401 days));
        ledger.grant(consent, _signConsent(ana, consent));
        require(!ledger.isLive(consent));
    }

    function _notGranted(IConsentLedger.Consent memory consent, bytes memory refusal) private {
        _refused(abi.encodeCall(ledger.grant, (consent, _signConsent(ana, consent))), refusal);
        require(_word(_id(consent)) == 0, "nothing changed");
    }

    function test_a_consent_that_only_someone_else_signed_is_not_granted() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        bytes memory refusal = abi.encodeWithSelector(
            IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(_id(consent))
        );
        _refused(abi.encodeCall(ledger.grant, (consent, _signConsent(drOsei, consent))), refusal);
        _refused(abi.encodeCall(ledger.grant, (consent, "")), refusal);
        vm.prank(_address(ana));
        _refused(abi.encodeCall(ledger.grant, (consent, "")), refusal);
    }

    function test_a_consent_is_granted_once() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        _refused(
            abi.encodeCall(ledger.grant, (consent, _signConsent(ana, consent))),
            abi.encodeWithSelector(IConsentLedger.ConsentIsAlreadyGranted.selector, _id(consent))
        );
    }

    function test_a_window_that_ends_before_it_begins_is_not_granted() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        for (uint64 early; early < 2; ++early) {
            consent.validFrom = consent.validUntil + early;
            _notGranted(
                consent,
                abi.encodeWithSelector(
                    IConsentLedger.WindowIsEmpty.selector, consent.validFrom, consent.validUntil
                )
            );
        }
    }

    function test_a_window_of_400_days_is_granted_and_a_second_more_is_not() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        consent.validUntil = consent.validFrom + 400 days + 1;
        _notGranted(
            consent,
            abi.encodeWithSelector(IConsentLedger.WindowIsTooLong.selector, consent.validFrom, consent.validUntil)
        );
        consent.validUntil -= 1;
        ledger.grant(consent, _signConsent(ana, consent));

        (consent.validFrom, consent.validUntil) = (0, type(uint64).max);
        _notGranted(
            consent,
            abi.encodeWithSelector(IConsentLedger.WindowIsTooLong.selector, consent.validFrom, consent.validUntil)
        );
    }

    function test_a_window_is_granted_until_its_last_second() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        vm.warp(consent.validUntil + 1);
        _notGranted(
            consent,
            abi.encodeWithSelector(IConsentLedger.WindowIsOver.selector, consent.validUntil, block.timestamp)
        );
        vm.warp(consent.validUntil);
        ledger.grant(consent, _signConsent(ana, consent));
    }

    function test_a_patient_does_not_grant_to_themselves() public {
        IConsentLedger.Consent memory consent = _consentOf(ana, ana, ALLOW_ALL, 0);
        _notGranted(consent, abi.encodeWithSelector(IConsentLedger.GranteeIsPatient.selector, ana.signer));
    }

    function test_a_signer_has_20_to_1024_bytes() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        uint256[4] memory wrong = [uint256(0), 19, 1025, 4096];
        for (uint256 i; i < wrong.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(IConsentLedger.SignerLengthIsWrong.selector, wrong[i]);
            (consent.patient, consent.grantee) = (new bytes(wrong[i]), drOsei.signer);
            _notGranted(consent, refusal);
            (consent.patient, consent.grantee) = (ana.signer, new bytes(wrong[i]));
            _notGranted(consent, refusal);
        }
        consent.grantee = new bytes(1024);
        ledger.grant(consent, _signConsent(ana, consent));
        consent.grantee = new bytes(20);
        ledger.grant(consent, _signConsent(ana, consent));
    }

    // Revoke

    function test_a_revoked_consent_is_not_live_and_keeps_its_head_and_counts() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        ledger.record(consent, _entry(consent, FILE_SHARE, 1));
        ledger.record(consent, _patientEntry(consent, FILE_SHARE, 1));
        IConsentLedger.ConsentState memory before = ledger.consentState(_id(consent));

        vm.recordLogs();
        require(ledger.revoke(consent, _signRevocation(ana, consent)) == _id(consent));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        require(logs.length == 1 && logs[0].topics[0] == IConsentLedger.Revoked.selector);
        require(logs[0].topics[1] == _id(consent) && logs[0].data.length == 0);

        IConsentLedger.ConsentState memory state = ledger.consentState(_id(consent));
        require(state.status == IConsentLedger.Status.Revoked && !ledger.isLive(consent));
        require(state.head == before.head && state.granteeCount == 1 && state.patientCount == 1);
    }

    function test_a_patient_with_an_address_revokes_by_sending() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        bytes memory refusal = abi.encodeWithSelector(
            IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(_revocationOf(_id(consent)))
        );
        vm.prank(_address(mallory));
        _refused(abi.encodeCall(ledger.revoke, (consent, "")), refusal);
        vm.prank(_address(ana));
        if (!_haveAddresses()) {
            _refused(abi.encodeCall(ledger.revoke, (consent, "")), refusal);
        } else {
            ledger.revoke(consent, "");
            require(!ledger.isLive(consent));
        }
    }

    function test_a_revocation_that_only_someone_else_signed_is_refused() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        bytes memory refusal = abi.encodeWithSelector(
            IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(_revocationOf(_id(consent)))
        );
        _refused(abi.encodeCall(ledger.revoke, (consent, _signRevocation(drOsei, consent))), refusal);
        _refused(abi.encodeCall(ledger.revoke, (consent, _signConsent(ana, consent))), refusal);
        vm.prank(_address(ana));
        _refused(abi.encodeCall(ledger.revoke, (consent, _signRevocation(drOsei, consent))), refusal);
        require(ledger.isLive(consent));
    }

    function test_a_consent_is_revoked_once() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        ledger.revoke(consent, _signRevocation(ana, consent));
        _refused(
            abi.encodeCall(ledger.revoke, (consent, _signRevocation(ana, consent))),
            abi.encodeWithSelector(IConsentLedger.ConsentIsRevoked.selector, _id(consent))
        );
    }

    // Record

    function test_a_record_is_counted_folded_into_the_head_and_told() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        bytes25 head = bytes25(_id(consent));
        for (uint32 number = 1; number <= 3; ++number) {
            for (uint256 who; who < 2; ++who) {
                IConsentLedger.Entry memory entry =
                    who == 0 ? _entry(consent, FILE_SHARE, number) : _patientEntry(consent, FILE_SHARE, number);
                bytes32 record = _recordId(_id(consent), entry);
                vm.recordLogs();
                require(ledger.record(consent, entry) == record);
                Vm.Log[] memory logs = vm.getRecordedLogs();
                require(logs.length == 1 && logs[0].data.length == 0);
                require(logs[0].topics[1] == _id(consent) && logs[0].topics[2] == record);
                bytes32 told = entry.byPatient
                    ? IConsentLedger.RecordedByPatient.selector
                    : IConsentLedger.RecordedByGrantee.selector;
                require(logs[0].topics[0] == told);

                head = _fold(head, record);
                IConsentLedger.ConsentState memory state = ledger.consentState(_id(consent));
                require(state.head == head && state.status == IConsentLedger.Status.Granted);
                require(state.granteeCount == number && state.patientCount == (who == 0 ? number - 1 : number));
            }
        }
    }

    function test_all_that_is_kept_of_a_consent_is_one_word() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        ledger.record(consent, _entry(consent, FILE_SHARE, 1));
        ledger.record(consent, _entry(consent, FILE_SHARE, 2));
        ledger.record(consent, _patientEntry(consent, FILE_SHARE, 1));
        IConsentLedger.ConsentState memory state = ledger.consentState(_id(consent));
        require(
            _word(_id(consent)) == bytes32(abi.encodePacked(state.head, uint24(2), uint24(1), uint8(1))),
            "head, grantee's count, patient's count, status"
        );
    }

    function test_nothing_is_recorded_under_a_consent_that_was_not_granted() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        _notRecorded(
            consent,
            _entry(consent, FILE_SHARE, 1),
            abi.encodeWithSelector(IConsentLedger.ConsentIsNotGranted.selector, _id(consent))
        );
    }

    function test_nothing_is_recorded_under_a_revoked_consent() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        ledger.revoke(consent, _signRevocation(ana, consent));
        bytes memory refusal = abi.encodeWithSelector(IConsentLedger.ConsentIsRevoked.selector, _id(consent));
        _notRecorded(consent, _entry(consent, FILE_SHARE, 1), refusal);
        _notRecorded(consent, _patientEntry(consent, FILE_SHARE, 1), refusal);
    }

    function test_there_are_six_kinds() public {
        IConsentLedger.Consent memory consent = _granted(type(uint32).max);
        uint8[5] memory unknown = [0, 7, 15, 16, 255];
        for (uint256 i; i < unknown.length; ++i) {
            _notRecorded(
                consent,
                _entry(consent, unknown[i], 1),
                abi.encodeWithSelector(IConsentLedger.KindIsUnknown.selector, unknown[i])
            );
        }
        _enrolled(drOsei);
        for (uint8 kind = 1; kind <= 6; ++kind) ledger.record(consent, _entry(consent, kind, kind));
    }

    function test_each_kind_needs_its_own_bit() public {
        _enrolled(drOsei);
        for (uint8 kind = 1; kind <= 6; ++kind) {
            uint32 others = (ALLOW_ALL | ASK_ALL) & ~(uint32(1) << kind) & ~(uint32(1) << (16 + kind));
            IConsentLedger.Consent memory consent = _granted(others);
            _notRecorded(
                consent,
                _entry(consent, kind, 1),
                abi.encodeWithSelector(IConsentLedger.KindIsNotAllowed.selector, kind, others)
            );
            consent = _granted(uint32(1) << kind);
            ledger.record(consent, _entry(consent, kind, 1));
        }
    }

    function test_a_kind_at_ask_me_each_time_needs_the_patients_approval_of_exactly_that_record() public {
        _enrolled(drOsei);
        for (uint8 kind = 1; kind <= 6; ++kind) {
            IConsentLedger.Consent memory consent = _granted(uint32(1) << (16 + kind));
            IConsentLedger.Entry memory entry = _entry(consent, kind, 1);
            bytes memory refusal = abi.encodeWithSelector(
                IConsentLedger.NotApprovedByPatient.selector,
                ana.signer,
                _digest(_approvalOf(_recordId(_id(consent), entry)))
            );
            _notRecorded(consent, entry, refusal);
            entry.approval = _signApproval(drOsei, consent, entry);
            _notRecorded(consent, entry, refusal);
            entry.approval = _signApproval(ana, consent, _entry(consent, kind, 2));
            _notRecorded(consent, entry, refusal);
            entry.approval = _sign(ana, _recordId(_id(consent), entry));
            _notRecorded(consent, entry, refusal);
            entry.approval = _signApproval(ana, consent, entry);
            ledger.record(consent, entry);
        }
    }

    function test_what_the_patient_records_themselves_needs_no_approval() public {
        IConsentLedger.Consent memory consent = _granted(ASK_ALL);
        ledger.record(consent, _patientEntry(consent, FILE_SHARE, 1));
        consent = _granted(0);
        _notRecorded(
            consent,
            _patientEntry(consent, FILE_SHARE, 1),
            abi.encodeWithSelector(IConsentLedger.KindIsNotAllowed.selector, FILE_SHARE, 0)
        );
    }

    function test_a_patient_neither_prescribes_nor_cancels() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        for (uint8 kind = PRESCRIPTION; kind <= PRESCRIPTION_CANCELLED; ++kind) {
            _notRecorded(
                consent,
                _patientEntry(consent, kind, 1),
                abi.encodeWithSelector(IConsentLedger.KindIsNotForPatients.selector, kind)
            );
        }
        uint8[4] memory others = [SESSION_START, SESSION_END, FILE_SHARE, ACCESS_GRANTED];
        for (uint32 i; i < others.length; ++i) ledger.record(consent, _patientEntry(consent, others[i], i + 1));
    }

    function test_a_record_is_signed_within_the_consents_window() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        vm.warp(consent.validFrom);
        _signedAtIs(consent, consent.validFrom - 1, IConsentLedger.SignedOutsideWindow.selector);
        vm.warp(consent.validUntil + 1);
        _signedAtIs(consent, consent.validUntil + 1, IConsentLedger.SignedOutsideWindow.selector);
        uint256 snapshot = vm.snapshotState();
        ledger.record(consent, _entryBy(drOsei, consent, FILE_SHARE, 1, consent.validUntil, false));
        vm.revertToState(snapshot);
        vm.warp(consent.validFrom);
        ledger.record(consent, _entryBy(drOsei, consent, FILE_SHARE, 1, consent.validFrom, false));
    }

    function test_a_record_is_at_most_24_hours_old() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        _signedAtIs(consent, uint64(START - 24 hours - 1), IConsentLedger.SignedTooLongAgo.selector);
        ledger.record(consent, _entryBy(drOsei, consent, FILE_SHARE, 1, uint64(START - 24 hours), false));
    }

    function test_a_record_is_at_most_2_minutes_ahead() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        _signedAtIs(consent, uint64(START + 2 minutes + 1), IConsentLedger.SignedInTheFuture.selector);
        ledger.record(consent, _entryBy(drOsei, consent, FILE_SHARE, 1, uint64(START + 2 minutes), false));
    }

    function _signedAtIs(IConsentLedger.Consent memory consent, uint64 signedAt, bytes4 refusal) private {
        bytes memory evidence = refusal == IConsentLedger.SignedOutsideWindow.selector
            ? abi.encode(signedAt, consent.validFrom, consent.validUntil)
            : abi.encode(signedAt, block.timestamp);
        _notRecorded(
            consent,
            _entryBy(drOsei, consent, FILE_SHARE, 1, signedAt, false),
            abi.encodePacked(refusal, evidence)
        );
    }

    function test_each_authors_records_are_numbered_without_a_gap() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        for (uint32 next = 1; next <= 3; ++next) {
            for (uint32 number; number < next; ++number) {
                bytes memory used = abi.encodeWithSelector(IConsentLedger.NumberIsUsed.selector, number, next);
                _notRecorded(consent, _entry(consent, FILE_SHARE, number), used);
                _notRecorded(consent, _patientEntry(consent, FILE_SHARE, number), used);
            }
            uint32[2] memory ahead = [next + 1, type(uint32).max];
            for (uint256 i; i < ahead.length; ++i) {
                bytes memory gap = abi.encodeWithSelector(IConsentLedger.NumberLeavesGap.selector, ahead[i], next);
                _notRecorded(consent, _entry(consent, FILE_SHARE, ahead[i]), gap);
                _notRecorded(consent, _patientEntry(consent, FILE_SHARE, ahead[i]), gap);
            }
            ledger.record(consent, _entry(consent, FILE_SHARE, next));
            ledger.record(consent, _patientEntry(consent, FILE_SHARE, next));
        }
    }

    function test_a_full_consent_takes_no_more_and_forgets_nothing() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        bytes32 slot = keccak256(abi.encode(_id(consent), CONSENTS_SLOT));
        uint24 full = type(uint24).max;
        vm.store(address(ledger), slot, bytes32(abi.encodePacked(bytes25(_id(consent)), full - 1, full - 1, uint8(1))));
        ledger.record(consent, _entry(consent, FILE_SHARE, full));
        ledger.record(consent, _patientEntry(consent, FILE_SHARE, full));
        bytes memory refusal = abi.encodeWithSelector(IConsentLedger.ConsentIsFull.selector, _id(consent));
        uint32[3] memory numbers = [uint32(0), 1, uint32(full) + 1];
        for (uint256 i; i < numbers.length; ++i) {
            _notRecorded(consent, _entry(consent, FILE_SHARE, numbers[i]), refusal);
            _notRecorded(consent, _patientEntry(consent, FILE_SHARE, numbers[i]), refusal);
        }
        IConsentLedger.ConsentState memory state = ledger.consentState(_id(consent));
        require(state.granteeCount == full && state.patientCount == full);
        require(state.status == IConsentLedger.Status.Granted);
    }

    function test_a_record_counts_only_if_its_author_signed_it() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, 1);
        bytes32 digest = _digest(_recordId(_id(consent), entry));
        bytes memory byGrantee = abi.encodeWithSelector(
            IConsentLedger.NotSignedByAuthor.selector, drOsei.signer, digest
        );
        bytes memory byPatient = abi.encodeWithSelector(IConsentLedger.NotSignedByAuthor.selector, ana.signer, digest);
        Person[3] memory others = [ana, mallory, owner];
        for (uint256 i; i < others.length; ++i) {
            entry.signature = _sign(others[i], _recordId(_id(consent), entry));
            _notRecorded(consent, entry, byGrantee);
        }
        entry.byPatient = true;
        entry.signature = _sign(drOsei, _recordId(_id(consent), entry));
        _notRecorded(consent, entry, byPatient);
        entry.signature = "";
        _notRecorded(consent, entry, byPatient);
    }

    function test_a_signature_binds_every_field_of_the_record() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        IConsentLedger.Entry memory signed = _entry(consent, FILE_SHARE, 1);
        for (uint256 field; field < 3; ++field) {
            IConsentLedger.Entry memory entry = _entry(consent, FILE_SHARE, 1);
            entry.signature = signed.signature;
            if (field == 0) entry.kind = ACCESS_GRANTED;
            if (field == 1) entry.commitment = keccak256("other content");
            if (field == 2) entry.signedAt -= 1;
            _notRecorded(
                consent,
                entry,
                abi.encodeWithSelector(
                    IConsentLedger.NotSignedByAuthor.selector, drOsei.signer, _digest(_recordId(_id(consent), entry))
                )
            );
        }
        IConsentLedger.Consent memory other = _consentOf(ana, drOsei, ALLOW_ALL, 1);
        ledger.grant(other, _signConsent(ana, other));
        _notRecorded(
            other,
            signed,
            abi.encodeWithSelector(
                IConsentLedger.NotSignedByAuthor.selector, drOsei.signer, _digest(_recordId(_id(other), signed))
            )
        );
    }

    function test_only_an_enrolled_clinician_starts_a_session_or_prescribes() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        uint32 number = 1;
        for (uint8 kind = 1; kind <= 6; ++kind) {
            IConsentLedger.Entry memory entry = _entry(consent, kind, number);
            if (kind == SESSION_START || kind == PRESCRIPTION) {
                _notRecorded(
                    consent,
                    entry,
                    abi.encodeWithSelector(IConsentLedger.ClinicianIsNotEnrolled.selector, drOsei.signer, 0)
                );
            } else {
                ledger.record(consent, entry);
                ++number;
            }
        }
        _enrolled(drOsei);
        ledger.record(consent, _entry(consent, SESSION_START, number));
        ledger.record(consent, _entry(consent, PRESCRIPTION, number + 1));
    }

    // Batches

    function test_a_batch_records_the_good_and_names_the_bad_in_order() public {
        IConsentLedger.Consent memory first = _granted(ALLOW_ALL);
        IConsentLedger.Consent memory second = _consentOf(ana, drOsei, ALLOW_ALL, 1);
        Group[] memory groups = new Group[](3);
        groups[0].consent = first;
        groups[0].entries = new IConsentLedger.Entry[](4);
        groups[0].entries[0] = _entry(first, FILE_SHARE, 1);
        groups[0].entries[1] = _entry(first, FILE_SHARE, 1);
        groups[0].entries[2] = _patientEntry(first, FILE_SHARE, 1);
        groups[0].entries[3] = _entry(first, PRESCRIPTION, 2);
        groups[1].consent = second;
        groups[1].entries = new IConsentLedger.Entry[](1);
        groups[1].entries[0] = _entry(second, FILE_SHARE, 1);
        groups[2].consent = first;
        groups[2].entries = new IConsentLedger.Entry[](1);
        groups[2].entries[0] = _entry(first, FILE_SHARE, 2);

        bytes4[] memory reasons = ledger.recordBatch(_pack(groups));
        require(reasons.length == 6);
        require(reasons[0] == 0 && reasons[1] == IConsentLedger.NumberIsUsed.selector && reasons[2] == 0);
        require(reasons[3] == IConsentLedger.ClinicianIsNotEnrolled.selector);
        require(reasons[4] == IConsentLedger.ConsentIsNotGranted.selector && reasons[5] == 0);
        IConsentLedger.ConsentState memory state = ledger.consentState(_id(first));
        require(state.granteeCount == 2 && state.patientCount == 1 && _word(_id(second)) == 0);
    }

    function testFuzz_a_batch_leaves_what_its_entries_one_by_one_would(uint256 seed) public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        Group[] memory groups = new Group[](1);
        groups[0].consent = consent;
        groups[0].entries = new IConsentLedger.Entry[](8);
        for (uint256 i; i < 8; ++i) {
            uint256 dice = uint256(keccak256(abi.encode(seed, i)));
            uint32 number = uint32(1 + (dice % 4));
            uint8 kind = uint8(1 + ((dice >> 8) % 7));
            groups[0].entries[i] =
                (dice >> 16) % 2 == 0 ? _entry(consent, kind, number) : _patientEntry(consent, kind, number);
        }
        uint256 snapshot = vm.snapshotState();
        bytes4[] memory alone = new bytes4[](8);
        for (uint256 i; i < 8; ++i) {
            (bool done, bytes memory why) =
                address(ledger).call(abi.encodeCall(ledger.record, (consent, groups[0].entries[i])));
            alone[i] = done ? bytes4(0) : bytes4(why);
        }
        bytes32 word = _word(_id(consent));
        vm.revertToState(snapshot);
        bytes4[] memory reasons = ledger.recordBatch(_pack(groups));
        require(keccak256(abi.encode(reasons)) == keccak256(abi.encode(alone)) && _word(_id(consent)) == word);
    }

    /// Groups of several patients, clinicians and consents, good and bad, packed as short as can be or not.
    function testFuzz_a_batch_is_read_as_it_was_written(uint256 seed) public {
        Person[2] memory grantees = [drOsei, mallory];
        Group[] memory groups = new Group[](5);
        bytes4[] memory alone = new bytes4[](10);
        bytes32[] memory words = new bytes32[](5);
        for (uint256 g; g < 5; ++g) {
            uint256 dice = uint256(keccak256(abi.encode(seed, g)));
            Person memory grantee = grantees[dice & 1];
            groups[g].consent = _consentOf(ana, grantee, uint32(dice >> 8) | ALLOW_ALL, g);
            if (dice & 6 != 0) ledger.grant(groups[g].consent, _signConsent(ana, groups[g].consent));
            groups[g].entries = new IConsentLedger.Entry[](2);
            for (uint32 e; e < 2; ++e) {
                groups[g].entries[e] =
                    _entryBy(grantee, groups[g].consent, FILE_SHARE, e + 1, uint64(START), dice & 24 == 0);
                if (e == 1) groups[g].entries[e].approval = abi.encodePacked(dice);
            }
        }
        uint256 snapshot = vm.snapshotState();
        for (uint256 g; g < 5; ++g) {
            for (uint256 e; e < 2; ++e) {
                (bool done, bytes memory why) =
                    address(ledger).call(abi.encodeCall(ledger.record, (groups[g].consent, groups[g].entries[e])));
                alone[2 * g + e] = done ? bytes4(0) : bytes4(why);
            }
            words[g] = _word(_id(groups[g].consent));
        }
        bytes memory long;
        for (uint256 g; g < 5; ++g) long = bytes.concat(long, _packGroup(groups[g], groups[g].consent.grantee));
        bytes[2] memory batches = [_pack(groups), long];
        for (uint256 b; b < 2; ++b) {
            vm.revertToState(snapshot);
            snapshot = vm.snapshotState();
            bytes4[] memory reasons = ledger.recordBatch(batches[b]);
            require(keccak256(abi.encode(reasons)) == keccak256(abi.encode(alone)), "the same is refused, and why");
            for (uint256 g; g < 5; ++g) require(_word(_id(groups[g].consent)) == words[g], "the same is kept");
        }
    }

    function testFuzz_a_batch_that_is_cut_off_does_nothing(uint256 missing) public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        bytes memory batch = _pack(_one(consent, _entry(consent, FILE_SHARE, 1)));
        missing = 1 + missing % (batch.length - 1);
        bytes32 before = _word(_id(consent));
        assembly {
            mstore(batch, sub(mload(batch), missing))
        }
        (bool done, bytes memory why) = address(ledger).call(abi.encodeCall(ledger.recordBatch, (batch)));
        require(!done && bytes4(why) == IConsentLedger.BatchIsCutOff.selector && _word(_id(consent)) == before);
    }

    function test_a_batch_that_is_cut_off_says_by_how_much() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        bytes memory batch = _pack(_one(consent, _entry(consent, FILE_SHARE, 1)));
        assembly {
            mstore(batch, sub(mload(batch), 3))
        }
        _refused(
            abi.encodeCall(ledger.recordBatch, (batch)),
            abi.encodeWithSelector(IConsentLedger.BatchIsCutOff.selector, 3)
        );
    }

    function test_the_first_group_of_a_batch_has_a_grantee_of_its_own() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        Group[] memory groups = _one(consent, _entry(consent, FILE_SHARE, 1));
        bytes4[] memory reasons = ledger.recordBatch(_packGroup(groups[0], ""));
        require(reasons.length == 1 && reasons[0] == IConsentLedger.ConsentIsNotGranted.selector);
    }

    function test_a_batch_has_at_most_100_entries() public {
        IConsentLedger.Consent memory consent = _granted(ALLOW_ALL);
        Group[] memory groups = new Group[](2);
        groups[0] = Group(consent, new IConsentLedger.Entry[](60));
        groups[1] = Group(consent, new IConsentLedger.Entry[](41));
        _refused(
            abi.encodeCall(ledger.recordBatch, (_pack(groups))),
            abi.encodeWithSelector(IConsentLedger.TooManyEntries.selector, 101)
        );
        groups[1].entries = new IConsentLedger.Entry[](40);
        require(ledger.recordBatch(_pack(groups)).length == 100);
        require(ledger.recordBatch("").length == 0);
    }

    // Registry

    function test_an_enrollment_is_told_and_counts_after_the_delay() public {
        vm.recordLogs();
        ledger.enroll(drOsei.signer, "credential", 0, _signEnrollment(owner, drOsei, "credential", 0));
        Vm.Log[] memory logs = vm.getRecordedLogs();
        uint64 activeFrom = uint64(START) + DELAY;
        require(logs.length == 1 && logs[0].topics[0] == IConsentLedger.Enrolled.selector);
        require(logs[0].topics[1] == keccak256(drOsei.signer));
        require(
            keccak256(logs[0].data) == keccak256(abi.encode(drOsei.signer, bytes32("credential"), uint32(0), activeFrom))
        );
        IConsentLedger.Clinician memory clinician = ledger.clinicianState(drOsei.signer);
        require(clinician.epoch == 1 && clinician.activeFrom == activeFrom);
        vm.warp(activeFrom - 1);
        require(!ledger.isEnrolled(drOsei.signer));
        vm.warp(activeFrom);
        require(ledger.isEnrolled(drOsei.signer));
        require(!ledger.isEnrolled(mallory.signer));
    }

    function test_a_new_credential_does_not_restart_the_delay() public {
        _enrolled(drOsei);
        uint64 activeFrom = ledger.clinicianState(drOsei.signer).activeFrom;
        ledger.enroll(drOsei.signer, "renewed", 1, _signEnrollment(owner, drOsei, "renewed", 1));
        IConsentLedger.Clinician memory clinician = ledger.clinicianState(drOsei.signer);
        require(clinician.activeFrom == activeFrom && clinician.epoch == 2);
    }

    function test_a_removal_is_told_and_counts_at_once() public {
        _enrolled(drOsei);
        vm.recordLogs();
        _removed(drOsei);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        require(logs.length == 1 && logs[0].topics[0] == IConsentLedger.Removed.selector);
        require(logs[0].topics[1] == keccak256(drOsei.signer));
        require(keccak256(logs[0].data) == keccak256(abi.encode(drOsei.signer, uint32(1))));
        IConsentLedger.Clinician memory clinician = ledger.clinicianState(drOsei.signer);
        require(!ledger.isEnrolled(drOsei.signer) && clinician.epoch == 2 && clinician.activeFrom == 0);
    }

    function test_an_act_of_the_owner_takes_effect_once() public {
        bytes memory enrollment = _signEnrollment(owner, drOsei, "credential", 0);
        bytes memory removal = _signRemoval(owner, drOsei, 1);
        _refused(
            abi.encodeCall(ledger.remove, (drOsei.signer, 1, removal)),
            abi.encodeWithSelector(IConsentLedger.EpochIsNotCurrent.selector, 1, 0)
        );
        ledger.enroll(drOsei.signer, "credential", 0, enrollment);
        ledger.remove(drOsei.signer, 1, removal);
        _refused(
            abi.encodeCall(ledger.enroll, (drOsei.signer, "credential", 0, enrollment)),
            abi.encodeWithSelector(IConsentLedger.EpochIsNotCurrent.selector, 0, 2)
        );
        _refused(
            abi.encodeCall(ledger.remove, (drOsei.signer, 1, removal)),
            abi.encodeWithSelector(IConsentLedger.EpochIsNotCurrent.selector, 1, 2)
        );
    }

    function test_a_removal_voids_an_enrollment_that_was_signed_but_not_sent() public {
        bytes memory enrollment = _signEnrollment(owner, drOsei, "credential", 0);
        _removed(drOsei);
        _refused(
            abi.encodeCall(ledger.enroll, (drOsei.signer, "credential", 0, enrollment)),
            abi.encodeWithSelector(IConsentLedger.EpochIsNotCurrent.selector, 0, 1)
        );
    }

    function test_only_the_owner_enrolls_and_removes() public {
        _enrolled(drOsei);
        bytes32 enrollment = keccak256(
            abi.encode(
                keccak256("Enrollment(bytes clinician,bytes32 credential,uint32 epoch)"),
                keccak256(mallory.signer),
                bytes32("credential"),
                uint32(0)
            )
        );
        bytes32 removal = keccak256(
            abi.encode(
                keccak256("Removal(bytes clinician,uint32 epoch)"), keccak256(drOsei.signer), uint32(1)
            )
        );
        Person[3] memory others = [ana, drOsei, mallory];
        for (uint256 i; i < others.length; ++i) {
            bytes memory signature = _signEnrollment(others[i], mallory, "credential", 0);
            _refused(
                abi.encodeCall(ledger.enroll, (mallory.signer, "credential", 0, signature)),
                abi.encodeWithSelector(
                    IConsentLedger.NotSignedByOwner.selector, _address(owner), _digest(enrollment)
                )
            );
            signature = _signRemoval(others[i], drOsei, 1);
            _refused(
                abi.encodeCall(ledger.remove, (drOsei.signer, 1, signature)),
                abi.encodeWithSelector(IConsentLedger.NotSignedByOwner.selector, _address(owner), _digest(removal))
            );
        }
        vm.prank(_address(owner));
        _refused(
            abi.encodeCall(ledger.enroll, (mallory.signer, "credential", 0, "")),
            abi.encodeWithSelector(IConsentLedger.NotSignedByOwner.selector, _address(owner), _digest(enrollment))
        );
        require(ledger.isEnrolled(drOsei.signer) && !ledger.isEnrolled(mallory.signer));
    }

    function test_no_one_is_enrolled_who_could_not_be_a_grantee() public {
        uint256[2] memory wrong = [uint256(19), 1025];
        for (uint256 i; i < wrong.length; ++i) {
            Person memory nobody = Person(new bytes(wrong[i]), 1);
            bytes memory signature = _signEnrollment(owner, nobody, "credential", 0);
            _refused(
                abi.encodeCall(ledger.enroll, (nobody.signer, "credential", 0, signature)),
                abi.encodeWithSelector(IConsentLedger.SignerLengthIsWrong.selector, wrong[i])
            );
        }
    }

    function test_the_registry_passes_to_an_owner_who_accepts_it_and_never_to_nobody() public {
        Person memory next = _person("next owner");
        address nextAddress = _address(next);
        vm.prank(_address(owner));
        _refused(
            abi.encodeCall(ledger.renounceOwnership, ()),
            abi.encodeWithSelector(IConsentLedger.RegistryNeedsAnOwner.selector)
        );
        if (!_haveAddresses()) return; // a verifier serves many people and owns nothing
        vm.prank(_address(owner));
        ledger.transferOwnership(nextAddress);
        require(ledger.owner() == _address(owner));
        vm.prank(nextAddress);
        ledger.acceptOwnership();
        require(ledger.owner() == nextAddress);
        ledger.enroll(drOsei.signer, "credential", 0, _signEnrollment(next, drOsei, "credential", 0));
        _refused(
            abi.encodeCall(ledger.remove, (drOsei.signer, 1, _signRemoval(owner, drOsei, 1))),
            abi.encodeWithSelector(
                IConsentLedger.NotSignedByOwner.selector,
                nextAddress,
                _digest(
                    keccak256(
                        abi.encode(
                            keccak256("Removal(bytes clinician,uint32 epoch)"), keccak256(drOsei.signer), uint32(1)
                        )
                    )
                )
            )
        );
    }

    function test_it_takes_no_money() public {
        vm.deal(address(this), 1 ether);
        (bool sent,) = address(ledger).call{value: 1}("");
        require(!sent && address(ledger).balance == 0);
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        (sent,) = address(ledger).call{value: 1}(abi.encodeCall(ledger.grant, (consent, _signConsent(ana, consent))));
        require(!sent && address(ledger).balance == 0);
    }
}

contract ActsByKey is Acts {
    function setUp() public {
        _setUp(Means.Key);
    }
}

/// forge-config: ci.fuzz.runs = 1000
contract ActsByWallet is Acts {
    function setUp() public {
        _setUp(Means.Wallet);
    }
}

/// forge-config: ci.fuzz.runs = 1000
contract ActsByVerifier is Acts {
    function setUp() public {
        _setUp(Means.Verifier);
    }
}

/// Dear to sign for: what is drawn in full above is drawn in full here every night.
/// forge-config: ci.fuzz.runs = 500
contract ActsByP256 is Acts {
    function setUp() public {
        _setUp(Means.P256);
    }
}

/// forge-config: ci.fuzz.runs = 500
contract ActsByPasskey is Acts {
    function setUp() public {
        _setUp(Means.Passkey);
    }
}
