// The kinds of records as a trace hears them: which units each moves (`legs`), what the books remember of it (`post`), how its
// units out became units in (`hops`), and what became of units that left the ledger by it (`ends`).
//
// The rules are those of ledger/books/kinds/, by the same names; a kind that says nothing here moves nothing.

import { disbursementEnds } from "./life.js";
import { Refused } from "./fault.js";
import { flowsOf, size, split } from "./tape.js";

// A leg: how many units out of a tape, which ones where they are named, and how many into another.
const inflow = (tape, amount) => ({ into: tape, given: amount });
const outflow = (tape, amount, units) => ({ out: tape, taken: amount, units });
const through = (out, taken, units, into, given) => ({ out, taken, units, into, given });

const donation = {
  legs: ({ fund, unit, amount, fee }, act) => {
    const tape = act.tape(fund, unit);
    return fee ? [inflow(tape, amount - fee.amount), inflow(act.tape(fee.fund, unit), fee.amount)] : [inflow(tape, amount)];
  },
  isGift: true,
};

const income = { legs: ({ fund, unit, amount }, act) => [inflow(act.tape(fund, unit), amount)] };

const writeOff = { legs: ({ fund, unit, amount, units }, act) => [outflow(act.tape(fund, unit), amount, units)] };

const allocation = {
  legs: ({ fund, to, unit, amount, units }, act) => [through(act.tape(fund, unit), amount, units, act.tape(to, unit), amount)],
  post: ({ fund, to, unit, amount }, act, rows) => {
    const [[, [start]]] = flowsOf(rows, "+");
    act.books.allocation.set(act.ref, { source: `${fund}/${unit}`, to: `${to}/${unit}`, amount, start });
  },
};

const exchange = {
  legs: ({ fund, unit, amount, units, to_unit, to_amount }, act) => [
    through(act.tape(fund, unit), amount, units, act.tape(fund, to_unit), to_amount),
  ],
};

const payment = {
  legs: ({ fund, unit, amount, goods, to_fund, units }, act) => {
    const out = act.tape(fund, unit);
    if (!goods) return to_fund ? [through(out, amount, units, act.tape(to_fund, unit), amount)] : [outflow(out, amount, units)];
    if (!units && !act.books.tapes.has(out)) throw new Refused("tape-flow", "no units of that tape are shown");
    const parts = units ? split(units, goods.map((part) => part.cost)) : [];
    return goods.map((part, i) => through(out, part.cost, parts[i], act.tape(part.fund, part.unit), part.quantity));
  },
  post: ({ fund, unit, amount, paid_on, goods, to_fund }, act) => {
    const yields = goods ? "goods" : to_fund ? "fund" : "";
    act.books.disbursement.set(act.ref, disbursement("payment", fund, unit, amount, paid_on, yields));
  },
  hops: ({ goods }, rows) => {
    if (!goods) return wholeHops(rows);
    const out = flowsOf(rows, "-");
    const parts = split(out.map(([, span]) => span), goods.map((part) => part.cost));
    return flowsOf(rows, "+").map(([into, span], i) => ({ outTape: out[0][0], out: parts[i], into, span }));
  },
  ends: disbursementEnds,
};

const delivery = {
  legs: ({ fund, unit, amount, units }, act) => [outflow(act.tape(fund, unit), amount, units)],
  post: ({ fund, unit, amount, delivered_on }, act) => {
    act.books.disbursement.set(act.ref, disbursement("delivery", fund, unit, amount, delivered_on, ""));
  },
  ends: disbursementEnds,
};

function disbursement(kind, fund, unit, amount, day, yields) {
  return { kind, fund, tape: `${fund}/${unit}`, amount, day, yields, returned: 0, receipts: [], feedbacks: [], returns: [] };
}

const paymentReturn = {
  legs: ({ of, amount }, act) => [inflow(returnable(of, act).tape, amount)],
  post: ({ of, amount }, act, rows) => {
    const row = returnable(of, act);
    const [[tape, [at]]] = flowsOf(rows, "+");
    const end = row.amount - row.returned;
    row.returns.push({ ref: act.ref, place: [act.leaf.index, act.number], start: end - amount, end, tape, at });
    row.returned += amount;
  },
};

function returnable(of, act) {
  const row = act.disbursement(of);
  if (row.kind !== "payment" || row.yields) throw new Refused("reference", `${of}: no payment whose money can come back`);
  act.seen("fund", row.fund, "fund");
  return row;
}

const receipt = {
  post: ({ of, amount, level, received_on }, act) => {
    const row = act.disbursement(of);
    const before = row.receipts.reduce((most, one) => (one.level === level ? Math.max(most, one.total) : most), 0);
    const total = Math.min(amount + before, row.amount);
    row.receipts.push({ place: [act.leaf.index, act.number], level, total, day: received_on });
  },
};

const feedback = {
  post: ({ payments, activity, from_day, to_day }, act) => {
    const place = [act.leaf.index, act.number];
    for (const ref of payments ?? []) act.disbursement(ref).feedbacks.push(place);
    if (activity === undefined) return;
    act.seen("fund", activity, "fund");
    act.books.activity.get(activity)?.feedbacks.push({ place, from: from_day, to: to_day });
  },
};

const refund = {
  check: ({ gift, fund, cover }, act) => {
    act.seen("fund", fund, "fund");
    act.resolve(gift);
    const [entry, record] = act.split(gift);
    if (entry === act.leaf.index) throw new Refused("reference", `${gift}: is in the same statement`);
    const [covers, name] = [act.books.covers, `${entry}.${record}`];
    covers.set(name, [...(covers.get(name) ?? []), ...(cover?.units ?? []).map((span) => [...span, act.ref])]);
  },
  legs: ({ fund, unit, units, cover }, act) => [
    ...(units ? [outflow(act.tape(fund, unit), size(units), units)] : []),
    ...(cover ? [outflow(act.tape(cover.fund, unit), size(cover.units))] : []),
  ],
  /** The gift's own units are refunded; what covers spent units is lost to the fund that gave it. */
  hops: ({ units, cover }, rows) => {
    const out = flowsOf(rows, "-");
    const [given, covering] = split(out.map(([, span]) => span), [size(units ?? []), size(cover?.units ?? [])]);
    const hops = given.length ? [{ outTape: out[0][0], out: given, state: "refunded" }] : [];
    return covering.length ? [...hops, { outTape: out.at(-1)[0], out: covering, state: "written-off" }] : hops;
  },
};

const reversal = {
  legs: ({ of }, act) => {
    const row = act.books.allocation.get(act.resolve(of));
    return row ? [through(row.to, row.amount, [[row.start, row.start + row.amount]], row.source, row.amount)] : [];
  },
};

/** A fund's row with what it inherits. Throws Refused where it cannot be made. */
function newFund({ id, parent }, act, kind) {
  if (act.books.fund.has(id)) throw new Refused("reference", `id ${id}: a fund of that id exists`);
  const above = parent === undefined ? null : act.seen("fund", parent, "parent");
  if (above && (above.kind === "activity" || (kind === "project" && above.project))) {
    throw new Refused("reference", `parent ${parent}: a ${kind} cannot stand below it`);
  }
  const project = kind === "project" ? id : above?.project ?? "";
  act.books.fund.set(id, { kind, project, since: act.leaf.index });
}

const fund = { post: (record, act) => newFund(record, act, "fund") };

const project = {
  post: (record, act) => {
    newFund(record, act, "project");
    act.books.project.set(record.id, { receiptDays: record.receipt_days, feedbackDays: record.feedback_days });
  },
};

const activity = {
  post: (record, act) => {
    newFund(record, act, "activity");
    act.books.activity.set(record.id, { feedbacks: [] });
  },
};

const ledger = {
  post: ({ time_zone }, act) => {
    const [hours, minutes] = time_zone.slice(4).split(":").map(Number);
    act.books.offsetMinutes = (time_zone[3] === "-" ? -1 : 1) * (60 * hours + minutes);
  },
  introduces: ({ key }, party) => [[key, party]],
};

const unit = { post: (record, act) => act.books.unit.set(record.unit, { exponent: record.exponent, since: act.leaf.index }) };
const party = { introduces: ({ key, id }) => (key ? [[key, id]] : []) };
const key = { introduces: (record, speaker) => [[record.key, speaker]] };
const recovery = { introduces: (record) => [[record.key, record.party]] };
const SILENT = {};

export const KINDS = {
  acknowledgement: SILENT, activity, allocation, consent: SILENT, delivery, donation, erasure: SILENT, exchange, feedback, fund,
  income, key, "key-revocation": SILENT, ledger, party, payment, "payment-return": paymentReturn, progress: SILENT, project,
  receipt, recovery, refund, reversal, rules: SILENT, source: SILENT, statistics: SILENT, unit, "write-off": writeOff,
};

/** How the units out of a record map to units in, for a trace. */
export function hopsOf(record, rows) {
  return (KINDS[record.kind].hops ?? ((_, flows) => wholeHops(flows)))(record, rows);
}

/** Everything out maps to everything in, where both are. */
function wholeHops(rows) {
  const [out, into] = [flowsOf(rows, "-"), flowsOf(rows, "+")];
  const spans = (flows) => flows.map(([, span]) => span);
  if (out.length && into.length) return [{ outTape: out[0][0], out: spans(out), into: into[0][0], span: into[0][1] }];
  const tapes = [...new Set(out.map(([tape]) => tape))];
  return tapes.map((tape) => ({ outTape: tape, out: spans(out.filter(([name]) => name === tape)) }));
}
