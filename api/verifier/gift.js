// One gift, followed: where each of its units is, which of them are overdue, and the sentence that says so (books §4).

import { localDay } from "./books.js";
import { Missing } from "./fault.js";
import { GIFTS } from "./forms.js";
import { PAID, STATES, WAITING } from "./life.js";
import { money } from "./money.js";
import { inOrder } from "./tape.js";
import { forward, inflowsOf } from "./trace.js";
import { daysAfter } from "./period.js";

/** The trace of the gift `ref`; overdue items are judged as of the day `asOf`. Throws Missing if it is not a gift, Refused. */
export function followGift(flows, ref, asOf) {
  const target = flows.target(...ref.split(".").map(Number));
  const gift = target.record;
  if (!GIFTS.includes(gift.kind)) throw new Missing("missing", `${ref}: is a ${gift.kind}, not a gift`);
  const pieces = piecesOf(flows, target, ref);
  return {
    ref, pieces, party: target.party, fund: gift.fund, unit: gift.unit, exponent: flows.books.unit.get(gift.unit)?.exponent ?? 0,
    amount: gift.amount, received_on: gift.received_on, totals: totals(pieces),
    payments: count(flows.books, pieces, "payment"), deliveries: count(flows.books, pieces, "delivery"),
    waiting_since: waitingSince(flows, pieces, gift.received_on), overdue: overdueOf(flows.books, pieces, asOf),
  };
}

function piecesOf(flows, target, ref) {
  const { tape, span: [start, end], fees } = inflowsOf(target, ref);
  const pieces = [];
  const claims = flows.books.claims.get(ref) ?? [];
  const covers = claims.flatMap(({ ref: by, facts }) => (facts.cover ?? []).map((span) => [...span, by]));
  for (const [low, high, by] of cut(start, end, covers.sort(inOrder))) {
    for (const piece of forward(flows, tape, low, high)) {
      const shifted = { ...piece, start: piece.start - start, end: piece.end - start };
      pieces.push(by ? { ...shifted, state: "covered", path: [...piece.path, by] } : shifted);
    }
  }
  for (const [feeTape, [low, high]] of fees) {
    const at = end - start;
    pieces.push({ start: at, end: at + (high - low), state: "fee", tape: feeTape, at: [low, high], path: [], level: "" });
  }
  return pieces;
}

/** [start, end) in parts: those that refunds cover, each with the refund's name, and those between them, without a name. */
function cut(start, end, covers) {
  const parts = [];
  let at = start;
  for (const [from, to, by] of covers) {
    const [low, high] = [Math.max(from, at), Math.min(to, end)];
    if (low >= high) continue;
    if (at < low) parts.push([at, low, ""]);
    parts.push([low, high, by]);
    at = high;
  }
  if (at < end) parts.push([at, end, ""]);
  return parts;
}

/** Minor units in each state, in the order of books §4; states without units are left out. */
function totals(pieces) {
  const sum = (state) => pieces.filter((piece) => piece.state === state).reduce((units, { start, end }) => units + (end - start), 0);
  return Object.fromEntries(STATES.map((state) => [state, sum(state)]).filter(([, units]) => units));
}

/** In how many disbursements of a kind the pieces ended. */
function count(books, pieces, kind) {
  const refs = pieces.filter(({ state, path }) => PAID.includes(state) && path.length).map(({ path }) => path.at(-1));
  return [...new Set(refs)].filter((ref) => books.disbursement.get(ref)?.kind === kind).length;
}

function waitingSince(flows, pieces, receivedOn) {
  const days = pieces.filter(({ state }) => WAITING.includes(state)).map(({ path }) => {
    const last = path.length ? flows.target(...path.at(-1).split(".").map(Number)).time : "";
    return last ? localDay(flows.books, last) : receivedOn;
  });
  return days.sort()[0] ?? "";
}

function overdueOf(books, pieces, asOf) {
  const overdue = new Map();
  for (const { state, path } of pieces) {
    const due = path.length ? dueStage(books, path.at(-1), state) : null;
    if (due && due[2] < asOf) overdue.set(due.join(), { stage: due[0], ref: due[1], due_on: due[2] });
  }
  return [...overdue.values()].sort((one, other) => inOrder(Object.values(one), Object.values(other)));
}

/** [stage, reference, day] of what the units of a disbursement are waiting for, by the project's own promise; null if nothing. */
function dueStage(books, ref, state) {
  const row = books.disbursement.get(ref);
  const project = row && books.project.get(books.fund.get(row.fund)?.project);
  if (!project) return null;
  if (state === "paid") return ["receipt", ref, daysAfter(row.day, project.receiptDays)];
  const last = [...row.receipts.values()].reduce((day, { lastDay }) => (lastDay > day ? lastDay : day), "") || row.day;
  return state === "received" ? ["feedback", ref, daysAfter(last, project.feedbackDays)] : null;
}

/** The pieces that a bundle states: they cover the gift without gaps or overlaps. */
export function rangesOf(trace) {
  return trace.pieces.map(({ start, end, state, path, tape, at, level }) =>
    ({ start, end, state, path, tape, at, ...(level ? { level } : {}) }));
}

const LEFT = {
  fee: "kept as a fee",
  refunded: "refunded",
  covered: "refunded from another fund after it was spent",
  "written-off": "written off",
};
const OVERDUE = { receipt: "Receipt", feedback: "Feedback" };

/** The trace in one sentence, with amounts in the gift's unit. */
export function sentence(trace) {
  const { totals: units } = trace;
  const say = (minor) => money(minor, trace.exponent, trace.unit);
  const parts = [paidPart(trace, say)];
  const waiting = (units.held ?? 0) + (units.allocated ?? 0);
  if (waiting) parts.push(`${say(waiting)} waiting since ${trace.waiting_since}`);
  for (const [state, words] of Object.entries(LEFT)) if (units[state]) parts.push(`${say(units[state])} ${words}`);
  const overdue = trace.overdue.map(({ stage, ref, due_on }) => ` ${OVERDUE[stage]} for ${ref} is overdue: it was due on ${due_on}.`);
  const said = parts.filter(Boolean).join("; ");
  return `${say(trace.amount)}, given on ${trace.received_on} to ${trace.fund}: ${said}.${overdue.join("")}`;
}

function paidPart(trace, say) {
  const { paid = 0, received = 0, reported = 0 } = trace.totals;
  if (!(paid + received + reported)) return "";
  const ways = [
    counted(trace.payments, "paid in", "payment", "payments"),
    counted(trace.deliveries, "delivered as goods in", "delivery", "deliveries"),
  ];
  const levels = [...new Set(trace.pieces.map(({ level }) => level).filter(Boolean))].sort();
  const acknowledged = received + reported ? `, ${say(received + reported)} of it acknowledged (${levels.join(", ")})` : "";
  const told = reported ? `, ${say(reported)} of it reported on` : "";
  return `${say(paid + received + reported)} ${ways.filter(Boolean).join(" and ")}${acknowledged}${told}`;
}

function counted(number, how, one, many) {
  return number ? `${how} ${number} ${number === 1 ? one : many}` : "";
}
