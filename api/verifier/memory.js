// The words for what the books of a bundle remember of a record (ledger/books/, under the same names), as far as a trace or a later
// rule needs it. Each is called with the context, the record, its flows and the values of the fields. Throws Refused.

import { Refused } from "./fault.js";
import { COUNTED } from "./daysums.js";
import { inherited } from "./funds.js";
import { REMEMBERED_OF_KEYS } from "./keys.js";
import { REMEMBERED_OF_MANDATES } from "./mandate.js";
import { acknowledged, bestLevel, reportedUpTo } from "./life.js";
import { cover } from "./period.js";
import { flowsOf } from "./tape.js";

const placeOf = ({ leaf, number }) => [leaf.index, number];

export const REMEMBERED = {
  ...REMEMBERED_OF_MANDATES,
  ...REMEMBERED_OF_KEYS,
  ...COUNTED,
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
  promises: ({ books }, record, flows, id, receiptDays, feedbackDays) => books.project.set(id, { receiptDays, feedbackDays }),
  "is-led": ({ books, party }, record, flows, id, implementers = []) => books.activity.set(id, { owner: party, implementers }),

  allocates: ({ books, ref, party }, { amount }, flows, source, to, unit) => {
    const [[, span]] = flowsOf(flows, "+");
    books.allocation.set(ref, { party, source, to, unit, amount, units: [span] });
  },
  disburses: ({ books, ref, party }, { kind, fund, unit, amount, goods, to_fund }, flows, payee, day) => {
    const yields = goods ? "goods" : to_fund ? "fund" : "";
    const nothingYet = { returned: 0, returns: [], receipts: new Map(), level: "", receivedBy: [-1, -1], reported: 0 };
    books.disbursement.set(ref, { kind, party, fund, unit, amount, payee, day, yields, ...nothingYet });
  },
  "takes-back": (context, record, flows, of, amount) => {
    const row = context.disbursement(of);
    const [[tape, [at]]] = flowsOf(flows, "+");
    const end = row.amount - row.returned;
    row.returns.push({ ref: context.ref, place: placeOf(context), start: end - amount, end, tape, at });
    row.returned += amount;
  },
  acknowledges: (context, { amount }, flows, of, level, day) => {
    const row = context.disbursement(of);
    const reached = Math.min(amount + acknowledged(row, level), row.amount);
    const { lastDay = "" } = row.receipts.get(level) ?? {};
    row.reported = reportedUpTo(context.books, row);
    if (reached > bestLevel(row)[1]) row.level = level;
    row.receipts.set(level, { total: reached, lastDay: day > lastDay ? day : lastDay });
    row.receivedBy = placeOf(context);
  },
  "reports-on": (context, record, flows, of) => {
    const row = context.disbursement(of);
    [, row.reported] = bestLevel(row);
  },
  "reports-period": (context, record, flows, activity, from, to) => {
    for (const step of cover(from, to)) context.books.told.set(`${activity}/${step}`, placeOf(context));
  },
};
