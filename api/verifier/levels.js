// The levels of receipts, from the strongest to the weakest (ledger/books/levels.py): who says that a payment or delivery arrived.

export const LEVELS = ["recipient-signed", "confirmed", "third-party", "holder-signed", "documented", "self-declared"];
/** The levels called *signed by somebody else*: a party other than the one that paid. */
export const SOMEBODY_ELSE = LEVELS.slice(0, 3);
/** The levels at which the party that paid speaks for itself. */
export const OWN = LEVELS.slice(4);

/** How many units receipts of a level acknowledge. */
export function acknowledged(row, level) {
  return row.receipts.get(level)?.total ?? 0;
}

/** How many units, from the lowest, receipts of that level or a stronger one acknowledge. */
export function received(row, weakest = LEVELS.at(-1)) {
  return Math.max(0, ...LEVELS.slice(0, LEVELS.indexOf(weakest) + 1).map((level) => acknowledged(row, level)));
}

/** [start, end, level] of the units received, from the lowest: the strongest level that acknowledges each. */
export function steps(row) {
  const found = [];
  let at = 0;
  for (const level of LEVELS) {
    const total = acknowledged(row, level);
    if (total > at) found.push([at, total, level]);
    at = Math.max(at, total);
  }
  return found;
}

/** Whether a receipt of a level contradicts that money came back, or, if it is void, that it never went out. */
export const contesting = (level, isVoid) => !OWN.includes(level) && (isVoid || level !== "confirmed");

/** How many units, from the lowest, are acknowledged at a level that contradicts a return, or that it is void. */
export function contested(row, isVoid) {
  return Math.max(0, ...LEVELS.filter((level) => contesting(level, isVoid)).map((level) => acknowledged(row, level)));
}

/** The weakest level of a receipt that the project waits for. A group has nobody who could sign, so its paper is enough. */
export function levelDue(books, row) {
  if (row.payee.startsWith("group/")) return "documented";
  return books.project.get(books.fund.get(row.fund)?.project)?.receiptLevel ?? (row.keyed ? "recipient-signed" : "documented");
}
