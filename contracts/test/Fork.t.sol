// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentLedger} from "../IConsentLedger.sol";
import {Base, Means} from "./Base.sol";

/// What the chain's fork must bring along: without the P-256 precompile a passkey costs more than a signer may spend.
contract ForkWithoutPrecompile is Base {
    function setUp() public {
        _setUp(Means.Passkey);
    }

    /// forge-config: default.evm_version = "prague"
    function test_without_the_precompile_a_passkey_is_refused_and_keys_go_on() public {
        IConsentLedger.Consent memory consent = _consent(ALLOW_ALL);
        bytes memory signature = _signConsent(ana, consent);
        _refused(
            abi.encodeCall(ledger.grant, (consent, signature)),
            abi.encodeWithSelector(IConsentLedger.NotSignedByPatient.selector, ana.signer, _digest(_id(consent)))
        );
        require(ledger.isSignedBy(ana.signer, _digest(_id(consent)), signature), "with gas enough it is good");
        consent.patient = abi.encodePacked(vm.addr(ana.key));
        (uint8 v, bytes32 r, bytes32 s) = vm.sign(ana.key, _digest(_id(consent)));
        ledger.grant(consent, abi.encodePacked(r, s, v));
    }
}
