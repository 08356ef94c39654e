// Restricted funds (books §2): where their money may go, and what a payment may spend; the rules of ledger/books/restriction.py.
// All funds named here are in the books.

import { Refused } from "./fault.js";

const STRICTNESS = ["unrestricted", "restricted", "endowment"];
const TAKE_FEES = ["custodian", "platform"];

/** The restriction of a fund that says `own` below one that is `above`: the stricter. */
export function inherited(own, above) {
  return STRICTNESS.indexOf(own) < STRICTNESS.indexOf(above) ? above : own;
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

/** What a payee was paid on a day is a sum that the books can hold. */
export function checkPaid(record, act) {
  for (const key of paidKeys(record, act)) {
    const before = act.books.paid.get(key) ?? 0;
    if (before > Number.MAX_SAFE_INTEGER - record.amount) throw new Refused("tape-limit", `amount ${record.amount}: too much was paid`);
  }
}

/** Whether a fund stands below another. */
function descends(books, fund, ancestor) {
  for (let row = books.fund.get(fund); row; row = books.fund.get(row.parent)) if (row.parent === ancestor) return true;
  return false;
}

const isFree = (act, fund) => act.books.fund.get(fund).restriction === "unrestricted";
const sameTree = (act, one, other) => act.books.fund.get(one).root === act.books.fund.get(other).root;

/** Money stays in the fund's tree; restricted money goes down it only. */
export function checkAllocation(act, fund, to) {
  if (!sameTree(act, fund, to) || fund === to) act.fault("restriction", `to ${to}: is not another fund in the tree of ${fund}`);
  else if (!isFree(act, fund) && !descends(act.books, to, fund)) act.fault("restriction", `to ${to}: is not below ${fund}`);
}

/** Endowment capital is not spent. */
export function checkSpending(act, fund) {
  if (act.books.fund.get(fund).restriction === "endowment") act.fault("restriction", `fund ${fund}: endowment capital is not spent`);
}

/** Money of a restricted fund that passes to another party's fund stays restricted there. */
export function checkPassingOn(act, fund, to) {
  if (!isFree(act, fund) && isFree(act, to)) act.fault("restriction", `to_fund ${to}: is unrestricted, ${fund} is not`);
}

/** Goods bought with a fund's money lie in it or below it; of an unrestricted fund also elsewhere in its tree. */
export function checkKept(act, fund, to) {
  const kept = fund === to || descends(act.books, to, fund) || (isFree(act, fund) && sameTree(act, fund, to));
  if (!kept) act.fault("restriction", `goods.fund ${to}: goods of ${fund} have to stay in it or below it`);
}

/** A fee goes into a fund of the party that says the gift, or into an unrestricted one, of no project, of a channel. */
export function checkFee(act, fund) {
  const { owner, project } = act.books.fund.get(fund);
  if (owner === act.party || (act.hasRole(owner, TAKE_FEES) && !project && isFree(act, fund))) return;
  act.fault("authority", `fee.fund ${fund}: is of ${owner}, which takes no fees into it`);
}

/** A cover comes from an unrestricted fund of the same party. */
export function checkCover(act, fund) {
  const own = act.books.fund.get(fund).owner === act.party;
  if (!own || !isFree(act, fund)) act.fault("restriction", `cover.fund ${fund}: has to be an unrestricted fund of ${act.party}`);
}
