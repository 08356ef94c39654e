// The Merkle tree of RFC 6962 §2.1: hashes and proofs of inclusion.

import { joined, toHex } from "./canonical.js";
import { Refused } from "./fault.js";

/** SHA-256(0x00 ‖ data). */
export function leafHash(subtle, data) {
  return sha256(subtle, Uint8Array.of(0), data);
}

/** SHA-256 of the concatenation of these arrays. */
export async function sha256(subtle, ...parts) {
  return new Uint8Array(await subtle.digest("SHA-256", joined(...parts)));
}

/** The root to which a path leads from `leaf`, number `index` of a tree of that size. Throws Refused (`inclusion`) if no such tree
 *  has such a path. */
export async function rootOver(subtle, leaf, index, treeSize, path) {
  if (index >= treeSize) throw wrong(`entry ${index} is not within a tree of ${treeSize}`);
  let [at, top, whole] = [index, treeSize - 1, leaf];
  const up = () => ([at, top] = [Math.floor(at / 2), Math.floor(top / 2)]);
  for (const sibling of path) {
    if (top === 0) throw wrong("it is longer than the tree allows");
    if (at % 2 === 1 || at === top) {
      whole = await sha256(subtle, Uint8Array.of(1), sibling, whole);
      while (at % 2 === 0) up(); // at the right edge, a level where the node has no sibling
    } else {
      whole = await sha256(subtle, Uint8Array.of(1), whole, sibling);
    }
    up();
  }
  if (top !== 0) throw wrong("it is shorter than the tree needs");
  return whole;
}

/** Check that `leaf`, a leaf hash, is number `index` of the tree of that size and root. Throws Refused (`inclusion`). */
export async function verifyInclusion(subtle, leaf, index, treeSize, proof, root) {
  const whole = await rootOver(subtle, leaf, index, treeSize, proof);
  if (toHex(whole) !== toHex(root)) throw wrong(`it leads to the root ${toHex(whole)}, not to ${toHex(root)}`);
}

/** The root over the leaves before leaf `index`, from an inclusion proof that was already verified. The left siblings on the path
 *  are complete subtrees that cover these leaves (ledger/log/merkle.py). */
export async function rootBefore(subtle, index, treeSize, proof) {
  let [at, top, root] = [index, treeSize - 1, null];
  const up = () => ([at, top] = [Math.floor(at / 2), Math.floor(top / 2)]);
  for (const sibling of proof) {
    if (at % 2 === 1 || at === top) {
      root = root ? await sha256(subtle, Uint8Array.of(1), sibling, root) : sibling;
      while (at % 2 === 0 && at > 0) up();
    }
    up();
  }
  return root ?? sha256(subtle);
}

function wrong(why) {
  return new Refused("inclusion", `the inclusion proof is false: ${why}`);
}
