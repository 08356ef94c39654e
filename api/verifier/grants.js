// The words of grants (ledger/books/grant.py), as far as a bundle can show them. Whether a payee had a key it cannot.

import { descends, isAsStrict } from "./funds.js";
import { Refused } from "./fault.js";
import { flowsOf } from "./tape.js";

const MOST_TAKINGS = 64;

function refuse(message, rule = "reference") {
  throw new Refused(rule, message);
}

/** How many units of a payment or delivery were neither taken into a fund nor came back. */
export const notPlaced = ({ amount, returned, taken }) => amount - returned - taken;

export const DEMANDED_OF_GRANTS = {
  "of-payee": (context, [field], to, payee) => {
    if (to !== undefined && context.books.fund.get(to).owner !== payee) refuse(`${field} ${to}: is not ${payee}'s`);
  },
  "as-strict": (context, [, field], source, to) => {
    if (to !== undefined && !isAsStrict(context, source, to)) context.fault("restriction", `${field} ${to}: is less restricted than ${source}`);
  },
  receivable: (context, [field, intoField], of, into, level) => {
    const { yields } = context.disbursement(of);
    if (into !== undefined && yields !== "grant") refuse(`${intoField} ${into}: ${of} is not a grant`);
    if (into !== undefined && level !== "recipient-signed") refuse(`${intoField} ${into}: a ${level} receipt cannot take a grant`);
    if (into === undefined && yields === "grant" && level === "self-declared") refuse(`${field} ${of}: is a grant; somebody else must say that it arrived`);
  },
  "own-fund": (context, [field], into) => {
    if (context.books.fund.get(into).owner !== context.party) refuse(`${field} ${into}: is not a fund of ${context.party}, the payee`);
  },
  "as-meant": (context, [field], into, of) => {
    const { meantFor, fund } = context.disbursement(of);
    const isMeant = meantFor ? into === meantFor || descends(context, into, meantFor) : isAsStrict(context, fund, into);
    if (!isMeant) context.fault("restriction", `${field} ${into}: ${meantFor ? `the grant is for ${meantFor}` : `is less restricted than ${fund}`}`);
  },
  "not-taken": (context, [field, amountField], of, amount) => {
    const row = context.disbursement(of);
    const [wanted, left] = [context.money(row.unit, amount), context.money(row.unit, notPlaced(row))];
    if (amount > notPlaced(row)) refuse(`${amountField} ${wanted}: only ${left} of grant ${of} was neither taken into a fund nor came back`, "receipt-excess");
    if (row.takings.length >= MOST_TAKINGS) refuse(`${field} ${of}: ${MOST_TAKINGS} receipts have taken units of it, the most allowed`, "receipt-excess");
  },
};

/** Remember that the lowest units of a grant that were not yet taken came into what the record moved in. */
export function takes(context, record, flows, of, amount) {
  const row = context.disbursement(of);
  const [[tape, [at]]] = flowsOf(flows, "+");
  row.takings.push({ ref: context.ref, start: row.taken, end: row.taken + amount, tape, at });
  row.taken += amount;
}
