// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// The Merkle tree of RFC 9162 over the hashes of its leaves, written from its recursive definitions.
library Tree {
    /// The root over the leaves from one place up to another.
    function root(bytes32[] memory leaves, uint256 from, uint256 to) internal pure returns (bytes32) {
        if (to - from == 1) return leaves[from];
        uint256 middle = from + _split(to - from);
        return sha256(abi.encodePacked(bytes1(0x01), root(leaves, from, middle), root(leaves, middle, to)));
    }

    function root(bytes32[] memory leaves, uint256 size) internal pure returns (bytes32) {
        return root(leaves, 0, size);
    }

    /// PROOF(oldSize, the first `size` leaves).
    function proof(bytes32[] memory leaves, uint256 oldSize, uint256 size) internal pure returns (bytes32[] memory) {
        return _subproof(leaves, oldSize, 0, size, true);
    }

    function _subproof(bytes32[] memory leaves, uint256 old, uint256 from, uint256 to, bool whole)
        private
        pure
        returns (bytes32[] memory)
    {
        if (old == to - from) return whole ? new bytes32[](0) : _with(new bytes32[](0), root(leaves, from, to));
        uint256 middle = _split(to - from);
        if (old <= middle) {
            return _with(_subproof(leaves, old, from, from + middle, whole), root(leaves, from + middle, to));
        }
        return
            _with(_subproof(leaves, old - middle, from + middle, to, false), root(leaves, from, from + middle));
    }

    function _with(bytes32[] memory list, bytes32 last) private pure returns (bytes32[] memory longer) {
        longer = new bytes32[](list.length + 1);
        for (uint256 i; i < list.length; ++i) longer[i] = list[i];
        longer[list.length] = last;
    }

    /// The largest power of two below `size`.
    function _split(uint256 size) private pure returns (uint256 power) {
        power = 1;
        while (power * 2 < size) power *= 2;
    }
}
