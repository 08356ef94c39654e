// A log that continues another one, as a bundle shows it (ledger/audit/succession.py): which log each entry was made in, and what
// is always reported about it.

import { toHex } from "./canonical.js";
import { shown } from "./fault.js";
import { rootBefore } from "./merkle.js";

const WHOLE = -1;

/** Faults `[id, entry, record, message]`: every statement must name the log in which its entry was made, which is the checkpoint's
 *  log or one that it continues; and each succession must name the root over the entries before it. `proofs` are by index. */
export async function successions(subtle, leaves, proofs, { origin, treeSize }) {
  const [found, faults] = [[...leaves.values()].filter(({ records }) => records[0].kind === "succession"), []];
  for (const { index, ledger } of leaves.values()) {
    const expected = found.find((later) => later.index > index)?.records[0].continues.origin ?? origin;
    if (ledger !== expected) faults.push(["ledger", index, WHOLE, `ledger ${shown(ledger)}: the entry is in the log ${shown(expected)}`]);
  }
  for (const { index, records: [{ continues }] } of found) {
    const root = toHex(await rootBefore(subtle, index, treeSize, proofs.get(index)));
    if (continues.root !== root) faults.push(["ledger", index, 0, `continues root ${continues.root}: the entries before this one have root ${root}`]);
    const lost = "only a later checkpoint of that log can tell whether it had more";
    faults.push(["continued-after-loss", index, 0, `continues ${shown(continues.origin)}, of which it has ${index} entries; ${lost}`]);
  }
  return faults;
}
