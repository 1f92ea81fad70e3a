// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentLedger} from "../IConsentLedger.sol";
import {Base, Means} from "./Base.sol";

/// The contract's judgement of consistency proofs against that of lib/audit/merkle.ts (see contracts/differential.ts).
contract Differential is Base {
    struct Case {
        IConsentLedger.Checkpoint last;
        IConsentLedger.Checkpoint next;
        bytes32[] proof;
        bool holds;
    }

    uint256 private constant ANCHORED_SLOT = 6;

    function setUp() public {
        _setUp(Means.Key);
    }

    function test_TC12_the_contract_judges_every_proof_as_we_do() public {
        Case[] memory cases = abi.decode(vm.readFileBinary(vm.envString("CONSISTENCY_CASES")), (Case[]));
        require(cases.length > 0, "there is something to judge");
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            bytes32 last = keccak256(abi.encode(c.last.size, c.last.root));
            vm.store(address(ledger), bytes32(ANCHORED_SLOT), last);
            require(ledger.anchored() == last, "the last checkpoint is this one");
            bytes32 structHash = keccak256(
                abi.encode(keccak256("Checkpoint(uint64 size,bytes32 root)"), c.next.size, c.next.root)
            );
            (bool anchored, bytes memory why) = address(ledger).call(
                abi.encodeCall(ledger.anchor, (c.last, c.next, c.proof, _sign(log, structHash)))
            );
            require(anchored == c.holds, string.concat("both judge case ", vm.toString(i)));
            bytes4 expected = c.next.size <= c.last.size
                ? IConsentLedger.LogDoesNotGrow.selector
                : IConsentLedger.LogIsNotConsistent.selector;
            require(anchored || bytes4(why) == expected, string.concat("and for the same reason case ", vm.toString(i)));
        }
    }
}
