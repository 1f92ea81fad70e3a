import { ethers } from "ethers";
import { nodeHash } from "../../lib/audit/merkle.ts";

/**
 * Two checkpoints and a proof that the larger log begins with the smaller, for sizes of which nobody wants to make all
 * leaves: the proof's hashes are made up, and the roots are what they prove.
 */
export function growth(oldSize: number, size: number) {
  let made = 0;
  const word = () => ethers.id(`bench node ${made++}`);
  const isFull = Number.isInteger(Math.log2(oldSize));
  const start = word();
  const proof = isFull ? [] : [start];
  let [fn, sn] = [oldSize - 1, size - 1];
  const up = () => {
    [fn, sn] = [Math.floor(fn / 2), Math.floor(sn / 2)];
  };
  while (fn % 2 === 1) up();
  let [oldRoot, root] = [start, start];
  for (; sn !== 0; up()) {
    const sibling = word();
    proof.push(sibling);
    if (fn % 2 === 1 || fn === sn) {
      oldRoot = nodeHash(sibling, oldRoot);
      root = nodeHash(sibling, root);
      while (fn % 2 === 0 && fn !== 0) up();
    } else {
      root = nodeHash(root, sibling);
    }
  }
  return { from: { size: oldSize, root: oldRoot }, to: { size, root }, proof };
}
