// The words of a grant or an advance that is paid back (ledger/books/returned.py, inflow.py), as far as a bundle can show it.

import { isTooEarly } from "./days.js";
import { Absent, Refused } from "./fault.js";
import { descends, isFree, sameTree } from "./funds.js";
import { checkNotVoid } from "./void.js";

function takingOf(context, field, of) {
  const row = context.books.taking.get(context.resolve(of));
  if (!row) throw new Absent("reference", `${field} ${of}: is not a receipt that took a grant into a fund`);
  checkNotVoid(context.books, context.resolve(of), `${field} ${of}`);
  return row;
}

export const DEMANDED_OF_RETURNED = {
  "gives-back": (context, [field], of, [fund, unit], payee) => {
    const row = takingOf(context, field, of);
    const funder = context.books.disbursement.get(row.of).party;
    if (row.fund !== fund || row.unit !== unit) throw new Refused("reference", `${field} ${of}: took ${row.unit} into ${row.fund}, and not ${unit} into ${fund}`);
    if (row.party !== context.party || funder !== payee) throw new Refused("reference", `${field} ${of}: ${row.party} took a grant of ${funder} by it`);
  },
  "answers-receipt": (context, [field], day, of) => {
    const taken = takingOf(context, field, of).day;
    if (isTooEarly(day, taken)) context.fault("day", `${field} ${day}: is more than one day before ${taken}, the day of what it answers, ${of}`);
  },
  "of-advance": (context, [field], of, [fund, unit], payee) => {
    const { books } = context;
    const row = books.income.get(context.resolve(of));
    if (!row) throw new Absent("reference", `${field} ${of}: is not income`);
    checkNotVoid(books, context.resolve(of), `${field} ${of}`);
    const isAdvance = row.incomeClass === "advance" && row.party === context.party && row.unit === unit;
    if (!isAdvance) throw new Refused("reference", `${field} ${of}: is of class ${row.incomeClass}, ${row.party} and ${row.unit}, and not an advance of ${context.party} in ${unit}`);
    if (row.lender !== payee) throw new Refused("reference", `${field} ${of}: ${row.lender} lent it, and not ${payee}`);
    const [came, paid] = [row.fund, fund].map((name) => books.fund.get(name)?.project ?? "");
    if (came !== paid) throw new Refused("reference", `${field} ${of}: the advance came into ${row.fund}, which is not of the project of ${fund}`);
    const mayGo = fund === row.fund || descends(context, row.fund, fund) || (isFree(context, fund) && sameTree(context, fund, row.fund));
    if (!mayGo) throw new Refused("reference", `${field} ${of}: the advance came into ${row.fund}, to which money of ${fund} cannot go`);
  },
};

/** Remember that a payment pays an advance back. */
export function repays(context, record, flows, of) {
  context.books.disbursement.get(context.ref).givesBack = context.resolve(of);
}

/** Remember that a payment is of a grant too, which only the fund that paid the first one can take. */
export function paysBack(context, record, flows, of) {
  const { books, ref } = context;
  const givesBack = context.resolve(of);
  const meantFor = books.disbursement.get(books.taking.get(givesBack).of).fund;
  Object.assign(books.disbursement.get(ref), { yields: "grant", meantFor, givesBack });
}
