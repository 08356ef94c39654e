// The life of a gift (books §4): each unit is in exactly one state.

import { contested, received, steps } from "./levels.js";
import { stepsOf } from "./period.js";
import { inOrder } from "./tape.js";

export const STATES = ["held", "allocated", "paid", "received", "reported", "disputed", "fee", "refunded", "covered", "written-off", "void"];
export const PAID = ["paid", "received", "reported"];
export const WAITING = ["held", "allocated"];

/** The state of units on a tape: `allocated` in an activity's fund, `held` otherwise. */
export function placeState(books, tape) {
  return books.fund.get(tape.split("/")[0])?.kind === "activity" ? "allocated" : "held";
}

/** The state of units [start, end) of a payment or delivery: returned, disputed or taken into a fund; or else reported, received or
 * paid. */
export function disbursementEnds(books, ref, start, end) {
  const row = books.disbursement.get(ref);
  if (!row) return [ending(start, end, "paid")];
  const reported = Math.min(reportedUpTo(books, row), row.left);
  const signed = contested(row, books.void.has(ref));
  const ends = [
    ...inFunds(row).map((one) => brought(one, Math.max(start, one.start), Math.min(end, one.end))),
    ...returnsOf(row, start, end).flatMap((back) => cameBack(back, signed, start, end)),
    ...untaken(row, start, Math.min(end, row.left)).flatMap(([from, to]) => [
      ...steps(row).flatMap(([low, high, level]) => [
        ending(Math.max(from, low), Math.min(to, high, reported), "reported", level),
        ending(Math.max(from, low, reported), Math.min(to, high), "received", level),
      ]),
      ending(Math.max(from, received(row)), to, "paid"),
    ]),
  ];
  return ends.filter((part) => part.start < part.end).sort((one, other) => inOrder(fields(one), fields(other)));
}

/** The units of a return: disputed if somebody else acknowledged them, unless the recipient signed the return too. */
function cameBack(back, signed, start, end) {
  const edge = back.agreed ? back.start : Math.min(Math.max(signed, back.start), back.end);
  return [
    ending(Math.max(start, back.start), Math.min(end, edge), "disputed"),
    brought(back, Math.max(start, edge), Math.min(end, back.end)),
  ];
}

function ending(start, end, state, level = "") {
  return { start, end, state, level, tape: "", at: 0, ref: "" };
}

/** Units that a record brought to a tape: back, or into a fund of the payee. */
function brought(back, start, end) {
  return { start, end, state: "", level: "", tape: back.tape, at: back.at + (start - back.start), ref: back.ref };
}

function fields({ start, end, state, level, tape, at, ref }) {
  return [start, end, state, level, tape, at, ref];
}

/** Those of units [start, end) that are not in funds of the payee, as ranges from the lowest up. */
export function untaken(row, start, end) {
  const found = [];
  let from = start;
  for (const one of inFunds(row)) {
    found.push([from, Math.min(end, one.start)]);
    from = Math.max(from, one.end);
  }
  return [...found, [from, end]].filter(([low, high]) => low < high);
}

/** The end of the highest unit that is in a fund of the payee. */
export function highestTaken(row) {
  return Math.max(0, ...inFunds(row).map(({ end }) => end));
}

/** The receipts by which units are in funds of the payee, from the lowest unit up. There are at most 64. */
function inFunds({ takings }) {
  return takings.filter(({ tape }) => tape).sort((one, other) => one.start - other.start);
}

/** The returns of some units. Returns go from the highest unit down, so the first one is found by search. */
export function returnsOf({ returns }, start, end) {
  let [low, high] = [0, returns.length];
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (returns[middle].start < end) high = middle;
    else low = middle + 1;
  }
  let last = low;
  while (last < returns.length && returns[last].end > start) last += 1;
  return returns.slice(low, last);
}

/** How many units, from the lowest on, were received before a feedback about them. A feedback about the activity that was void
 *  later leaves nothing: what it had reported on waits for the next one. */
export function reportedUpTo(books, row) {
  if (lastTold(books, row)) return received(row);
  return books.void.has(row.reportedBy) ? 0 : row.reported;
}

/** Since when a disbursement waits for feedback, with a further receipt of that day: since the first receipt after all that was
 *  received had been reported on. What a void receipt had acknowledged has waited since then, unless a feedback came meanwhile. */
export function unreportedFrom(books, row, day) {
  const reported = reportedUpTo(books, row);
  const since = reported > 0 && reported >= received(row) ? "" : row.unreportedFrom;
  const waited = lastTold(books, row) ? "" : row.waitedFrom;
  return [since, waited].reduce((first, other) => (other && other < first ? other : first), day);
}

/** The feedback by which `reportedUpTo` units are reported on. */
export function reporting(books, row) {
  return lastTold(books, row)?.join(".") ?? row.reportedBy;
}

/** The last feedback about the activity for a period with the day of a disbursement, if it came after the last receipt. */
function lastTold(books, row) {
  const told = stepsOf(row.day).map((step) => books.told.get(`${row.fund}/${step}`)?.at(-1)).filter(Boolean);
  return told.filter((place) => inOrder(place, row.receivedBy) > 0).sort(inOrder).at(-1);
}
