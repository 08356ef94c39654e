// The order in which units move, where not all entries are at hand: what must hold before a trace may follow the flows.
//
// In a log the tapes see to it. A bundle shows only some entries, and its maker may have written any: flows that go round in a
// circle, or out twice at every hop, would keep a reader busy for ever.

import { onTape } from "./money.js";
import { inOrder } from "./tape.js";

// Of moves of one tape that overlap, how many are named.
const NAMED = 8;

/** Faults `[entry, record, message]`: units come in once and in order, and go out once, by a later record than they came in by. */
export function disorder(leaves) {
  const [into, out, found] = [new Map(), new Map(), []];
  for (const leaf of leaves.values()) {
    for (const [number, sign, tape, start, end] of leaf.flows) {
      if (!(number >= 0 && number < leaf.records.length)) {
        found.push([leaf.index, -1, `flows of record ${number}: the statement does not have that record`]);
      }
      const side = sign === "+" ? into : out;
      if (!side.has(tape)) side.set(tape, []);
      side.get(tape).push([start, end, [leaf.index, number]]);
    }
  }
  const units = [...leaves.values()].flatMap((leaf) => leaf.records).filter(({ kind }) => kind === "unit");
  const declared = new Map(units.map((record) => [record.unit, record]));
  for (const tape of new Set([...into.keys(), ...out.keys()])) {
    const fund = tape.split("/", 1)[0];
    for (const [[start, end, ref], what] of ofTape(into.get(tape) ?? [], out.get(tape) ?? [])) {
      found.push([...ref, `${onTape(declared, tape, start, end)} of fund ${fund}: some of it ${what}`]);
    }
  }
  return found;
}

function ofTape(came, went) {
  const twice = pairs(came).filter(([before, after]) => after[0] < before[1] || inOrder(after[2], before[2]) < 0);
  const again = pairs(went).filter(([before, after]) => after[0] < before[1]);
  const named = (moves, what) => moves.slice(0, NAMED).map(([, after]) => [after, what]);
  const found = [...named(twice, "came in twice, or out of order"), ...named(again, "went out twice")];
  // No unit twice on either side: as many pairs as moves, and no more.
  return found.length ? found : tooSoon(came, went);
}

/** Each move with the next one; sorts the moves. */
function pairs(moves) {
  moves.sort(inOrder);
  return moves.slice(1).map((move, i) => [moves[i], move]);
}

function tooSoon(came, went) {
  const found = [];
  let first = 0;
  for (const move of went) {
    while (first < came.length && came[first][1] <= move[0]) first += 1;
    for (let at = first; at < came.length && came[at][0] < move[1]; at += 1) {
      if (inOrder(came[at][2], move[2]) >= 0) found.push([move, `went out before it came in by record ${came[at][2].join(".")}`]);
    }
  }
  return found;
}
