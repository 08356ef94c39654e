// What records claim about earlier ones, settled where the bundle holds these: as `settle` of the kinds in ledger/books/kinds/.

import { Missing, Refused } from "./fault.js";
import { flowsOf } from "./tape.js";

const WITHDRAWN = ["progress"];
// How many pairs of claims about one record are compared at most: some seconds.
const PAIRS = 4_000_000;

/** The digests stand in the record named, which the same party said. */
function ofDigests({ party, digests }, target) {
  if (party !== target.party) throw new Refused("authority", "of: was said by another party");
  const there = target.record.private ?? [];
  if (digests.some((digest) => !there.includes(digest))) throw new Refused("reference", "digests: not all stand in that record");
}

/** The units lie in the gift, and no two refunds of it name the same. */
function refund({ tape, units, cover }, target, earlier) {
  if (target.record.kind !== "donation") throw new Refused("reference", "gift: is no donation; give the reference of the gift");
  const given = flowsOf(target.rows, "+").filter(([name]) => name === tape).map(([, span]) => span);
  const taken = earlier.flatMap((facts) => [...facts.units, ...facts.cover]);
  for (const [start, end] of [...units, ...cover]) {
    const fits = given.some(([low, high]) => low <= start && end <= high);
    const again = taken.some(([low, high]) => start < high && low < end);
    if (!fits || again) throw new Refused("refund-units", `units [${start}, ${end}): not of that gift, or refunded before`);
  }
}

/** Only a record of the same party that moved nothing is withdrawn, once. */
function reversal({ party }, target, earlier) {
  if (!WITHDRAWN.includes(target.record.kind)) throw new Refused("reference", `of: a ${target.record.kind} is not reversed`);
  if (earlier.length) throw new Refused("reference", "of: was withdrawn before");
  if (party !== target.party) throw new Refused("authority", "of: was said by another party; its own party withdraws it");
}

const SETTLE = { consent: ofDigests, erasure: ofDigests, refund, reversal };

/** Settle the claims about one record, in their order: a fault, or null, for each. */
export function settled(claims, target) {
  if (claims.length * (claims.length - 1) > 2 * PAIRS) throw new Missing("missing", "too many claims; verify the whole log");
  const earlier = {};
  return claims.map(({ kind, facts }) => {
    const before = (earlier[kind] ??= []);
    try {
      SETTLE[kind](facts, target, before);
      return null;
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    } finally {
      before.push(facts);
    }
  });
}
