// One gift, followed: where each of its units is, which of them are overdue, and the sentence that says so (books §4).

import { localDay } from "./moment.js";
import { Missing } from "./fault.js";
import { GIFTS } from "./forms.js";
import { levelDue, LEVELS, SOMEBODY_ELSE } from "./levels.js";
import { PAID, reportedUpTo, STATES, WAITING } from "./life.js";
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
    ref, names_nobody: !gift.donor && !gift.holder, signed: signedBySomebodyElse(pieces), pieces, party: target.party, fund: gift.fund, unit: gift.unit, exponent: flows.books.unit.get(gift.unit)?.exponent ?? 0,
    amount: gift.amount, received_on: gift.received_on, totals: totals(pieces),
    payments: count(flows.books, pieces, "payment"), deliveries: count(flows.books, pieces, "delivery"),
    waiting_since: waitingSince(flows, pieces, gift.received_on), overdue: overdueOf(flows.books, pieces, asOf),
    unspent_covered: unspentCovered(flows, pieces),
  };
}

function piecesOf(flows, target, ref) {
  const { tape, span: [start, end] } = inflowsOf(target, ref);
  const pieces = [];
  const claims = flows.books.claims.get(ref) ?? [];
  const covers = claims.flatMap(({ ref: by, facts }) => (facts.cover ?? []).map((span) => [...span, by]));
  for (const [low, high, by] of cut(start, end, covers.sort(inOrder))) {
    for (const piece of forward(flows, tape, low, high)) {
      const shifted = { ...piece, start: piece.start - start, end: piece.end - start };
      pieces.push(by ? { ...shifted, state: "covered", path: [...piece.path, by] } : shifted);
    }
  }
  return [...pieces, ...feeOf(target.record, claims)];
}

/** The last units of a gift with a fee, which are on no tape: kept, or given back by a refund. */
function feeOf({ amount, fee }, claims) {
  if (fee === undefined) return [];
  const start = amount - fee;
  const back = claims.findLast(({ facts }) => facts.fee);
  const state = !back ? "fee" : back.facts.paid_by ? "covered" : "refunded";
  return [{ start, end: amount, state, tape: "", at: [start, amount], path: back ? [back.ref] : [], level: "" }];
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

/** How many units were paid back from another fund and are in a fund all the same. No tape has a unit of a fee. */
function unspentCovered(flows, pieces) {
  const covered = pieces.filter(({ state, tape }) => state === "covered" && tape);
  const there = covered.filter(({ tape, at: [low, high] }) => !flows.outflows(tape, low, high).length);
  return there.reduce((units, { start, end }) => units + (end - start), 0);
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
  for (const { state, level, path } of pieces) {
    const row = PAID.includes(state) && path.length ? books.disbursement.get(path.at(-1)) : null;
    for (const stage of row ? waitsFor(books, row, state, level) : []) {
      const due = dueOn(books, row, stage);
      if (due && due < asOf) overdue.set([stage, path.at(-1)].join(), { stage, ref: path.at(-1), due_on: due });
    }
  }
  return [...overdue.values()].sort((one, other) => inOrder(Object.values(one), Object.values(other)));
}

/** The stages that units still lack: a receipt of the level that the project waits for, and feedback once there is one. */
function waitsFor(books, row, state, level) {
  const isWeak = state === "paid" || LEVELS.indexOf(level) > LEVELS.indexOf(levelDue(books, row));
  return [...(isWeak ? ["receipt"] : []), ...(state === "received" ? ["feedback"] : [])];
}

/** The day by which the project promised a receipt of a disbursement, or feedback on what was received; "" if it did not. */
function dueOn(books, row, stage) {
  const project = books.project.get(books.fund.get(row.fund)?.project);
  if (!project) return "";
  const paidOn = row.enteredOn < row.day ? row.enteredOn : row.day;
  if (stage === "receipt") return daysAfter(paidOn, project.receiptDays);
  // Where a feedback is void, and nothing is reported on, all receipts wait again.
  const days = reportedUpTo(books, row) ? [row.unreportedFrom] : [...row.receipts.values()].map(({ firstDay }) => firstDay).sort();
  return daysAfter(days[0] || paidOn, project.feedbackDays);
}

/** How many units somebody other than the party that paid signed for. */
function signedBySomebodyElse(pieces) {
  return pieces.filter(({ state, level }) => PAID.includes(state) && SOMEBODY_ELSE.includes(level))
    .reduce((units, { start, end }) => units + (end - start), 0);
}

/** The pieces that a bundle states: they cover the gift without gaps or overlaps. */
export function rangesOf(trace) {
  return trace.pieces.map(({ start, end, state, path, tape, at, level }) =>
    ({ start, end, state, path, tape, at, ...(level ? { level } : {}) }));
}

const LEFT = {
  disputed: "disputed: someone other than the payer signed for it, and the payer says that it came back or never went out",
  fee: "kept as a fee",
  refunded: "refunded",
  covered: "refunded from another fund after it was spent",
  "unspent-covered": "refunded from another fund, still unspent",
  "written-off": "written off",
  void: "declared void, because it should not have been recorded",
};
const OVERDUE = { receipt: "Receipt", feedback: "Feedback" };

/** The totals as sentences tell them: what is covered and still unspent is apart. */
export function totalsTold({ totals: { covered = 0, ...totals }, unspent_covered: unspent }) {
  return { ...totals, covered: covered - unspent, "unspent-covered": unspent };
}

/** The trace in one sentence, with amounts in the gift's unit. */
export function sentence(trace) {
  const units = totalsTold(trace);
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
  const paidFor = trace.pieces.filter(({ state, level }) => PAID.includes(state) && level);
  const levels = [...new Set(paidFor.map(({ level }) => level))].sort();
  const acknowledged = received + reported ? `, ${say(received + reported)} of it acknowledged (${levels.join(", ")})` : "";
  const told = reported ? `, ${say(reported)} of it reported on` : "";
  return `${say(paid + received + reported)} ${ways.filter(Boolean).join(" and ")}${acknowledged}${told}`;
}

function counted(number, how, one, many) {
  return number ? `${how} ${number} ${number === 1 ? one : many}` : "";
}
