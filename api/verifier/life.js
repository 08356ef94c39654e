// The life of a gift (books §4): in which one state each unit is.

import { inOrder } from "./tape.js";

export const STATES = ["held", "allocated", "paid", "received", "reported", "fee", "refunded", "covered", "written-off"];
export const PAID = ["paid", "received", "reported"];
export const WAITING = ["held", "allocated"];

/** The state of units that lie on a tape: `allocated` in an activity's fund, else `held`. */
export function placeState(books, tape) {
  return books.fund.get(tape.split("/")[0])?.kind === "activity" ? "allocated" : "held";
}

/** What became of units [start, end) of a payment or delivery: returned, else reported, received or paid. */
export function disbursementEnds(books, ref, start, end) {
  const row = books.disbursement.get(ref);
  if (!row) return [ending(start, end, "paid")];
  const back = row.returns.map((one) => returned(one, Math.max(start, one.start), Math.min(end, one.end)));
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

/** Units that came back: they lie on a tape again, by the record that returned them. */
function returned(back, start, end) {
  return { start, end, state: "", level: "", tape: back.tape, at: back.at + (start - back.start), ref: back.ref };
}

function fields({ start, end, state, level, tape, at, ref }) {
  return [start, end, state, level, tape, at, ref];
}

/** The level whose receipts acknowledge most of a disbursement, and how many units. */
function bestLevel(row) {
  return row.receipts.reduce((best, { level, total }) => (total > best[1] ? [level, total] : best), ["", 0]);
}

/** How many units, from the lowest, were received before a feedback about them. */
function reportedUpTo(books, row) {
  const heard = books.activity.get(row.fund)?.feedbacks ?? [];
  const during = heard.filter(({ from, to }) => from <= row.day && row.day <= to).map(({ place }) => place);
  const last = [...row.feedbacks, ...during].sort(inOrder).at(-1);
  if (last === undefined) return 0;
  const before = row.receipts.filter(({ place }) => inOrder(place, last) < 0);
  return before.reduce((most, { total }) => Math.max(most, total), 0);
}
