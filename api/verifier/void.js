// The words of a reversal, by which a record is declared void (ledger/books/void.py), as far as a bundle can show it.

import { isAgreed } from "./disputes.js";
import { Refused } from "./fault.js";
import { untake } from "./grants.js";
import { received } from "./levels.js";
import { reportedUpTo } from "./life.js";
import { localDay } from "./moment.js";
import { cover, daysAfter } from "./period.js";
import { flowsOf } from "./tape.js";

const MADE = ["allocation", "disbursement", "income", "exchange", "receipt", "taking", "feedback"];
const DATED = ["disbursement", "income", "exchange"];
const SOON_DAYS = 7;

/** What the books remember of a record that can be void. */
export function madeBy(books, name) {
  return MADE.map((table) => books[table].get(name)).find(Boolean);
}

/** Throws Refused if a record is void. */
export function checkNotVoid(books, name, said) {
  if (books.void.has(name)) throw new Refused("reference", `${said}: was declared void by ${books.void.get(name)}`);
}

export const VOID_DEMANDED = {
  "not-void": (context, [field], of) => context.notVoid(of, field),
  "can-be-undone": (context, [field, whole], of, gave) => {
    const name = context.resolve(of);
    checkNotVoid(context.books, name, `${field} ${of}`);
    if (!madeBy(context.books, name)) context.claim("can-be-undone", of, { party: context.party, gave });
    else if (gave) throw new Refused("reference", `${whole}: ${of} is not a gift; leave it out`);
  },
  "part-of": (context, [field, named], of, units) => {
    if (!units) return;
    const name = context.resolve(of);
    const row = context.books.allocation.get(name);
    if (!row && !madeBy(context.books, name)) return; // it may be one that is not in the bundle
    if (!row) throw new Refused("reference", `${named}: ${of} is not an allocation; it can be undone as a whole only`);
    const [[low, high]] = row.units;
    const isWithin = units.every(([start, end]) => low <= start && end <= high);
    if (!isWithin) throw new Refused("reference", `${named}: some of them are not from that ${field}, ${of}`);
  },
  soon: (context, [field], of) => {
    const [table, row] = DATED.map((one) => [one, context.books[one].get(context.resolve(of))]).find(([, found]) => found) ?? [];
    if (!row || context.day <= daysAfter(row.enteredOn, SOON_DAYS)) return;
    const signedOn = localDay(context.books, context.leaf.signedAt);
    const signed = signedOn < context.day ? `, by a statement signed on ${signedOn}` : "";
    context.remark("late-void", `${field} ${of}: the ${row.kind ?? table} was entered on ${row.enteredOn}, and is declared void on ${context.day}${signed}`);
  },
};

export const VOID_REMEMBERED = {
  undoes: (context, record, flows, of, units) => {
    const { books } = context;
    const name = context.resolve(of);
    const allocated = books.allocation.get(name);
    if (allocated && units) allocated.returned += units.reduce((sum, [start, end]) => sum + (end - start), 0);
    if (!units || allocated?.returned === allocated?.amount) books.void.set(name, context.ref);
    const back = flowsOf(flows, "+").map(([tape, [at]]) => ({ ref: context.ref, tape, at, start: 0 }));
    if (books.disbursement.has(name)) comeBack(books.disbursement.get(name), context, back);
    if (books.exchange.has(name)) books.exchange.get(name).back = back[0];
    if (books.receipt.has(name)) acknowledgeLess(books, books.receipt.get(name));
    if (books.taking.has(name)) untake(books, name, books.taking.get(name));
    if (books.feedback.has(name)) reportLess(books, name);
  },
};

function comeBack(row, context, [back]) {
  const { leaf, number } = context;
  row.returns.push({ ...back, place: [leaf.index, number], end: row.amount - row.returned, agreed: isAgreed(context, row) });
  row.returned = row.amount;
}

/** A receipt acknowledges nothing. The first day of its level stays, unless it was the only one. */
function acknowledgeLess(books, { of, level, amount }) {
  const row = books.disbursement.get(of);
  if (reportedUpTo(books, row) < received(row)) row.waitedFrom = row.unreportedFrom;
  const one = row.receipts.get(level);
  [one.total, one.count] = [Math.max(0, one.total - amount), one.count - 1];
  if (!one.count) row.receipts.delete(level);
  row.reported = Math.min(row.reported, received(row));
}

/** A feedback reports on nothing: what it named is reported on as far as it was by the last one before it that is not void. */
function reportLess(books, name) {
  for (const [payment] of books.feedback.get(name).payments) {
    const row = books.disbursement.get(payment);
    while (books.void.has(row.reportedBy) && books.feedback.has(row.reportedBy)) {
      const before = books.feedback.get(row.reportedBy).payments.find(([one]) => one === payment);
      if (!before) break;
      [, row.reported, row.reportedBy] = before;
    }
    row.reported = Math.min(row.reported, received(row));
  }
  const { activity, from, to } = books.feedback.get(name);
  for (const step of activity ? cover(from, to) : []) {
    const told = books.told.get(`${activity}/${step}`);
    while (told.length && books.void.has(told.at(-1).join("."))) told.pop();
  }
}
