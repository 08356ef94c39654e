// Funds and what they inherit (books §2), and the sums that a payee was paid; as ledger/books/restriction.py and disbursement.py.

const STRICTNESS = ["unrestricted", "restricted", "endowment"];
export const MOST_BELOW = 16;

/** The restriction of a fund that says `own` below one that is there: the stricter. */
export function inherited(own, above) {
  const other = above?.restriction ?? "unrestricted";
  return STRICTNESS.indexOf(own) < STRICTNESS.indexOf(other) ? other : own;
}

/** The strictest threshold of a fund and the funds above it, in minor units; null where none of them has one. */
export function threshold(books, fund, unit) {
  let lowest = null;
  for (let row = books.fund.get(fund); row; row = books.fund.get(row.parent)) {
    for (const limit of row.thresholds) if (limit.unit === unit) lowest = Math.min(lowest ?? limit.amount, limit.amount);
  }
  return lowest;
}

/** Under which keys the sums are kept that a payee was paid from a fund's tree: on a day, and by records of a day. */
export function paidKeys({ fund, unit, payee, paid_on }, act) {
  const tree = `${act.books.fund.get(fund)?.root ?? ""}/${payee}`;
  return [`${tree}/${paid_on}/${unit}`, `${tree}/recorded ${act.day}/${unit}`];
}

/** Whether a fund is below another. */
export function descends({ books }, fund, ancestor) {
  for (let row = books.fund.get(fund); row; row = books.fund.get(row.parent)) if (row.parent === ancestor) return true;
  return false;
}

export const isFree = ({ books }, fund) => books.fund.get(fund).restriction === "unrestricted";
export const sameTree = ({ books }, one, other) => books.fund.get(one).root === books.fund.get(other).root;
