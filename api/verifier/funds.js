// Funds and what they inherit (books §2), as in ledger/books/restriction.py.

const STRICTNESS = ["unrestricted", "restricted", "endowment"];
export const MOST_BELOW = 16;

/** The restriction of a fund that declares `own`, below one that already exists: the stricter of the two. */
export function inherited(own, above) {
  const other = above?.restriction ?? "unrestricted";
  return STRICTNESS.indexOf(own) < STRICTNESS.indexOf(other) ? other : own;
}

/** Whether a fund is below another. */
export function descends({ books }, fund, ancestor) {
  for (let row = books.fund.get(fund); row; row = books.fund.get(row.parent)) if (row.parent === ancestor) return true;
  return false;
}

export const isFree = ({ books }, fund) => books.fund.get(fund).restriction === "unrestricted";
export const sameTree = ({ books }, one, other) => books.fund.get(one).root === books.fund.get(other).root;
