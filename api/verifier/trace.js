// Following money (books §1, §4) through the entries of a bundle: a trace is a composition of range overlaps.
//
// It is not recursive, because a chain of hops may be as long as the ledger.

import { UNFIT, rowsOf } from "./books.js";
import { Missing, Refused } from "./fault.js";
import { MEMORY } from "./forms.js";
import { disbursementEnds, placeState } from "./life.js";
import { byTape, hopsOf } from "./rules.js";
import { flowsOf, image, inOrder, preimage, size } from "./tape.js";

// The maximum number of steps of a trace, each counted with the records that led to it; this many take some seconds.
const STEPS = 4_000_000;

/** The reading side of a trace, over the entries of a bundle in which `disorder` finds nothing. */
export class Flows {
  constructor(leaves, books) {
    [this.leaves, this.books, this.left] = [leaves, books, STEPS];
    [this.out, this.into, this.depth] = [passages(leaves, "-"), passages(leaves, "+"), new Map()];
    for (const leaf of leaves.values()) {
      leaf.records.forEach((record, number) => {
        const before = this.depthsBefore(leaf, record, number);
        this.depth.set(`${leaf.index}.${number}`, 1 + before.reduce((most, depth) => Math.max(most, depth), 0));
      });
    }
  }

  /** How many records led to those whose units a record took, and to the record that it is about. */
  depthsBefore(leaf, { of }, number) {
    const took = rowsOf(leaf, number).filter(([, sign]) => sign === "-");
    const from = took.flatMap(([, , tape, start, end]) => overlapping(this.into.get(tape), start, end));
    const refs = from.map(([, , entry, record]) => `${entry}.${record}`);
    return [...refs, ...(of ? [of.replace("@", `${leaf.index}.`)] : [])].map((ref) => this.depth.get(ref) ?? 0);
  }

  /** Flows out of a tape that overlap [start, end), ascending: [start, end, entry, record]. */
  outflows(tape, start, end) {
    return overlapping(this.out.get(tape), start, end);
  }

  /** The record of that name and its flows. Throws Missing, also after too many steps; Refused if its flows do not match it. */
  target(entry, number) {
    const [leaf, ref] = [this.leaves.get(entry), `${entry}.${number}`];
    if (!leaf || number >= leaf.records.length) throw new Missing("missing", `${ref}: is not in the bundle`);
    if (this.books.unfit.has(ref)) throw new Refused("tape-flow", UNFIT, ref);
    const row = this.books.disbursement.get(ref);
    this.left -= (1 + (row ? row.returns.length + row.takings.length : 0)) * this.depth.get(ref);
    if (this.left < 0) throw new Missing("missing", `the gift takes more than ${STEPS} steps to follow; verify the whole log`);
    return { record: leaf.records[number], rows: rowsOf(leaf, number), party: leaf.party, time: leaf.time };
  }
}

/** The flows of one sign by tape, ascending. */
function passages(leaves, sign) {
  const found = new Map();
  for (const leaf of leaves.values()) {
    for (const [record, at, tape, start, end] of leaf.flows) {
      if (at !== sign) continue;
      if (!found.has(tape)) found.set(tape, []);
      found.get(tape).push([start, end, leaf.index, record]);
    }
  }
  for (const flows of found.values()) flows.sort(inOrder);
  return found;
}

/** The ranges, of some that are ascending and disjoint, that overlap [start, end). */
function overlapping(ranges = [], start, end) {
  let [low, high] = [0, ranges.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (ranges[middle][1] > start) high = middle;
    else low = middle + 1;
  }
  let last = low;
  while (last < ranges.length && ranges[last][0] < end) last += 1;
  return ranges.slice(low, last);
}

/** What happened to the units [start, end) of a tape: pieces in ascending order that cover the range. */
export function forward(flows, tape, start, end) {
  const pieces = [];
  const todo = [[tape, start, end, null]];
  while (todo.length) {
    const [name, low, high, link] = todo.pop();
    let at = low;
    for (const passage of flows.outflows(name, low, high)) {
      const [cut, stop] = [Math.max(passage[0], low), Math.min(passage[1], high)];
      resting(flows, pieces, link, name, at, cut);
      follow(flows, pieces, todo, passage, name, cut, stop, link);
      at = stop;
    }
    resting(flows, pieces, link, name, at, high);
  }
  return pieces.sort((one, other) => inOrder(fields(one), fields(other)));
}

function fields({ start, end, state, tape, at, path, level }) {
  return [start, end, state, tape, at, path, level];
}

function resting(flows, pieces, link, tape, start, end) {
  if (start < end) keep(pieces, link, start, end, placeState(flows.books, tape), "", tape, start);
}

/** Through one record: its flow may hold the units of several hops, one after the other. */
function follow(flows, pieces, todo, [, , entry, number], tape, start, end, parent) {
  const { record, rows } = flows.target(entry, number);
  const ref = `${entry}.${number}`;
  const hops = cameBack(flows.books, ref) ? byTape(flowsOf(rows, "-")) : hopsOf(record, rows);
  for (let at = start; at < end;) {
    const [hop, offset, reach] = hopAt(hops, tape, at, ref);
    const stop = Math.min(reach, end);
    followHop(flows, pieces, todo, { record, ref, hop, offset }, tape, at, stop, parent);
    at = stop;
  }
}

/** Whether a purchase or an exchange is void: then its units did not become anything, but came back. */
function cameBack(books, ref) {
  return books.disbursement.get(ref)?.returns.length || books.exchange.get(ref)?.back;
}

/** On to the tape that a hop feeds, or to the state in which it leaves the units. */
function followHop(flows, pieces, todo, { record, ref, hop, offset }, tape, start, end, parent) {
  const [last, a] = [offset + (end - start), size(hop.out)];
  const [base, b] = hop.into ? [hop.span[0], hop.span[1] - hop.span[0]] : [0, a];
  const link = { parent, ref, start, length: end - start, offset, a, b, base };
  if (hop.into) {
    const [low, high] = image(offset, last, a, b);
    todo.push([hop.into, low + base, high + base, link]);
    return;
  }
  for (const part of endsOf(flows.books, hop, record, ref, offset, last)) {
    const length = part.end - part.start;
    if (part.tape) {
      const same = { a, b: a, base: part.at - part.start };
      const back = { parent: link, ref: part.ref, start: part.start, length, offset: part.start, ...same };
      todo.push([part.tape, part.at, part.at + length, back]);
    } else {
      keep(pieces, link, part.start, part.end, part.state, part.level, tape, start + (part.start - offset));
    }
  }
}

function endsOf(books, hop, record, ref, start, end) {
  if (hop.state) return [{ start, end, state: hop.state, level: "" }];
  const back = books.exchange.get(ref)?.back;
  if (back) return [{ start, end, state: "", level: "", tape: back.tape, at: back.at + start, ref: back.ref }];
  const isDisbursed = (MEMORY[record.kind] ?? []).some(([word]) => word === "disburses");
  return isDisbursed ? disbursementEnds(books, ref, start, end) : [{ start, end, state: "written-off", level: "" }];
}

/** Map a range back through every hop, and keep the piece if any unit maps into it. */
function keep(pieces, link, start, end, state, level, tape, at) {
  let [low, high] = [start, end];
  const path = [];
  for (let here = link; here !== null; here = here.parent) {
    path.push(here.ref);
    const [first, last] = preimage(low - here.base, high - here.base, here.a, here.b);
    low = here.start + (Math.max(first, here.offset) - here.offset);
    high = here.start + Math.min(last - here.offset, here.length);
  }
  if (low < high) pieces.push({ start: low, end: high, state, tape, at: [at, at + (end - start)], path: path.reverse(), level });
}

/** The hop that takes unit `start` of a tape, that unit's number among those that the hop takes, and the end of their range. */
function hopAt(hops, tape, start, ref) {
  for (const hop of hops) {
    let offset = 0;
    for (const [low, high] of hop.outTape === tape ? hop.out : []) {
      if (low <= start && start < high) return [hop, offset + (start - low), high];
      offset += high - low;
    }
  }
  throw new Refused("tape-flow", "its flows are not in the order of what it says", ref);
}

/** The gift's units, by the record that brought them: the range on its tape. */
export function inflowsOf(target, ref) {
  const [gift] = flowsOf(target.rows, "+");
  if (!gift) throw new Refused("tape-flow", "the gift does not bring anything in", ref);
  return { tape: gift[0], span: gift[1] };
}
