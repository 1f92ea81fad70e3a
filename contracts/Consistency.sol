// SPDX-License-Identifier: Apache-2.0
pragma solidity 0.8.37;

/// @title Whether a Merkle tree begins with another (RFC 9162, 2.1.4.2)
/// @dev Such a proof does not bind the second size: an honest one passes for other sizes of the same shape too. Whoever
/// calls this takes size and root from one signature.
library Consistency {
    /// Whether the tree of `size` leaves that has `root` begins with the tree of `oldSize` leaves that has `oldRoot`.
    /// Only a larger tree begins with a smaller one, and none begins with the empty one.
    function holds(uint256 oldSize, bytes32 oldRoot, uint256 size, bytes32 root, bytes32[] calldata proof)
        internal
        view
        returns (bool)
    {
        if (oldSize == 0 || oldSize >= size) return false;
        (uint256 fn, uint256 sn) = (oldSize - 1, size - 1);
        while (fn & 1 == 1) (fn, sn) = (fn >> 1, sn >> 1);

        // An old tree that is a full one is where the proof starts and not in it.
        bool isFull = oldSize & (oldSize - 1) == 0;
        if (proof.length == 0) return false;
        bytes32 fr = isFull ? oldRoot : proof[0];
        bytes32 sr = fr;
        uint256 i = isFull ? 0 : 1;
        while (i < proof.length) {
            if (sn == 0) return false;
            bytes32 sibling = proof[i];
            unchecked {
                ++i;
            }
            if (fn & 1 == 1 || fn == sn) {
                fr = _node(sibling, fr);
                sr = _node(sibling, sr);
                while (fn & 1 == 0 && fn != 0) (fn, sn) = (fn >> 1, sn >> 1);
            } else {
                sr = _node(sr, sibling);
            }
            (fn, sn) = (fn >> 1, sn >> 1);
        }
        return sn == 0 && fr == oldRoot && sr == root;
    }

    /// sha256(0x01 ‖ left ‖ right), in 65 bytes of free memory.
    function _node(bytes32 left, bytes32 right) private view returns (bytes32 node) {
        assembly ("memory-safe") {
            let free := mload(0x40)
            mstore8(free, 1)
            mstore(add(free, 0x01), left)
            mstore(add(free, 0x21), right)
            if iszero(staticcall(gas(), 2, free, 0x41, 0, 0x20)) { revert(0, 0) }
            node := mload(0)
        }
    }
}
