// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// A piece of the calldata: where it begins, shifted left by 64 bits, and how long it is.
type Piece is uint256;

/// A consent as its records are held to it. The first nine words are what EIP-712 hashes to its id.
struct Terms {
    bytes32 typeHash;
    bytes32 patientHash;
    bytes32 granteeHash;
    bytes32 visit;
    uint256 scopes;
    uint256 validFrom;
    uint256 validUntil;
    bytes32 terms;
    bytes32 salt;
    bytes32 id;
    Piece patient;
    Piece grantee;
}

/// A record that somebody wants made. The first six words are what EIP-712 hashes to its id.
struct Claim {
    bytes32 typeHash;
    bytes32 consent;
    uint256 kind;
    bytes32 commitment;
    uint256 number;
    uint256 signedAt;
    bytes32 id;
    bool byPatient;
    Piece signature;
    Piece approval;
}

/// @title How several records are written into one call, as IConsentLedger describes it
/// @dev What is read fills structs that are used again, so a batch takes no more memory than one record. Beyond the end
/// of the calldata are zeros: whoever reads looks at the end whether that was passed.
library Batch {
    /// The structs to read into.
    function start(bytes32 consentTypeHash, bytes32 recordTypeHash)
        internal
        pure
        returns (Terms memory terms, Claim memory claim)
    {
        (terms.typeHash, claim.typeHash) = (consentTypeHash, recordTypeHash);
    }

    /// Where in the calldata the batch begins and ends.
    function placesOf(bytes calldata batch) internal pure returns (uint256 first, uint256 end) {
        assembly ("memory-safe") {
            first := batch.offset
            end := add(first, batch.length)
        }
    }

    /// Reads a group's consent; tells where it ends and how many entries follow.
    function readConsent(uint256 from, Terms memory terms) internal pure returns (uint256 end, uint256 entries) {
        assembly ("memory-safe") {
            let numbers := calldataload(add(from, 96))
            entries := and(shr(56, numbers), 0xff)
            mstore(add(terms, 0x60), calldataload(from)) // visit
            mstore(add(terms, 0x80), shr(224, numbers)) // scopes
            mstore(add(terms, 0xa0), and(shr(160, numbers), 0xffffffffffffffff)) // validFrom
            mstore(add(terms, 0xc0), and(shr(96, numbers), 0xffffffffffffffff)) // validUntil
            calldatacopy(add(terms, 0xe0), add(from, 32), 64) // terms, salt

            let free := mload(0x40)
            let signer := add(from, 121)
            let length := and(shr(80, numbers), 0xffff)
            calldatacopy(free, signer, length)
            mstore(add(terms, 0x20), keccak256(free, length)) // patientHash
            mstore(add(terms, 0x140), or(shl(64, signer), length)) // patient
            signer := add(signer, length)
            length := and(shr(64, numbers), 0xffff)
            if length {
                calldatacopy(free, signer, length)
                mstore(add(terms, 0x40), keccak256(free, length)) // granteeHash
                mstore(add(terms, 0x160), or(shl(64, signer), length)) // grantee
            }
            end := add(signer, length)
            mstore(add(terms, 0x120), keccak256(terms, 0x120)) // id
        }
    }

    /// Reads an entry, as a record under `claim.consent`; tells where it ends.
    function readEntry(uint256 from, Claim memory claim) internal pure returns (uint256 end) {
        assembly ("memory-safe") {
            let numbers := calldataload(add(from, 32))
            mstore(add(claim, 0x60), calldataload(from)) // commitment
            mstore(add(claim, 0x40), byte(12, numbers)) // kind
            mstore(add(claim, 0x80), shr(224, numbers)) // number
            mstore(add(claim, 0xa0), and(shr(160, numbers), 0xffffffffffffffff)) // signedAt
            mstore(add(claim, 0xc0), keccak256(claim, 0xc0)) // id
            mstore(add(claim, 0xe0), iszero(iszero(byte(13, numbers)))) // byPatient

            let signature := add(from, 50)
            let length := and(shr(128, numbers), 0xffff)
            mstore(add(claim, 0x100), or(shl(64, signature), length)) // signature
            let approval := add(signature, length)
            length := and(shr(112, numbers), 0xffff)
            mstore(add(claim, 0x120), or(shl(64, approval), length)) // approval
            end := add(approval, length)
        }
    }

    /// To keep a piece of the calldata in a struct.
    function pieceOf(bytes calldata data) internal pure returns (Piece piece) {
        assembly ("memory-safe") {
            piece := or(shl(64, data.offset), data.length)
        }
    }

    /// What was kept.
    function read(Piece piece) internal pure returns (bytes calldata data) {
        assembly ("memory-safe") {
            data.offset := shr(64, piece)
            data.length := and(piece, 0xffffffffffffffff)
        }
    }
}
