// What records claim about earlier records, settled if the bundle has those; as in ledger/books/claims.py.

import { MAX_INTEGER } from "./canonical.js";
import { isTooEarly } from "./days.js";
import { Refused } from "./fault.js";
import { GIFTS, VOID_BY } from "./forms.js";
import { holdsDigest } from "./holders.js";
import { onTape } from "./money.js";
import { flowsOf } from "./tape.js";

/** The digests are in the record named, and the same party made that record. */
function hasDigests({ party, digests }, target) {
  if (party !== target.party) throw new Refused("authority", "of: another party made that record");
  const there = target.record.private ?? [];
  if (digests.some((digest) => !there.includes(digest))) throw new Refused("reference", "digests: some are not in that record");
}

/** The units are within the gift. */
function holdsUnits({ tape, units, cover, fee, paid_by, day }, target, declared) {
  if (!GIFTS.includes(target.record.kind)) throw new Refused("reference", "gift: is not a donation; give the reference of the gift");
  if (fee && target.record.fee !== fee) throw new Refused("fee", "fee: is not the fee of that gift");
  const given = flowsOf(target.rows, "+").filter(([name]) => name === tape).map(([, span]) => span);
  for (const [start, end] of [...units, ...cover]) {
    const isGiven = given.some(([low, high]) => low <= start && end <= high);
    if (!isGiven) throw new Refused("refund-units", `${onTape(declared, tape, start, end)}: not all of it is from that gift`);
  }
  const goesBack = [...units, ...cover].reduce((sum, [start, end]) => sum + (end - start), 0);
  if (fee && !paid_by && goesBack !== target.record.amount - fee) throw new Refused("fee", "fee: who kept it gives it back only with all of the gift");
  const received = target.record.received_on;
  if (isTooEarly(day, received)) throw new Refused("day", `refunded_on ${day}: is more than one day before ${received}, the day of the gift`);
}

/** A kind of which the books have a row is not asked: that row may be missing in a bundle. */
function canBeVoid({ party, gave }, target) {
  const voidBy = VOID_BY[target.record.kind];
  if (!voidBy) throw new Refused("reference", `of: a ${target.record.kind} cannot be declared void`);
  if (voidBy !== "row" && party !== target.party) throw new Refused("authority", "of: another party made that record, and only that party can declare it void");
  if (voidBy === "gift" && !isWhat(gave, target)) throw new Refused("reference", "gave: is not what that gift was");
  if (voidBy === "alone" && gave) throw new Refused("reference", "gave: the record is not a gift; leave it out");
}

function isWhat(gave, { record, rows }) {
  const given = flowsOf(rows, "+");
  const same = ["fund", "unit", "amount", "received_on"].every((name) => record[name] === gave?.[name]);
  return same && given.length === 1 && JSON.stringify([given[0][1]]) === JSON.stringify(gave.units);
}

// Stands for the fee among the units of a gift: no tape has a unit there.
const THE_FEE = [MAX_INTEGER, MAX_INTEGER + 1];
const back = ({ units, cover, fee }) => [...units, ...cover, ...(fee ? [THE_FEE] : [])];

/** How a claim is settled, by its word: `judge` throws if the record contradicts the claim; `units` are the units that it claims;
 *  `bars` are [word, units, rule]: an earlier claim by that word on any of these units forbids it. */
export const SETTLED = {
  "opens-holder": { judge: holdsDigest },
  "in-log": { judge: () => {} },
  "digests-of": { judge: hasDigests },
  "of-gift": { judge: holdsUnits, units: back, bars: [["of-gift", back, "refund-units"]] },
  "can-be-undone": { judge: canBeVoid },
};

/** Disjoint ranges of units in ascending order (ledger/books/claim.py). */
class Claimed {
  constructor() {
    this.spans = [];
  }

  /** The index of the first range whose member `side` is at least `bound`, or with `above`, greater than it. */
  first(side, bound, above = false) {
    let [low, high] = [0, this.spans.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      const at = this.spans[middle][side];
      if (at > bound || (!above && at === bound)) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  holdsSome([start, end]) {
    const before = this.first(0, end);
    return before > 0 && this.spans[before - 1][1] > start;
  }

  add([start, end]) {
    const [low, high] = [this.first(1, start), this.first(0, end, true)];
    const joined = this.spans.slice(low, high);
    const [first, last] = [joined[0]?.[0] ?? start, joined.at(-1)?.[1] ?? end];
    this.spans.splice(low, high - low, [Math.min(start, first), Math.max(end, last)]);
  }
}

/** Settle the claims about one record in order: for each, a fault or null. `declared` are the units of account. */
export function settled(claims, target, declared) {
  const earlier = Object.fromEntries(Object.keys(SETTLED).map((word) => [word, new Claimed()]));
  return claims.map(({ word, facts }) => {
    const { judge, units = () => [], bars = [] } = SETTLED[word];
    try {
      judge(facts, target, declared);
      const bar = bars.find(([other, spans]) => spans(facts).some((span) => earlier[other].holdsSome(span)));
      return bar ? new Refused(bar[2], "an earlier record already did this; it can be done only once") : null;
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    } finally {
      for (const span of units(facts)) earlier[word].add(span);
    }
  });
}
