// The words of grants (ledger/books/grant.py), as far as a bundle can show them. Whether a payee had a key it cannot.

import { descends, isAsStrict } from "./funds.js";
import { Refused } from "./fault.js";
import { OWN } from "./levels.js";
import { untaken } from "./life.js";
import { flowsOf } from "./tape.js";

const MOST_TAKINGS = 64;

function refuse(message, rule = "reference") {
  throw new Refused(rule, message);
}

export const DEMANDED_OF_GRANTS = {
  "of-payee": (context, [field], to, payee) => {
    if (to !== undefined && context.books.fund.get(to).owner !== payee) refuse(`${field} ${to}: is not ${payee}'s`);
  },
  "as-strict": (context, [, field], source, to) => {
    if (to !== undefined && !isAsStrict(context, source, to)) context.fault("restriction", `${field} ${to}: is less restricted than ${source}`);
  },
  receivable: (context, [field, intoField], of, into, level) => {
    const { yields } = context.disbursement(of);
    if (into !== undefined || OWN.includes(level)) context.notVoid(of, field);
    if (into !== undefined && yields !== "grant") refuse(`${intoField} ${into}: ${of} is not a grant`);
    if (into !== undefined && level !== "recipient-signed") refuse(`${intoField} ${into}: a ${level} receipt cannot take a grant`);
    if (into === undefined && yields === "grant" && OWN.includes(level)) refuse(`${field} ${of}: is a grant; somebody else must say that it arrived`);
  },
  "own-fund": (context, [field], into) => {
    if (context.books.fund.get(into).owner !== context.party) refuse(`${field} ${into}: is not a fund of ${context.party}, the payee`);
  },
  "as-meant": (context, [field], into, of) => {
    const { meantFor, fund, givesBack } = context.disbursement(of);
    if (givesBack) {
      if (into !== meantFor) context.fault("restriction", `${field} ${into}: a grant is paid back that ${meantFor} had paid`);
      return;
    }
    const isMeant = meantFor ? into === meantFor || descends(context, into, meantFor) : isAsStrict(context, fund, into);
    if (!isMeant) context.fault("restriction", `${field} ${into}: ${meantFor ? `the grant is for ${meantFor}` : `is less restricted than ${fund}`}`);
  },
  "not-taken": (context, [field, amountField], of, amount) => {
    const row = context.disbursement(of);
    const most = Math.max(0, ...untaken(row, 0, row.left).map(([start, end]) => end - start));
    const [wanted, left] = [context.money(row.unit, amount), context.money(row.unit, most)];
    if (amount > most) refuse(`${amountField} ${wanted}: only ${left} of grant ${of}, in one piece, was neither taken into a fund nor came back`, "receipt-excess");
    if (row.takings.length >= MOST_TAKINGS) refuse(`${field} ${of}: ${MOST_TAKINGS} receipts have taken units of it, the most allowed`, "receipt-excess");
  },
};

/** Add a party to those of a thing. */
export const addTo = (parties, name, party) => parties.set(name, [...(parties.get(name) ?? []), party]);

/** Remember that the lowest units of a grant that were not taken, in one piece, came into what the record moved in, and whose grant
 *  it was. */
export function takes(context, { amount }, flows, of, into, day) {
  const { books, ref, party } = context;
  const [row, [[tape, [at, until]]]] = [context.disbursement(of), flowsOf(flows, "+")];
  addTo(books.granted, books.fund.get(into)?.root, row.party);
  const [start] = untaken(row, 0, row.left).find(([low, high]) => high - low >= amount) ?? [row.left];
  row.takings.push({ ref, start, end: start + amount, tape, at });
  books.taking.set(ref, { party, of: context.resolve(of), fund: into, unit: row.unit, amount, units: [[at, until]], day });
}

/** Undo that: these units of the grant are where they were. */
export function untake(books, name, { of }) {
  Object.assign(books.disbursement.get(of).takings.find(({ ref }) => ref === name), { tape: "", at: 0 });
}
