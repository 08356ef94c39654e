// The order in which units move, when not all entries are available: what must be true before a trace may follow the flows.
//
// In a log the tapes ensure it. A bundle shows only some entries, and its maker may have invented them: flows in a circle, or flows
// that go out twice at every hop, would keep the verifier busy for ever.

import { onTape } from "./money.js";
import { inOrder } from "./tape.js";

// How many overlapping moves of one tape are reported.
const NAMED = 8;

/** Faults `[entry, record, message]`: units must come in once and in order, and go out once, by a later record than the one that
 *  brought them in. */
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
  // No unit is twice on either side, so there are at most as many pairs as moves.
  return found.length ? found : tooSoon(came, went);
}

/** Each move with the next one; it sorts the moves. */
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
