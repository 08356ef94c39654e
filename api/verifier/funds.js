// Funds and what they inherit (books §2), as in ledger/books/restriction.py.

const STRICTNESS = ["unrestricted", "restricted", "endowment"];
export const MOST_BELOW = 16;

/** The restriction of a fund that declares `own`, below one that already exists: the stricter of the two. */
export function inherited(own, above) {
  const other = above?.restriction ?? "unrestricted";
  return STRICTNESS.indexOf(own) < STRICTNESS.indexOf(other) ? other : own;
}

/** The name of a party or, where there is none, of the class of a group, such as `group/payroll`. */
export const payeeName = ([party, groupClass]) => party ?? `group/${groupClass}`;

/** Whether a fund is below another. */
export function descends({ books }, fund, ancestor) {
  for (let row = books.fund.get(fund); row; row = books.fund.get(row.parent)) if (row.parent === ancestor) return true;
  return false;
}

/** Whether the second fund is at least as restricted as the first. */
export const isAsStrict = ({ books }, source, to) =>
  STRICTNESS.indexOf(books.fund.get(to).restriction) >= STRICTNESS.indexOf(books.fund.get(source).restriction);
export const isFree = ({ books }, fund) => books.fund.get(fund).restriction === "unrestricted";
export const sameTree = ({ books }, one, other) => books.fund.get(one).root === books.fund.get(other).root;
