// What a party gave to one payee in a day (ledger/books/day_sums.py): the sums that its thresholds are compared with.

import { Refused } from "./fault.js";
import { payeeName } from "./funds.js";
import { threshold } from "./mandate.js";
import { size } from "./tape.js";

/** What a row of a record gives to a payee, or to nobody named: the unit, the amount, and the keys of its sums, of its day and of the
 *  records that were entered on the same day. */
export function given(context, unit, amount, day, receiver) {
  const payee = receiver ? payeeName(receiver) : "";
  return { unit, payee, amount: Array.isArray(amount) ? size(amount) : amount, keys: keysOf(context, payee, day ?? context.day, unit) };
}

/** What a payment or delivery gave, which a correction counts on another day too. */
export function givenAgain(context, of, day) {
  const row = context.books.disbursement.get(context.resolve(of));
  return row ? [{ unit: row.unit, payee: row.payee, amount: row.amount, keys: keysOf(context, row.payee, day, row.unit) }] : [];
}

const keysOf = ({ party, day: today }, payee, day, unit) => [`${party}/${payee}/${day}/${unit}`, `${party}/${payee}/recorded ${today}/${unit}`];

/** Which threshold of the party is passed by what a record gives; "" if none. */
export function exceeded(context, gives) {
  if (!gives.length) return "";
  const [{ unit, payee, keys }] = gives;
  const limit = threshold(context.books, context.party, unit, context.day);
  const before = Math.max(...keys.map((key) => context.books.paid.get(key) ?? 0));
  if (limit === null || before + gives.reduce((sum, { amount }) => sum + amount, 0) <= limit) return "";
  return `what ${context.party} gives ${payee ? `to ${payee}` : "without a payee"} on that day exceeds the threshold of ${context.money(unit, limit)}`;
}

export const COUNTED = {
  counts: (context, record, flows, unit, amount, day, payee) => count(context, given(context, unit, amount, day, payee)),
  "counts-again": (context, record, flows, of, day) => givenAgain(context, of, day).forEach((one) => count(context, one)),
};

function count(context, { keys, amount, payee }) {
  for (const key of keys) {
    const before = context.books.paid.get(key) ?? 0;
    if (before > Number.MAX_SAFE_INTEGER - amount) {
      const whom = payee || "nobody named";
      throw new Refused("tape-limit", `what ${context.party} gave to ${whom} on a day would exceed 2^53-1 minor units, the most that can be recorded`);
    }
    context.books.paid.set(key, before + amount);
  }
}
