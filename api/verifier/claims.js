// What records claim about earlier ones, settled where the bundle holds these: as `settle` of the kinds in ledger/books/kinds/.

import { Refused } from "./fault.js";
import { flowsOf } from "./tape.js";

const WITHDRAWN = ["progress"];

/** The digests stand in the record named, which the same party said. */
function ofDigests({ party, digests }, target) {
  if (party !== target.party) throw new Refused("authority", "of: was said by another party");
  const there = target.record.private ?? [];
  if (digests.some((digest) => !there.includes(digest))) throw new Refused("reference", "digests: not all stand in that record");
}

/** The units lie in the gift. */
function refund({ tape, units, cover }, target) {
  if (target.record.kind !== "donation") throw new Refused("reference", "gift: is no donation; give the reference of the gift");
  const given = flowsOf(target.rows, "+").filter(([name]) => name === tape).map(([, span]) => span);
  for (const [start, end] of [...units, ...cover]) {
    if (!given.some(([low, high]) => low <= start && end <= high)) throw new Refused("refund-units", `units [${start}, ${end}): not of that gift`);
  }
}

/** Only a record of the same party that moved nothing is withdrawn. */
function reversal({ party }, target) {
  if (!WITHDRAWN.includes(target.record.kind)) throw new Refused("reference", `of: a ${target.record.kind} is not reversed`);
  if (party !== target.party) throw new Refused("authority", "of: was said by another party; its own party withdraws it");
}

const SETTLE = { consent: ofDigests, erasure: ofDigests, refund, reversal };
/** Units of the record claimed that only one claim of a kind may have, and the rule that a second one breaks. */
const ONCE = {
  refund: { units: ({ units, cover }) => [...units, ...cover], rule: "refund-units" },
  reversal: { units: () => [[0, 1]], rule: "reference" },
};

/** Ranges of units, ascending and apart from one another (ledger/books/claim.py). */
class Claimed {
  constructor() {
    this.spans = [];
  }

  /** Where the first range is whose member `side` is at least `bound`, or with `above` more than it. */
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

/** Settle the claims about one record, in their order: a fault, or null, for each. */
export function settled(claims, target) {
  const earlier = {};
  return claims.map(({ kind, facts }) => {
    const [known, once] = [(earlier[kind] ??= new Claimed()), ONCE[kind]];
    const spans = once?.units(facts) ?? [];
    try {
      SETTLE[kind](facts, target);
      const again = spans.some((span) => known.holdsSome(span));
      return again ? new Refused(once.rule, "an earlier record has the same; a thing goes back once") : null;
    } catch (error) {
      if (error instanceof Refused) return error;
      throw error;
    } finally {
      for (const span of spans) known.add(span);
    }
  });
}
