// The life of a gift (books §4): each unit is in exactly one state.

import { stepsOf } from "./period.js";
import { inOrder } from "./tape.js";

export const STATES = ["held", "allocated", "paid", "received", "reported", "fee", "refunded", "covered", "written-off"];
export const PAID = ["paid", "received", "reported"];
export const WAITING = ["held", "allocated"];

/** The state of units on a tape: `allocated` in an activity's fund, `held` otherwise. */
export function placeState(books, tape) {
  return books.fund.get(tape.split("/")[0])?.kind === "activity" ? "allocated" : "held";
}

/** The state of units [start, end) of a payment or delivery: returned; or else reported, received or paid. */
export function disbursementEnds(books, ref, start, end) {
  const row = books.disbursement.get(ref);
  if (!row) return [ending(start, end, "paid")];
  const back = returnsOf(row, start, end).map((one) => returned(one, Math.max(start, one.start), Math.min(end, one.end)));
  const kept = row.amount - row.returned;
  const [level, total] = bestLevel(row);
  const [reported, received] = [Math.min(reportedUpTo(books, row), kept), Math.min(total, kept)];
  const ends = [
    ...back,
    ending(Math.max(start, 0), Math.min(end, reported), "reported", level),
    ending(Math.max(start, reported), Math.min(end, received), "received", level),
    ending(Math.max(start, received), Math.min(end, kept), "paid"),
  ];
  return ends.filter((part) => part.start < part.end).sort((one, other) => inOrder(fields(one), fields(other)));
}

function ending(start, end, state, level = "") {
  return { start, end, state, level, tape: "", at: 0, ref: "" };
}

/** Units that came back: they are on a tape again, because of the record that returned them. */
function returned(back, start, end) {
  return { start, end, state: "", level: "", tape: back.tape, at: back.at + (start - back.start), ref: back.ref };
}

function fields({ start, end, state, level, tape, at, ref }) {
  return [start, end, state, level, tape, at, ref];
}

/** The returns of some units. Returns go from the highest unit down, so the first one is found by search. */
function returnsOf({ returns }, start, end) {
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

/** How many units the receipts of a level confirm. */
export function acknowledged(row, level) {
  return row.receipts.get(level)?.total ?? 0;
}

/** The level whose receipts confirm the largest part of a disbursement, and how many units that is. */
export function bestLevel(row) {
  return [row.level, acknowledged(row, row.level)];
}

/** How many units, from the lowest on, were received before a feedback about them. */
export function reportedUpTo(books, row) {
  const told = stepsOf(row.day).map((step) => books.told.get(`${row.fund}/${step}`)).filter(Boolean);
  return told.some((place) => inOrder(place, row.receivedBy) > 0) ? bestLevel(row)[1] : row.reported;
}
