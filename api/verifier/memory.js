// The words for what the books of a bundle remember of a record (ledger/books/, under the same names), as far as a trace or a later
// rule needs it. Each is called with the context, the record, its flows and the values of the fields. Throws Refused.

import { Refused } from "./fault.js";
import { REMEMBERED_OF_BANKS } from "./bank.js";
import { COUNTED } from "./daysums.js";
import { inherited, payeeName } from "./funds.js";
import { addTo, takes } from "./grants.js";
import { paysBack, repays } from "./returned.js";
import { isAgreed } from "./disputes.js";
import { REMEMBERED_OF_HOLDERS } from "./holders.js";
import { REMEMBERED_OF_KEYS } from "./keys.js";
import { REMEMBERED_OF_REGISTERS } from "./register.js";
import { acknowledged, received } from "./levels.js";
import { reportedUpTo, reporting, unreportedFrom } from "./life.js";
import { custodianOf, REMEMBERED_OF_MANDATES, secondsOf } from "./mandate.js";
import { cover } from "./period.js";
import { flowsOf } from "./tape.js";
import { VOID_REMEMBERED } from "./void.js";

/** The parties, besides this one, whose keys signed a statement. */
const othersSigning = ({ signers }, party) => signers.map((signer) => signer.party).filter((one) => one !== party);

const placeOf = ({ leaf, number }) => [leaf.index, number];

export const REMEMBERED = {
  ...REMEMBERED_OF_BANKS,
  ...REMEMBERED_OF_HOLDERS,
  ...REMEMBERED_OF_MANDATES,
  ...REMEMBERED_OF_KEYS,
  ...REMEMBERED_OF_REGISTERS,
  ...COUNTED,
  ...VOID_REMEMBERED,
  "names-ledger": ({ books, leaf, party }, { time_zone }, flows, zone, logKey) => {
    const [hours, minutes] = time_zone.slice(4).split(":").map(Number);
    books.offsetMinutes = (time_zone[3] === "-" ? -1 : 1) * (60 * hours + minutes);
    books.ledger = { operator: party, origin: leaf.ledger, logKey };
  },
  "rules-change": ({ books }, record, flows, rules) => (books.rules = rules),
  "makes-operator": ({ books, leaf, party }) => books.party.set(party, { roles: ["operator"], since: leaf.index }),
  admits: ({ books, leaf }, record, flows, id, name, roles) => books.party.set(id, { roles, since: leaf.index }),
  "ends-log": ({ books, leaf }, record, flows, root, logKey) => {
    if (books.ledger) books.ended.set(books.ledger.origin, books.ledger.logKey);
    books.ledger = { ...books.ledger, origin: leaf.ledger, logKey };
  },
  declares: ({ books, leaf }, record, flows, unit, exponent) => books.unit.set(unit, { exponent, since: leaf.index }),

  "makes-fund": ({ books, leaf, party }, { kind, restriction = "unrestricted" }, flows, id, parent = "") => {
    const above = books.fund.get(parent);
    books.fund.set(id, {
      owner: party, kind, parent, root: above?.root ?? id, project: kind === "project" ? id : above?.project ?? "",
      restriction: inherited(restriction, above), since: leaf.index, depth: above ? above.depth + 1 : 0,
    });
  },
  promises: ({ books }, record, flows, id, receiptDays, feedbackDays, receiptLevel) => books.project.set(id, { receiptDays, feedbackDays, receiptLevel }),
  "is-led": ({ books, party }, record, flows, id, implementers = []) => {
    books.activity.set(id, { owner: party, implementers });
    [party, ...implementers].forEach((one) => addTo(books.works, books.fund.get(id)?.project, one));
  },

  allocates: ({ books, ref, party }, { amount }, flows, source, to, unit) => {
    const [[, span]] = flowsOf(flows, "+");
    books.allocation.set(ref, { party, source, to, unit, amount, units: [span], returned: 0 });
  },
  "takes-in": ({ books, ref, party, day: enteredOn }, { amount, lender }, flows, [fund, unit], incomeClass) => {
    const [[, span]] = flowsOf(flows, "+");
    books.income.set(ref, { party, fund, unit, amount, incomeClass, enteredOn, lender, units: [span] });
  },
  corrects: (context, record, flows, of, day, costClass, invoice, [channel]) => {
    const row = context.books.disbursement.get(context.resolve(of));
    if (!row) return;
    if (day) row.day = day;
    row.beside = [...row.beside, ...othersSigning(context, row.party)];
    if (channel && channel !== row.channel) row.keeper = custodianOf(context.books, row.party, channel, context.day);
    if (channel) row.channel = channel;
  },
  exchanges: ({ books, ref, party, day: enteredOn }, record, flows, [fund, unit], [, to_unit], [amount, to_amount]) => {
    const [[, span]] = flowsOf(flows, "+");
    books.exchange.set(ref, { party, fund, unit, amount, to_unit, to_amount, enteredOn, units: [span], back: null });
  },
  disburses: ({ books, leaf, ref, party, day: enteredOn, signers }, { kind, fund, unit, amount, goods, grant, channel = "" }, flows, receiver, day) => {
    const [yields, meantFor] = [goods ? "goods" : grant ? "grant" : "", grant?.fund ?? ""];
    const bought = goods ? flowsOf(flows, "+").map(([tape, span]) => [tape, ...span]) : [];
    const nothingYet = { givesBack: "", returned: 0, returns: [], takings: [], receipts: new Map(), receivedBy: [-1, -1], reported: 0, reportedBy: "" };
    const payee = payeeName(receiver);
    const keyed = books.party.get(payee)?.keyedSince < leaf.index;
    const beside = [...othersSigning({ signers }, party), ...secondsOf(books, party, enteredOn).filter((one) => one !== party)];
    const keeper = channel && custodianOf(books, party, channel, enteredOn);
    const row = { kind, party, fund, unit, amount, channel, payee, day, yields, meantFor, keyed, enteredOn, bought, beside, keeper, ...nothingYet };
    books.disbursement.set(ref, Object.defineProperty(row, "left", { enumerable: true, get() { return this.amount - this.returned; } }));
  },
  "takes-back": (context, record, flows, of, amount) => {
    const row = context.disbursement(of);
    const [[tape, [at]]] = flowsOf(flows, "+");
    const end = row.amount - row.returned;
    row.returns.push({ ref: context.ref, place: placeOf(context), start: end - amount, end, tape, at, agreed: isAgreed(context, row) });
    row.returned += amount;
  },
  takes,
  "is-answered": (context, record, flows, of, day) => {
    const row = context.disbursement(of);
    if (!row.answeredOn || day < row.answeredOn) row.answeredOn = day;
  },
  "pays-back": paysBack,
  repays,
  acknowledges: (context, { amount }, flows, of, level, day, into) => {
    if (into !== undefined) return;
    const row = context.disbursement(of);
    const reached = Math.min(amount + acknowledged(row, level), row.amount);
    const { firstDay = day, count = 0 } = row.receipts.get(level) ?? {};
    row.unreportedFrom = unreportedFrom(context.books, row, day);
    [row.reported, row.reportedBy] = [reportedUpTo(context.books, row), reporting(context.books, row)];
    row.receipts.set(level, { total: reached, firstDay: day < firstDay ? day : firstDay, count: count + 1 });
    [row.receivedBy, row.waitedFrom] = [placeOf(context), ""];
    context.books.receipt.set(context.ref, { party: context.party, of: context.resolve(of), level, amount });
  },
  "reports-on": (context, record, flows, of) => {
    const row = context.disbursement(of);
    [row.reported, row.reportedBy, row.waitedFrom] = [received(row), context.ref, ""];
  },
  "reports-period": (context, record, flows, activity, from, to) => {
    const { told } = context.books;
    for (const step of cover(from, to)) told.set(`${activity}/${step}`, [...(told.get(`${activity}/${step}`) ?? []), placeOf(context)]);
  },
  "feeds-back": (context, record, flows, payments = [], activity, [from, to]) => {
    const before = payments.map((of) => [context.resolve(of), context.disbursement(of)]).map(([name, { reported, reportedBy }]) => [name, reported, reportedBy]);
    context.books.feedback.set(context.ref, { party: context.party, payments: before, activity, from, to });
  },
};
