// What a party gave to one payee in a day (ledger/books/day_sums.py): the sums that its thresholds are compared with.

import { Refused } from "./fault.js";
import { payeeName } from "./funds.js";
import { threshold } from "./mandate.js";
import { size } from "./tape.js";

/** What a row of a record gives to a payee, or to nobody named: the unit, the amount, the day, and the keys of its sums, of its day and
 *  of the records that were entered on the same day. */
export function given(context, unit, amount, day, party, group) {
  return inKeys(context, { unit, amount: Array.isArray(amount) ? size(amount) : amount, day: day ?? context.day, payee: party || group ? payeeName([party, group]) : "" });
}

/** What a payment or delivery gave, which a correction counts on another day too. */
export function givenAgain(context, of, day) {
  const row = context.books.disbursement.get(context.resolve(of));
  return row ? [inKeys(context, { unit: row.unit, amount: row.amount, day, payee: row.payee })] : [];
}

function inKeys({ party, day: today }, one) {
  const whom = `${party}/${one.payee}`;
  return { ...one, keys: [`${whom}/${one.day}/${one.unit}`, `${whom}/recorded ${today}/${one.unit}`] };
}

/** Which threshold of the party is passed by what a record gives; "" if none. */
export function exceeded(context, gives) {
  if (!gives.length) return "";
  const [{ unit, payee, day, keys }] = gives;
  const limit = threshold(context.books, context.party, unit, context.day);
  const [paid, recorded] = keys.map((key) => context.books.paid.get(key) ?? 0);
  const sum = Math.max(paid, recorded) + gives.reduce((all, { amount }) => all + amount, 0);
  if (limit === null || sum <= limit) return "";
  const when = paid >= recorded ? `on ${day}` : `by what it records on ${context.day}`;
  const whom = payee ? `to ${payee}` : "without a payee";
  return `${context.party} gives ${context.money(unit, sum)} ${whom} ${when}, above the threshold of ${context.money(unit, limit)}`;
}

export const COUNTED = {
  counts: (context, record, flows, ...said) => count(context, given(context, ...said)),
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
