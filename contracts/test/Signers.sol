// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {IERC7913SignatureVerifier} from "@openzeppelin/contracts/interfaces/IERC7913.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {SignerECDSA} from "@openzeppelin/contracts/utils/cryptography/signers/SignerECDSA.sol";

/// A contract wallet built on OpenZeppelin's, that answers for one key.
contract Wallet is SignerECDSA, IERC1271 {
    constructor(address key) SignerECDSA(key) {}

    function isValidSignature(bytes32 digest, bytes calldata signature) external view returns (bytes4) {
        return _rawSignatureValidation(digest, signature) ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// A verifier of keys that have no address: a key is its address, padded to a word.
contract Verifier is IERC7913SignatureVerifier {
    function verify(bytes calldata key, bytes32 digest, bytes calldata signature) external pure returns (bytes4) {
        (address signer,,) = ECDSA.tryRecover(digest, signature);
        return abi.decode(key, (address)) == signer ? IERC7913SignatureVerifier.verify.selector : bytes4(0);
    }
}

/// A wallet, and a verifier, that answers as badly as it was told to.
contract Hostile is IERC1271, IERC7913SignatureVerifier {
    enum Manner {
        Reverts,
        RevertsAtLength,
        AnswersNothing,
        AnswersAtLength,
        SpendsAll,
        SpendsMuchThenAgrees,
        TriesToWrite,
        AnswersOtherwise,
        AgreesToAnything,
        AgreesIfGivenEnough
    }

    Manner private immutable _manner;
    uint256 private _written;

    constructor(Manner manner) {
        _manner = manner;
    }

    function isValidSignature(bytes32, bytes calldata) external view returns (bytes4) {
        _misbehave();
        return _manner == Manner.AnswersOtherwise ? bytes4(0x12345678) : IERC1271.isValidSignature.selector;
    }

    function verify(bytes calldata, bytes32, bytes calldata) external view returns (bytes4) {
        _misbehave();
        return _manner == Manner.AnswersOtherwise ? bytes4(0x12345678) : IERC7913SignatureVerifier.verify.selector;
    }

    function write() external {
        ++_written;
    }

    function _misbehave() private view {
        Manner manner = _manner;
        if (manner == Manner.SpendsMuchThenAgrees) {
            while (gasleft() > 3_000) {}
        }
        if (manner == Manner.AgreesIfGivenEnough) require(gasleft() > 60_000);
        if (manner == Manner.TriesToWrite) {
            (bool done,) = address(this).staticcall(abi.encodeCall(this.write, ()));
            require(done);
        }
        assembly {
            if eq(manner, 0) { revert(0, 0) }
            if eq(manner, 1) { revert(0, 0x20000) }
            if eq(manner, 2) { return(0, 0) }
            if eq(manner, 3) { return(0, 0x20000) }
            if eq(manner, 4) { invalid() }
        }
    }
}
