// The kinds of records as a trace hears them: which units each moves (`legs`), what must be true before it (`check`), what the
// books remember of it (`post`), how its units out became units in (`hops`), and what became of units that left by it (`ends`).
//
// The rules are those of ledger/books/kinds/, by the same names and in the same order, but for what a bundle cannot settle; a kind
// that says nothing here moves nothing.

import { Refused } from "./fault.js";
import { acknowledged, bestLevel, disbursementEnds, reportedUpTo } from "./life.js";
import { cover } from "./period.js";
import { activity, fund, project } from "./programme.js";
import { checkAllocation, checkCover, checkFee, checkKept, checkPaid, checkPassingOn, checkSpending, paidKeys } from "./restriction.js";
import { flowsOf, size, split } from "./tape.js";

// A leg: how many units out of a tape, which ones where they are named, and how many into another.
const inflow = (tape, amount) => ({ into: tape, given: amount });
const outflow = (tape, amount, units) => ({ out: tape, taken: amount, units });
const through = (out, taken, units, into, given) => ({ out, taken, units, into, given });

/** The check of a kind of which only a day has to be true. */
const dated = (field) => (record, act) => act.notAfterToday(record[field], field);

const donation = {
  check: ({ received_on, fund, amount, fee }, act) => {
    act.notAfterToday(received_on, "received_on");
    if (fee && !(fee.amount < amount && fee.fund !== fund)) throw new Refused("fee", `fee: ${fee.amount} of ${amount}`);
    if (fee) checkFee(act, fee.fund);
  },
  legs: ({ fund, unit, amount, fee }, act) => {
    const tape = act.tape(fund, unit);
    return fee ? [inflow(tape, amount - fee.amount), inflow(act.tape(fee.fund, unit), fee.amount)] : [inflow(tape, amount)];
  },
  isGift: true,
};

const income = {
  check: dated("received_on"),
  legs: ({ fund, unit, amount }, act) => [inflow(act.tape(fund, unit), amount)],
};

const writeOff = { legs: ({ fund, unit, amount, units }, act) => [outflow(act.tape(fund, unit), amount, units)] };

const allocation = {
  check: ({ fund, to }, act) => checkAllocation(act, fund, to),
  legs: ({ fund, to, unit, amount, units }, act) => {
    if (act.row("fund", fund, "fund").project) act.row("fund", to, "fund");
    return [through(act.tape(fund, unit), amount, units, act.tape(to, unit), amount)];
  },
  post: ({ fund, to, unit, amount }, act, rows) => {
    const [[, [start]]] = flowsOf(rows, "+");
    act.books.allocation.set(act.ref, { party: act.party, source: `${fund}/${unit}`, to: `${to}/${unit}`, amount, start });
  },
};

const exchange = {
  check: dated("exchanged_on"),
  legs: ({ fund, unit, amount, units, to_unit, to_amount }, act) => [
    through(act.tape(fund, unit), amount, units, act.tape(fund, to_unit), to_amount),
  ],
};

const payment = {
  check: (record, act) => {
    const { fund, payee, paid_on, to_fund, goods } = record;
    act.seenParty(payee);
    act.notAfterToday(paid_on, "paid_on");
    checkSpending(act, fund);
    if (to_fund) {
      const [own, { owner }] = [act.row("fund", fund, "fund").owner, act.row("fund", to_fund, "fund")];
      if (owner !== payee || owner === own) throw new Refused("reference", `to_fund ${to_fund}: is not ${payee}'s`);
      checkPassingOn(act, fund, to_fund);
    }
    for (const part of goods ?? []) checkKept(act, fund, part.fund);
    checkPaid(record, act);
  },
  legs: ({ fund, unit, amount, goods, to_fund, units }, act) => {
    const out = act.tape(fund, unit);
    if (!goods) return to_fund ? [through(out, amount, units, act.tape(to_fund, unit), amount)] : [outflow(out, amount, units)];
    if (!units && !act.books.tapes.has(out)) throw new Refused("tape-flow", "no units of that tape are shown");
    const parts = units ? split(units, goods.map((part) => part.cost)) : [];
    return goods.map((part, i) => through(out, part.cost, parts[i], act.tape(part.fund, part.unit), part.quantity));
  },
  post: (record, act) => {
    const { amount, payee, paid_on, goods, to_fund } = record;
    const yields = goods ? "goods" : to_fund ? "fund" : "";
    act.books.disbursement.set(act.ref, disbursement("payment", record, act, payee, paid_on, yields));
    for (const key of paidKeys(record, act)) act.books.paid.set(key, amount + (act.books.paid.get(key) ?? 0));
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
  check: ({ to, delivered_on, fund }, act) => {
    act.seenParty(to);
    act.notAfterToday(delivered_on, "delivered_on");
    checkSpending(act, fund);
  },
  legs: ({ fund, unit, amount, units }, act) => [outflow(act.tape(fund, unit), amount, units)],
  post: (record, act) => {
    act.books.disbursement.set(act.ref, disbursement("delivery", record, act, record.to, record.delivered_on, ""));
  },
  ends: disbursementEnds,
};

function disbursement(kind, { fund, unit, amount }, { party }, payee, day, yields) {
  const none = { returned: 0, returns: [], receipts: new Map(), level: "", receivedBy: [-1, -1], reported: 0 };
  return { kind, party, fund, tape: `${fund}/${unit}`, amount, payee, day, yields, ...none };
}

const paymentReturn = {
  check: ({ of, amount, returned_on }, act) => {
    const row = returnable(of, act);
    act.notAfterToday(returned_on, "returned_on");
    if (amount > row.amount - row.returned) throw new Refused("return-excess", `amount ${amount}: of ${of} less has not come back`);
  },
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
  check: (record, act) => {
    const row = act.disbursement(record.of);
    act.notAfterToday(record.received_on, "received_on");
    const [total, paid] = [record.amount + acknowledged(row, record.level), row.amount - row.returned];
    if (total > paid) act.fault("receipt-excess", `receipts of ${record.of} would reach ${total}; ${paid} were paid`);
  },
  post: (record, act) => {
    const row = act.disbursement(record.of);
    const { amount, level, received_on } = record;
    const total = Math.min(amount + acknowledged(row, level), row.amount);
    const { lastDay = "" } = row.receipts.get(level) ?? {};
    row.reported = reportedUpTo(act.books, row);
    if (total > bestLevel(row)[1]) row.level = level;
    row.receipts.set(level, { total, lastDay: received_on > lastDay ? received_on : lastDay });
    row.receivedBy = [act.leaf.index, act.number];
  },
};

const feedback = {
  check: dated("reported_on"),
  post: ({ payments, activity, from_day, to_day }, act) => {
    const place = [act.leaf.index, act.number];
    for (const ref of payments ?? []) {
      const row = act.disbursement(ref);
      [, row.reported] = bestLevel(row);
    }
    if (activity === undefined) return;
    act.seen("fund", activity, "fund");
    if (!act.books.activity.has(activity)) return;
    for (const step of cover(from_day, to_day)) act.books.told.set(`${activity}/${step}`, place);
  },
};

const refund = {
  check: ({ gift, fund, unit, units = [], cover, refunded_on }, act) => {
    act.seen("fund", fund, "fund");
    act.resolve(gift);
    act.notAfterToday(refunded_on, "refunded_on");
    act.claim(gift, { tape: `${fund}/${unit}`, units, cover: cover?.units ?? [] });
    if (cover) checkCover(act, cover.fund);
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
  check: ({ of }, act) => {
    if (!act.books.allocation.has(act.resolve(of))) act.claim(of, { party: act.party });
  },
  legs: ({ of }, act) => {
    const row = act.books.allocation.get(act.resolve(of));
    return row ? [through(row.to, row.amount, [[row.start, row.start + row.amount]], row.source, row.amount)] : [];
  },
};

const ledger = {
  post: ({ time_zone }, act) => {
    act.books.operator = act.party;
    const [hours, minutes] = time_zone.slice(4).split(":").map(Number);
    act.books.offsetMinutes = (time_zone[3] === "-" ? -1 : 1) * (60 * hours + minutes);
  },
  introduces: ({ key, officer }, party) => [[key, { party, officer }]],
};

const unit = { post: (record, act) => act.books.unit.set(record.unit, { exponent: record.exponent, since: act.leaf.index }) };
const party = { introduces: ({ key, officer, id }) => (key ? [[key, { party: id, officer }]] : []) };
const key = { introduces: (record, speaker) => [[record.key, { party: speaker, officer: record.officer }]] };
const recovery = { introduces: (record) => [[record.key, { party: record.party, officer: record.officer }]] };
const acknowledgement = { check: ({ of }, act) => act.resolve(of) };
const progress = { check: dated("done_on") };
const statistics = { check: (record, act) => act.seen("fund", record.fund, "fund") };
const SILENT = {};

/** The check of a kind that is about digests of an earlier record, on a day. */
const ofDigests = (field) => (record, act) => {
  act.resolve(record.of);
  act.notAfterToday(record[field], field);
  act.claim(record.of, { party: act.party, digests: record.digests });
};
const consent = { check: ofDigests("decided_on") };
const erasure = { check: ofDigests("erased_on") };

export const KINDS = {
  acknowledgement, activity, allocation, consent, delivery, donation, erasure, exchange, feedback, fund, income, key,
  "key-revocation": SILENT, ledger, party, payment, "payment-return": paymentReturn, progress, project, receipt, recovery,
  "reference-key": SILENT, refund, reversal, rules: SILENT, source: SILENT, statistics,
  succession: SILENT, unit, "write-off": writeOff,
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
