// Funds and what they inherit (books §2), and the sums paid to a payee; as in ledger/books/restriction.py and disbursement.py.

const STRICTNESS = ["unrestricted", "restricted", "endowment"];
export const MOST_BELOW = 16;

/** The restriction of a fund that declares `own`, below one that already exists: the stricter of the two. */
export function inherited(own, above) {
  const other = above?.restriction ?? "unrestricted";
  return STRICTNESS.indexOf(own) < STRICTNESS.indexOf(other) ? other : own;
}

/** The strictest threshold of a fund and the funds above it, in minor units; null if none of them has one. */
export function threshold(books, fund, unit) {
  let lowest = null;
  for (let row = books.fund.get(fund); row; row = books.fund.get(row.parent)) {
    for (const limit of row.thresholds) if (limit.unit === unit) lowest = Math.min(lowest ?? limit.amount, limit.amount);
  }
  return lowest;
}

/** The keys under which the sums paid to a payee from a fund's tree are kept: on a day, and by the records of a day. */
export function paidKeys({ fund, unit, payee, paid_on }, context) {
  const tree = `${context.books.fund.get(fund)?.root ?? ""}/${payee}`;
  return [`${tree}/${paid_on}/${unit}`, `${tree}/recorded ${context.day}/${unit}`];
}

/** Whether a fund is below another. */
export function descends({ books }, fund, ancestor) {
  for (let row = books.fund.get(fund); row; row = books.fund.get(row.parent)) if (row.parent === ancestor) return true;
  return false;
}

export const isFree = ({ books }, fund) => books.fund.get(fund).restriction === "unrestricted";
export const sameTree = ({ books }, one, other) => books.fund.get(one).root === books.fund.get(other).root;
