// What a party gave to one payee in a day (ledger/books/day_sums.py): the sums that its thresholds are compared with.

import { Refused } from "./fault.js";
import { threshold } from "./mandate.js";
import { size } from "./tape.js";

/** What a row of a record gives to a payee, or to nobody named: the unit, the amount, and the keys of its sums, of its day and of the
 *  records that were entered on the same day. */
export function given({ party, day: today }, unit, amount, day, payee = "") {
  const whom = `${party}/${payee}`;
  return { unit, payee, amount: Array.isArray(amount) ? size(amount) : amount, keys: [`${whom}/${day ?? today}/${unit}`, `${whom}/recorded ${today}/${unit}`] };
}

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
  counts: (context, record, flows, unit, amount, day, payee) => {
    const one = given(context, unit, amount, day, payee);
    for (const key of one.keys) {
      const before = context.books.paid.get(key) ?? 0;
      if (before > Number.MAX_SAFE_INTEGER - one.amount) {
        const whom = payee ?? "nobody named";
        throw new Refused("tape-limit", `what ${context.party} gave to ${whom} on a day would exceed 2^53-1 minor units, the most that can be recorded`);
      }
      context.books.paid.set(key, before + one.amount);
    }
  },
};
