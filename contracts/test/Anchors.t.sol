// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IConsentLedger} from "../IConsentLedger.sol";
import {Base, ILedger, Means, Person} from "./Base.sol";
import {Tree} from "./Tree.sol";
import {Vm} from "./Vm.sol";

/// The audit log's anchor: what it takes, and the attacks on it that must fail.
abstract contract Anchors is Base {
    uint256 private constant ANCHORED_SLOT = 6;
    uint256 private constant MOST = 20;

    bytes32[] private _leaves;

    function _start(Means how) internal {
        _setUp(how);
        _leaves.push(_firstLeaf(ledger));
        for (uint256 i = 1; i < MOST; ++i) _leaves.push(sha256(abi.encode("leaf", i)));
    }

    function _firstLeaf(ILedger which) private view returns (bytes32) {
        return sha256(abi.encodePacked(bytes1(0), "Assent audit log\n", block.chainid, address(which)));
    }

    function _at(uint256 size) private view returns (IConsentLedger.Checkpoint memory) {
        return IConsentLedger.Checkpoint(uint64(size), Tree.root(_leaves, size));
    }

    function _hashOf(IConsentLedger.Checkpoint memory checkpoint) private pure returns (bytes32) {
        return keccak256(abi.encode(checkpoint.size, checkpoint.root));
    }

    function _structHash(IConsentLedger.Checkpoint memory checkpoint) private pure returns (bytes32) {
        bytes32 typeHash = keccak256("Checkpoint(uint64 size,bytes32 root)");
        return keccak256(abi.encode(typeHash, checkpoint.size, checkpoint.root));
    }

    function _putAnchor(IConsentLedger.Checkpoint memory checkpoint) private {
        vm.store(address(ledger), bytes32(ANCHORED_SLOT), _hashOf(checkpoint));
    }

    function _anchor(uint256 from, uint256 to) private {
        ledger.anchor(_at(from), _at(to), Tree.proof(_leaves, from, to), _sign(log, _structHash(_at(to))));
    }

    /// Signed by the log's key, and refused with exactly this refusal; what was anchored stands.
    function _notAnchored(
        IConsentLedger.Checkpoint memory from,
        IConsentLedger.Checkpoint memory to,
        bytes32[] memory proof,
        bytes memory refusal
    ) private {
        bytes32 before = ledger.anchored();
        _refused(abi.encodeCall(ledger.anchor, (from, to, proof, _sign(log, _structHash(to)))), refusal);
        require(ledger.anchored() == before, "what was anchored stands");
    }

    function _inconsistent(IConsentLedger.Checkpoint memory from, IConsentLedger.Checkpoint memory to)
        private
        pure
        returns (bytes memory)
    {
        return abi.encodeWithSelector(IConsentLedger.LogIsNotConsistent.selector, from, to);
    }

    function test_the_first_checkpoint_is_made_with_the_contract_and_bound_to_it() public {
        vm.recordLogs();
        ILedger other = _deploy("LEDGER_BYTECODE", DELAY);
        Vm.Log[] memory logs = vm.getRecordedLogs();
        bytes32 leaf = _firstLeaf(other);
        require(other.anchored() == keccak256(abi.encode(uint64(1), leaf)) && leaf != _firstLeaf(ledger));
        require(other.logKey() == _address(log));
        Vm.Log memory told = logs[logs.length - 1];
        require(told.topics[0] == IConsentLedger.Anchored.selector && told.topics.length == 1);
        require(keccak256(told.data) == keccak256(abi.encode(uint64(1), leaf)));
    }

    function test_a_log_that_grew_is_anchored_and_told() public {
        for (uint256 from = 1; from < MOST; ++from) {
            for (uint256 to = from + 1; to <= MOST; ++to) {
                _putAnchor(_at(from));
                vm.recordLogs();
                _anchor(from, to);
                Vm.Log[] memory logs = vm.getRecordedLogs();
                require(logs.length == 1 && logs[0].topics[0] == IConsentLedger.Anchored.selector);
                require(keccak256(logs[0].data) == keccak256(abi.encode(_at(to))));
                require(ledger.anchored() == _hashOf(_at(to)));
            }
        }
    }

    function test_TC4_anyone_sends_what_the_log_signed_and_once() public {
        vm.prank(_address(mallory));
        _anchor(1, 7);
        _notAnchored(
            _at(1),
            _at(7),
            Tree.proof(_leaves, 1, 7),
            abi.encodeWithSelector(IConsentLedger.CheckpointIsNotTheLast.selector, _at(1), _hashOf(_at(7)))
        );
    }

    function test_TC12_only_the_logs_key_anchors() public {
        bytes32 digest = _digest(_structHash(_at(7)));
        Person[3] memory others = [mallory, owner, ana];
        for (uint256 i; i < others.length; ++i) {
            bytes memory call = abi.encodeCall(
                ledger.anchor,
                (_at(1), _at(7), Tree.proof(_leaves, 1, 7), _sign(others[i], _structHash(_at(7))))
            );
            _refused(call, abi.encodeWithSelector(IConsentLedger.NotSignedByLog.selector, _address(log), digest));
        }
    }

    function test_TC12_the_log_never_goes_back_nor_stays() public {
        _anchor(1, 12);
        for (uint256 size; size <= 12; ++size) {
            IConsentLedger.Checkpoint memory to = size == 0 ? IConsentLedger.Checkpoint(0, sha256("")) : _at(size);
            bytes32[] memory proof = size == 0 ? new bytes32[](0) : Tree.proof(_leaves, size, 12);
            bytes memory refusal = abi.encodeWithSelector(IConsentLedger.LogDoesNotGrow.selector, 12, size);
            _notAnchored(_at(12), to, proof, refusal);
        }
        IConsentLedger.Checkpoint memory other = IConsentLedger.Checkpoint(12, keccak256("another root"));
        bytes memory stays = abi.encodeWithSelector(IConsentLedger.LogDoesNotGrow.selector, 12, 12);
        _notAnchored(_at(12), other, new bytes32[](0), stays);
    }

    function test_TC12_a_log_that_forked_anywhere_is_not_anchored() public {
        _anchor(1, 11);
        IConsentLedger.Checkpoint memory from = _at(11);
        for (uint256 at_; at_ < 11; ++at_) {
            bytes32 honest = _leaves[at_];
            _leaves[at_] = keccak256("forged");
            for (uint256 to = 12; to <= MOST; ++to) {
                _notAnchored(from, _at(to), Tree.proof(_leaves, 11, to), _inconsistent(from, _at(to)));
            }
            _leaves[at_] = honest;
        }
    }

    function test_TC12_no_bit_of_a_proof_may_be_another() public {
        uint8[2][4] memory sizes = [[1, 6], [7, 12], [8, 13], [11, 20]];
        for (uint256 k; k < sizes.length; ++k) {
            (IConsentLedger.Checkpoint memory from, IConsentLedger.Checkpoint memory to) =
                (_at(sizes[k][0]), _at(sizes[k][1]));
            bytes32[] memory proof = Tree.proof(_leaves, sizes[k][0], sizes[k][1]);
            _putAnchor(from);
            for (uint256 bit; bit < 256 * proof.length; ++bit) {
                proof[bit / 256] ^= bytes32(1 << bit % 256);
                _notAnchored(from, to, proof, _inconsistent(from, to));
                proof[bit / 256] ^= bytes32(1 << bit % 256);
            }
        }
    }

    function test_TC12_a_proof_is_neither_shorter_nor_longer() public {
        for (uint256 from = 1; from < 12; ++from) {
            for (uint256 to = from + 1; to <= 12; ++to) {
                bytes32[] memory proof = Tree.proof(_leaves, from, to);
                _putAnchor(_at(from));
                bytes32[] memory longer = new bytes32[](proof.length + 1);
                for (uint256 i; i < proof.length; ++i) longer[i] = proof[i];
                for (uint256 fill; fill < 2; ++fill) {
                    longer[proof.length] = fill == 0 ? bytes32(0) : proof[proof.length - 1];
                    _notAnchored(_at(from), _at(to), longer, _inconsistent(_at(from), _at(to)));
                }
                for (uint256 length; length < proof.length; ++length) {
                    bytes32[] memory shorter = new bytes32[](length);
                    for (uint256 i; i < length; ++i) shorter[i] = proof[i];
                    _notAnchored(_at(from), _at(to), shorter, _inconsistent(_at(from), _at(to)));
                }
            }
        }
    }

    function test_TC12_the_last_checkpoint_is_named_as_it_is() public {
        _anchor(1, 7);
        IConsentLedger.Checkpoint[4] memory wrong = [
            IConsentLedger.Checkpoint(6, _at(7).root),
            IConsentLedger.Checkpoint(7, _at(6).root),
            _at(1),
            IConsentLedger.Checkpoint(0, bytes32(0))
        ];
        for (uint256 i; i < wrong.length; ++i) {
            bytes memory refusal =
                abi.encodeWithSelector(IConsentLedger.CheckpointIsNotTheLast.selector, wrong[i], _hashOf(_at(7)));
            _notAnchored(wrong[i], _at(12), Tree.proof(_leaves, 7, 12), refusal);
        }
    }

    /// A consistency proof does not bind the new size; the signature does.
    function test_TC12_an_honest_proof_carries_no_other_size_than_the_signed_one() public {
        _anchor(1, 7);
        bytes32[] memory proof = Tree.proof(_leaves, 7, 12);
        bytes memory signature = _sign(log, _structHash(_at(12)));
        for (uint64 size = 8; size <= 40; ++size) {
            if (size == 12) continue;
            IConsentLedger.Checkpoint memory to = IConsentLedger.Checkpoint(size, _at(12).root);
            bytes memory refusal = abi.encodeWithSelector(
                IConsentLedger.NotSignedByLog.selector, _address(log), _digest(_structHash(to))
            );
            _refused(abi.encodeCall(ledger.anchor, (_at(7), to, proof, signature)), refusal);
        }
        _anchor(7, 12);
    }

    function testFuzz_TC12_made_up_proofs_show_nothing(uint64 size, bytes32 root, bytes32[] memory proof) public {
        _anchor(1, 13);
        vm.assume(size > 13);
        IConsentLedger.Checkpoint memory to = IConsentLedger.Checkpoint(size, root);
        _notAnchored(_at(13), to, proof, _inconsistent(_at(13), to));
    }

    function test_TC1_a_checkpoint_of_another_ledger_means_nothing() public {
        ILedger here = ledger;
        ledger = _deploy("LEDGER_BYTECODE", DELAY);
        bytes memory elsewhere = _sign(log, _structHash(_at(7)));
        ledger = here;
        _refused(
            abi.encodeCall(ledger.anchor, (_at(1), _at(7), Tree.proof(_leaves, 1, 7), elsewhere)),
            abi.encodeWithSelector(
                IConsentLedger.NotSignedByLog.selector, _address(log), _digest(_structHash(_at(7)))
            )
        );
    }
}

contract AnchorsByKey is Anchors {
    function setUp() public {
        _start(Means.Key);
    }
}

contract AnchorsByWallet is Anchors {
    function setUp() public {
        _start(Means.Wallet);
    }
}
