// The Merkle tree of RFC 6962 §2.1: hashes and proofs of inclusion.

import { joined, toHex } from "./canonical.js";
import { Refused } from "./fault.js";

/** SHA-256(0x00 ‖ data). */
export function leafHash(subtle, data) {
  return sha256(subtle, Uint8Array.of(0), data);
}

/** SHA-256 of some bytes, one after the other. */
export async function sha256(subtle, ...parts) {
  return new Uint8Array(await subtle.digest("SHA-256", joined(...parts)));
}

/** Check that `leaf`, a leaf hash, is number `index` of the tree of that size and root. Throws Refused (`inclusion`). */
export async function verifyInclusion(subtle, leaf, index, treeSize, proof, root) {
  if (index >= treeSize) throw wrong(`entry ${index} is not within a tree of ${treeSize}`);
  let [at, top, whole] = [index, treeSize - 1, leaf];
  const up = () => ([at, top] = [Math.floor(at / 2), Math.floor(top / 2)]);
  for (const sibling of proof) {
    if (top === 0) throw wrong("it is longer than the tree allows");
    if (at % 2 === 1 || at === top) {
      whole = await sha256(subtle, Uint8Array.of(1), sibling, whole);
      while (at % 2 === 0) up(); // levels where the right edge stands alone have no sibling
    } else {
      whole = await sha256(subtle, Uint8Array.of(1), whole, sibling);
    }
    up();
  }
  if (top !== 0) throw wrong("it is shorter than the tree needs");
  if (toHex(whole) !== toHex(root)) throw wrong(`it leads to the root ${toHex(whole)}, not to ${toHex(root)}`);
}

function wrong(why) {
  return new Refused("inclusion", `the inclusion proof is false: ${why}`);
}
